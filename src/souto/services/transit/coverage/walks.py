"""The way between a home and a stop: straight, or on a network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from souto.services.transit.coverage.mesh import Codes, Floats
from souto.services.transit.coverage.people import Grid
from souto.services.transit.roads import Mode, Places, RoadNetwork, Router, snap

_TOGETHER = 64
"""Stops that are routed in one go."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Pairs of a stop and a sample within the horizon: indices and metres between them, shape (k,) each, ordered by stop."""

    stop: Codes
    sample: Codes
    metres: Floats

    @classmethod
    def joined(cls, parts: list[Reached]) -> Reached:
        """Several lists as one, in their order."""
        return cls(
            np.concatenate([part.stop for part in parts]),
            np.concatenate([part.sample for part in parts]),
            np.concatenate([part.metres for part in parts]),
        )


class Walk(Protocol):
    """How far it is from stops to samples."""

    @property
    def grid(self) -> Grid:
        """Whose samples."""
        ...

    def reach(self, lat: Floats, lon: Floats, horizon_m: float) -> Reached:
        """All samples within the horizon (metres) of each stop (degrees, shape (n,))."""
        ...


@dataclass(frozen=True)
class StraightWalk:
    """A straight line, longer by `detour` (1.0: as the crow flies; 1.3 is a common guess for streets)."""

    grid: Grid
    detour: float = 1.0

    def reach(self, lat: Floats, lon: Floats, horizon_m: float) -> Reached:
        """All samples within the horizon of each stop."""
        stops = cKDTree(self.grid.plane.xy(lat, lon).reshape(-1, 2))
        near = stops.sparse_distance_matrix(self.grid.tree, horizon_m / self.detour, output_type="ndarray")
        order = np.argsort(near["i"], kind="stable")
        return Reached(
            near["i"][order].astype(np.int64), near["j"][order].astype(np.int64), near["v"][order] * self.detour
        )


@dataclass(frozen=True)
class NetworkWalk:
    """Along the streets and paths that walkers may use, and straight between them and the door."""

    grid: Grid
    network: RoadNetwork

    @cached_property
    def router(self) -> Router:
        """Metres on foot on the part of the network that hangs together."""
        return Router.walking_metres(self.network.usable_part(Mode.WALK))

    @cached_property
    def homes(self) -> Places:
        """The samples on the network."""
        return snap(self.router.network, self.grid.lat, self.grid.lon)

    def reach(self, lat: Floats, lon: Floats, horizon_m: float) -> Reached:
        """All samples within the horizon of each stop. Stops near one another are routed together, against the samples around them only."""
        places = snap(self.router.network, lat, lon)
        xy = self.grid.plane.xy(lat, lon).reshape(-1, 2)
        nothing = np.empty(0, dtype=np.int64)
        parts = [Reached(nothing, nothing, np.empty(0))]
        for chosen in _neighbours(xy):
            low, high = xy[chosen].min(axis=0) - horizon_m, xy[chosen].max(axis=0) + horizon_m
            near = np.flatnonzero(((self.grid.xy >= low) & (self.grid.xy <= high)).all(axis=1))
            metres = self.router.between(places[chosen], self.homes[near], limit=horizon_m)
            row, column = np.nonzero(np.isfinite(metres))
            parts.append(Reached(chosen[row], near[column], metres[row, column]))
        found = Reached.joined(parts)
        order = np.argsort(found.stop, kind="stable")
        return Reached(found.stop[order], found.sample[order], found.metres[order])


def _neighbours(xy: Floats) -> list[NDArray[np.int64]]:
    """Groups of at most `_TOGETHER` points near one another: halved along their longer side until small enough."""
    waiting, groups = [np.arange(len(xy))], []
    while waiting:
        group = waiting.pop()
        if len(group) <= _TOGETHER:
            groups.append(group)
            continue
        spread = xy[group].max(axis=0) - xy[group].min(axis=0)
        order = group[np.argsort(xy[group, int(spread[1] > spread[0])], kind="stable")]
        waiting += [order[: len(order) // 2], order[len(order) // 2 :]]
    return [group for group in groups if len(group)]
