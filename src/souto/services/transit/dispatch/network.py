"""Travel times between places: a matrix, and how they stretch over the day."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from souto.services.transit.dispatch.model import Constraint, ModelError

#: Rounding that is forgiven when the triangle inequality is looked at, relative to the longest travel time.
ROUNDING = 1e-9
#: Above this many places the triangle inequality is not looked at (it costs the cube) unless somebody vouches for it.
MOST_PLACES_TO_PROVE = 1000


class NetworkError(ModelError):
    """A matrix that cannot be used; the message says which entry."""

    def __init__(self, message: str) -> None:
        super().__init__(Constraint.UNREACHABLE, message)


@dataclass(frozen=True, slots=True)
class Profile:
    """Speed over the day: from `since[k]` until `since[k + 1]` one unit of time covers `speed[k]` units of the matrix.

    The last step lasts for ever, the first also holds before `since[0]`. Whoever leaves later never arrives earlier (Ichoua, Gendreau and
    Potvin 2003: speeds change on the way, not at departure), on which every algorithm here relies.
    """

    since: tuple[float, ...]
    speed: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.since) != len(self.speed) or not self.since:
            raise NetworkError("a profile has one speed for each step, and at least one step")
        if any(later <= sooner for sooner, later in zip(self.since, self.since[1:], strict=False)):
            raise NetworkError("the steps of a profile begin one after the other")
        if not all(0 < speed < float("inf") for speed in self.speed):
            raise NetworkError("the speeds of a profile are positive and finite")


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Places and the time from each to each, of shape (places, places): row = from, column = to; infinite = no way.

    `costs` has the same shape and is what the objective adds up (the times, unless given). `metric` says that no detour over a third
    place is shorter; then sharper bounds are used. It is proved here for up to 1,000 places; shortest paths of a road network
    vouch for it themselves. Two networks are equal when their fingerprints are.
    """

    places: tuple[str, ...]
    times: NDArray[np.float64]
    costs: NDArray[np.float64]
    profile: Profile | None = None
    metric: bool = False
    fingerprint: str = field(default="", compare=False)
    index: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    _memory: dict[str, NDArray[np.float64]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        places: Sequence[str],
        times: ArrayLike,
        *,
        costs: ArrayLike | None = None,
        profile: Profile | None = None,
        metric: bool | None = None,
    ) -> Self:
        """Make a network from a matrix after looking at every entry. `metric=None` has the triangle inequality proved here.

        Raises
        ------
        NetworkError
            A hole (NaN), a negative time, a wrong shape, the same place twice.
        """
        durations = _matrix(times, len(places), "time")
        charges = durations if costs is None else _matrix(costs, len(places), "cost")
        index = {place: number for number, place in enumerate(places)}
        if len(index) != len(places):
            raise NetworkError("the same place stands twice in the network")
        if metric is None:
            metric = len(places) <= MOST_PLACES_TO_PROVE and _is_metric(durations)
        return cls(
            tuple(places), durations, charges, profile, metric, _print(places, durations, charges, profile),
            MappingProxyType(index),
        )  # fmt: skip

    @property
    def times_to(self) -> NDArray[np.float64]:
        """The times with row = to, column = from; made once."""
        if "times" not in self._memory:
            self._memory["times"] = np.ascontiguousarray(self.times.T)
        return self._memory["times"]

    @property
    def costs_to(self) -> NDArray[np.float64]:
        """The costs with row = to, column = from; made once."""
        if self.costs is self.times:
            return self.times_to
        if "costs" not in self._memory:
            self._memory["costs"] = np.ascontiguousarray(self.costs.T)
        return self._memory["costs"]

    def place(self, name: str) -> int:
        """Row and column of a place.

        Raises
        ------
        ModelError
            The network does not know it.
        """
        try:
            return self.index[name]
        except KeyError:
            raise ModelError(Constraint.UNKNOWN_PLACE, f"the network has no place {name!r}") from None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Network) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)


def _matrix(values: ArrayLike, size: int, what: str) -> NDArray[np.float64]:
    matrix = np.array(values, dtype=np.float64, order="C")
    if matrix.shape != (size, size):
        raise NetworkError(f"a {what} matrix for {size} places has shape {(size, size)}, not {matrix.shape}")
    if np.isnan(matrix).any():
        row, column = (int(number) for number in np.argwhere(np.isnan(matrix))[0])
        raise NetworkError(f"the {what} from place {row} to place {column} is missing")
    if (matrix < 0).any():
        row, column = (int(number) for number in np.argwhere(matrix < 0)[0])
        raise NetworkError(f"the {what} from place {row} to place {column} is negative")
    np.fill_diagonal(matrix, 0.0)
    matrix.flags.writeable = False
    return matrix


def _is_metric(times: NDArray[np.float64]) -> bool:
    finite = times[np.isfinite(times)]
    slack = ROUNDING * float(finite.max(initial=0.0))
    return all(not (times[:, via, None] + times[None, via, :] < times - slack).any() for via in range(len(times)))


def _print(
    places: Sequence[str], times: NDArray[np.float64], costs: NDArray[np.float64], profile: Profile | None
) -> str:
    digest = hashlib.blake2b("\0".join(places).encode(), digest_size=16)
    digest.update(times.tobytes())
    if costs is not times:
        digest.update(costs.tobytes())
    if profile is not None:
        digest.update(repr((profile.since, profile.speed)).encode())
    return digest.hexdigest()
