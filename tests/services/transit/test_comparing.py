"""The chart of alternatives: marks that hold every value, labels that cover nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.services.transit.models import Simulation
from souto.services.transit.staff.comparing import BOTTOM, LEFT, RIGHT, TOP, chart

COSTS = st.floats(0, 1e5, allow_nan=False)
SHARES = st.floats(0, 1, allow_nan=False)


def drawn(*figures: tuple[float, float]) -> list[Simulation]:
    return [
        Simulation(number=number, figures={"cost_per_ride": cost, "refused_share": share})
        for number, (cost, share) in enumerate(figures, 1)
    ]


@given(st.lists(st.tuples(COSTS, SHARES), min_size=2, max_size=12))
def test_every_alternative_lies_within_the_axes_and_marks_rise(figures: list[tuple[float, float]]) -> None:
    made = chart(drawn(*figures))
    assert made is not None
    assert len(made.dots) == len(figures)
    assert all(LEFT <= dot.x <= RIGHT and TOP <= dot.y <= BOTTOM for dot in made.dots)
    for marks in (made.across, [(-y, text) for y, text in made.up]):
        assert [place for place, _text in marks] == sorted({place for place, _text in marks})
        numbers = [float(text.replace(",", "")) for _place, text in marks]
        assert numbers == sorted(set(numbers))


def test_figures_near_each_other_are_told_apart() -> None:
    made = chart(drawn((1602, 0.548), (1612, 0.548), (1613, 0.352), (1589, 0.338), (1778, 0.247), (1785, 0.247)))
    assert made is not None
    assert float(made.across[0][1].replace(",", "")) > 0
    boxes = []
    for dot in made.dots:
        left = dot.label_x - {"start": 0, "middle": 20, "end": 40}[dot.anchor]
        boxes.append((left, dot.label_y - 16, left + 40, dot.label_y))
    for n, (a, b, c, d) in enumerate(boxes):
        assert all(c <= e or g <= a or d <= f or h <= b for e, f, g, h in boxes[n + 1 :])
        assert all(not (a < dot.x < c and b < dot.y < d) for dot in made.dots)


@pytest.mark.parametrize("figures", [[], [(100.0, 0.1)]])
def test_one_alternative_needs_no_chart(figures: list[tuple[float, float]]) -> None:
    assert chart(drawn(*figures)) is None
