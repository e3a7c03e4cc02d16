"""A small chart of an indicator's course: coordinates only; the template draws them, with its table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from souto.plan.queries import Point

WIDTH, HEIGHT = 480, 240
LEFT, RIGHT, TOP, BOTTOM = 56, 424, 24, 196


@dataclass(frozen=True, slots=True)
class Dot:
    """A drawn point: position in pixels of the picture, its value and its label."""

    x: int
    y: int
    value: Decimal
    label: str

    @property
    def label_y(self) -> int:
        """Where the value is written: below the dot, above it near the axis."""
        return self.y + 18 if self.y < BOTTOM - 24 else self.y - 10


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws: the measured line, the planned line, the axis."""

    measured: list[Dot]
    planned: list[Dot]
    labels: list[tuple[int, str]]
    ticks: list[tuple[int, str]]

    @property
    def measured_line(self) -> str:
        """The measured dots as an SVG point list."""
        return " ".join(f"{d.x},{d.y}" for d in self.measured)

    @property
    def planned_line(self) -> str:
        """The planned dots as an SVG point list."""
        return " ".join(f"{d.x},{d.y}" for d in self.planned)


def draw(points: Sequence[Point], *, unit: str) -> Chart | None:
    """The chart of `points`; None where fewer than two places have anything to show."""
    shown = [v for p in points for v in (p.value, p.target) if v is not None]
    if len(points) < 2 or not shown:
        return None
    top = Decimal(100) if unit == "%" else max(max(shown) * Decimal("1.1"), Decimal(1))
    step = (RIGHT - LEFT) // (len(points) - 1)

    def dot(index: int, value: Decimal, label: str) -> Dot:
        y = BOTTOM - int((BOTTOM - TOP) * min(value, top) / top)
        return Dot(x=LEFT + index * step, y=y, value=value, label=label)

    measured = [dot(i, p.value, p.label) for i, p in enumerate(points) if p.value is not None]
    # The planned line starts where the indicator stood.
    planned = [
        dot(i, v, p.label)
        for i, p in enumerate(points)
        if (v := p.target if p.target is not None else (p.value if i == 0 else None)) is not None
    ]
    ticks = [(BOTTOM - (BOTTOM - TOP) * part // 4, _short(top * part / 4)) for part in range(5)]
    return Chart(
        measured=measured,
        planned=planned if len(planned) > 1 else [],
        labels=[(LEFT + i * step, p.label) for i, p in enumerate(points)],
        ticks=ticks,
    )


def _short(value: Decimal) -> str:
    return f"{value.quantize(Decimal(1)):,}" if value >= 10 else f"{value.normalize():f}"
