"""The covered share of the area, by circles around stops: the figure that plans quote, exact instead of sampled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from souto.services.transit.coverage.people import Grid
from souto.services.transit.coverage.service import Standard, Stop


def covered_area(grid: Grid, stops: Sequence[Stop], standard: Standard) -> tuple[float, float]:
    """Covered and whole area of the boundary in km², stops of enough service reaching as the crow flies. Circles are polygons of 128 corners (0.04 % small)."""
    boundary = shapely.transform(grid.boundary, lambda corners: grid.plane.xy(corners[:, 1], corners[:, 0]))
    serving = [stop for stop in stops if standard.serves(stop.service, stop.kind) and stop.kind in standard.reach_m]
    if not serving:
        return 0.0, boundary.area / 1e6
    places = shapely.points(grid.plane.xy([stop.lat for stop in serving], [stop.lon for stop in serving]))
    circles = shapely.buffer(places, np.array([standard.reach_m[stop.kind] for stop in serving]), quad_segs=32)
    covered = shapely.intersection(shapely.union_all(circles), boundary)
    return float(covered.area) / 1e6, float(boundary.area) / 1e6
