"""Road networks: from streets with directions and lengths to the matrix of a `Network`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from souto.services.transit.dispatch.kernel.roads import all_ways
from souto.services.transit.dispatch.network import Network, NetworkError, Profile


def from_roads(
    places: Sequence[str],
    arcs: ArrayLike,
    times: ArrayLike,
    *,
    nodes: Sequence[int] | None = None,
    profile: Profile | None = None,
) -> Network:
    """A network of shortest ways.

    `arcs` has the shape (arcs, 2): numbers of the road nodes from which and to which a street leads; `times` is what it takes. `nodes` says at which road node
    each place lies (the same numbers in the same order, unless given). O(places x arcs x log arcs).

    Raises
    ------
    NetworkError
        A hole or a negative time; a place at no road node.
    """
    ends = np.asarray(arcs, np.int64).reshape(-1, 2)
    lengths = np.asarray(times, np.float64)
    if len(ends) != len(lengths):
        raise NetworkError("every arc has one time")
    if np.isnan(lengths).any() or (lengths < 0).any():
        arc = int(np.argmax(np.isnan(lengths) | (lengths < 0)))
        raise NetworkError(f"the time of arc {arc} is missing or negative")
    sources = np.arange(len(places)) if nodes is None else np.asarray(nodes, np.int64)
    if len(sources) != len(places):
        raise NetworkError("every place lies at one road node")
    count = int(max(ends.max(initial=-1), sources.max(initial=-1))) + 1
    if ends.min(initial=0) < 0 or sources.min(initial=0) < 0:
        raise NetworkError("road nodes are numbered from 0")
    order = np.argsort(ends[:, 0], kind="stable")
    first = np.zeros(count + 1, np.int32)
    np.cumsum(np.bincount(ends[:, 0], minlength=count), out=first[1:])
    ways = all_ways(
        first, ends[order, 1].astype(np.int32), np.ascontiguousarray(lengths[order]), sources.astype(np.int32)
    )
    matrix = ways if nodes is None and count == len(places) else ways[:, sources]
    return Network.of(places, matrix, profile=profile, metric=True)
