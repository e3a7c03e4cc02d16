"""Rides and refusals by the hour as bars: coordinates only; the template draws them, with its table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from souto.services.transit.figures import Hour

LEFT, RIGHT, TOP, BOTTOM = 44, 472, 16, 200
#: Labels of hours that fit side by side.
LABELS = 9


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: pixels of the picture."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class HourChart:
    """What the template draws."""

    rides: list[Bar]
    refused: list[Bar]
    labels: list[tuple[int, int]]
    ticks: list[tuple[int, int]]


def draw(hours: Sequence[Hour]) -> HourChart | None:
    """The bars of each hour, rides left and refusals right of its middle; None without any."""
    if not hours:
        return None
    most = max(max(hour.rides, hour.refused) for hour in hours)
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**9) if size * 4 >= most)
    top = step * 4
    slot = (RIGHT - LEFT) / len(hours)
    width = max(2, min(20, int(slot * 0.36)))

    def bar(number: int, value: int, *, left: bool) -> Bar:
        middle = LEFT + slot * (number + 0.5)
        height = round((BOTTOM - TOP) * value / top)
        return Bar(round(middle - width if left else middle), BOTTOM - height, width, height)

    every = -(-len(hours) // LABELS)
    return HourChart(
        rides=[bar(n, hour.rides, left=True) for n, hour in enumerate(hours)],
        refused=[bar(n, hour.refused, left=False) for n, hour in enumerate(hours)],
        labels=[(round(LEFT + slot * (n + 0.5)), h.hour) for n, h in enumerate(hours) if n % every == 0],
        ticks=[(BOTTOM - (BOTTOM - TOP) * part // 4, step * part) for part in range(5)],
    )
