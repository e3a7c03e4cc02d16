"""A comparison on the page: its table with the best values marked, and its chart as coordinates for the template."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from souto.kernel.language import say
from souto.services.transit.models import Simulation
from souto.services.transit.trips import REASONS

WIDTH, HEIGHT = 640, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 600, 28, 320


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what, and for each alternative its text and whether it is the best."""

    label: str
    cells: list[tuple[str, bool]]
    help: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """An alternative on the chart, and where its label stands: beside it, where no other dot or label is."""

    x: int
    y: int
    number: int
    label_x: int
    label_y: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Cost per ride (yen) to the right, refused share (%) upwards."""

    dots: list[Dot]
    across: list[tuple[int, str]]
    up: list[tuple[int, str]]
    summary: str


def _number(digits: int) -> Callable[[Any], str]:
    return lambda value: f"{value:,.{digits}f}"


def _percent(value: Any) -> str:
    return f"{100 * value:.1f}%"


#: Figure, label, how it is written, whether less (-1) or more (1) is better (0: neither), what it means.
_LINES: list[tuple[str, str, Callable[[Any], str], int, str]] = [
    ("asked", gettext_noop("依頼（件）"), _number(0), 0, ""),
    ("rides", gettext_noop("乗車（件）"), _number(0), 1, gettext_noop("往復は2件と数えます。")),
    ("riders", gettext_noop("乗った人（人）"), _number(0), 1, ""),
    ("refused_share", gettext_noop("断った割合"), _percent, -1, ""),
    (
        "wait_median",
        gettext_noop("待ち時間の中央値（分）"),
        _number(1),
        -1,
        gettext_noop("希望の時刻から乗るまで。着く時刻を選んだ人は、着いてから希望の時刻まで。"),
    ),
    ("wait_p90", gettext_noop("待ち時間の90%点（分）"), _number(1), -1, ""),
    ("ride_median", gettext_noop("乗車時間の中央値（分）"), _number(1), -1, ""),
    ("detour", gettext_noop("回り道（直行の何倍か）"), _number(2), -1, ""),
    ("shared", gettext_noop("相乗りの割合"), _percent, 1, ""),
    ("km", gettext_noop("走行距離（km）"), _number(0), -1, ""),
    ("empty_km", gettext_noop("だれも乗せずに走る距離（km）"), _number(0), -1, ""),
    ("vehicle_hours", gettext_noop("車両の勤務時間（時間）"), _number(0), -1, ""),
    ("rides_per_hour", gettext_noop("車両1時間あたりの乗車（件）"), _number(2), 1, ""),
    ("cost", gettext_noop("費用（円）"), _number(0), -1, ""),
    ("cost_per_ride", gettext_noop("乗車1件の費用（円）"), _number(0), -1, ""),
    ("fares", gettext_noop("運賃の収入（円）"), _number(0), 1, gettext_noop("みな大人として数えます。")),
]


def label_of(simulation: Simulation, language: str) -> str:
    """An alternative in words: the service, its version, what is varied."""
    definition = simulation.definition
    text = _("%(name)s 第%(number)s版") if simulation.version_id else _("%(name)s 第%(number)s版（捨てた下書き）")
    parts = [text % {"name": say(definition.name, language), "number": simulation.version_number}]
    words = {
        "vehicles": _("車両%(n)s台"),
        "promise_minutes": _("お約束の幅%(n)s分"),
        "search_minutes": _("待ち%(n)s分まで"),
        "factor": _("回り道%(n)s倍まで"),
    }
    parts += [words[name] % {"n": value} for name, value in simulation.variation.items()]
    return " ・ ".join(parts)


def table(simulations: Sequence[Simulation]) -> list[Line]:
    """Every figure of every alternative."""
    figures = [simulation.figures or {} for simulation in simulations]
    found = []
    for key, label, write, better, about in _LINES:
        values = [one.get(key) for one in figures]
        known = [value for value in values if value is not None]
        best = None if not better or len(set(known)) < 2 else (max(known) if better > 0 else min(known))
        cells = [("–" if value is None else write(value), value is not None and value == best) for value in values]
        found.append(Line(_(label), cells, _(about) if about else ""))
    return found


def reasons(simulations: Sequence[Simulation]) -> list[Line]:
    """How many rides were refused for each reason, the most frequent first."""
    counts = [(simulation.figures or {}).get("reasons", {}) for simulation in simulations]
    total = {reason: sum(one.get(reason, 0) for one in counts) for one in counts for reason in one}
    ordered = sorted(total, key=lambda reason: (-total[reason], reason))
    return [Line(_(REASONS[reason]), [(f"{one.get(reason, 0):,}", False) for one in counts]) for reason in ordered]


def chart(simulations: Sequence[Simulation]) -> Chart | None:
    """The chart; None where fewer than two alternatives have figures to draw."""
    points = [
        (simulation.number, figures["cost_per_ride"], 100 * figures["refused_share"])
        for simulation in simulations
        if (figures := simulation.figures)
        and figures["cost_per_ride"] is not None
        and figures["refused_share"] is not None
    ]
    if len(points) < 2:
        return None
    across = _axis([cost for _, cost, _r in points], least=1.0)
    up = _axis([refused for *_, refused in points], least=0.1)
    places = [
        (
            LEFT + round((RIGHT - LEFT) * (cost - across[0]) / (across[-1] - across[0])),
            BOTTOM - round((BOTTOM - TOP) * (refused - up[0]) / (up[-1] - up[0])),
        )
        for _, cost, refused in points
    ]
    labels = _labels(places)
    dots = [
        Dot(x, y, number, label_x, label_y, anchor)
        for (x, y), (number, *_), (label_x, label_y, anchor) in zip(places, points, labels, strict=True)
    ]
    cheap, kind = min(points, key=lambda p: p[1])[0], min(points, key=lambda p: p[2])[0]
    summary = _("乗車1件の費用が最も低いのは案%(cheap)s、断った割合が最も低いのは案%(kind)sです。") % {
        "cheap": cheap,
        "kind": kind,
    }
    return Chart(
        dots=dots,
        across=[(LEFT + (RIGHT - LEFT) * n // 4, f"{value:,.0f}") for n, value in enumerate(across)],
        up=[(BOTTOM - (BOTTOM - TOP) * n // 4, f"{value:g}") for n, value in enumerate(up)],
        summary=summary,
    )


#: Where a label may stand beside its dot: steps right and down, and which end of it is there; the first that is free is taken.
_BESIDE = [
    (10, -8, "start"),
    (-10, -8, "end"),
    (10, 18, "start"),
    (-10, 18, "end"),
    (0, -24, "middle"),
    (0, 34, "middle"),
]
#: Size of a label in the chart's units, and by how much a dot keeps others away.
_WIDE, _HIGH, _ROUND = 40, 16, 7


def _labels(dots: Sequence[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """A place for each dot's label that covers no dot and no other label, as far as there is one."""
    taken = [(x - _ROUND, y - _ROUND, x + _ROUND, y + _ROUND) for x, y in dots]
    found = []
    for x, y in dots:
        tries = []
        for right, down, anchor in _BESIDE:
            left = x + right - {"start": 0, "middle": _WIDE // 2, "end": _WIDE}[anchor]
            box = (left, y + down - _HIGH, left + _WIDE, y + down)
            hits = sum(box[0] < c and a < box[2] and box[1] < d and b < box[3] for a, b, c, d in taken)
            outside = box[0] < LEFT or box[2] > WIDTH or box[1] < 0 or box[3] > BOTTOM + 14
            tries.append((hits + 10 * outside, box, (x + right, y + down, anchor)))
        _hits, box, label = min(tries, key=lambda one: one[0])
        taken.append(box)
        found.append(label)
    return found


def _axis(values: Sequence[float], *, least: float) -> list[float]:
    """Five round marks, evenly apart by `least` or more, that hold all values. They begin at nought only where the values are near it: differences are what the chart is for."""
    low, high = min(values), max(values)
    size = max(least, 10.0 ** math.floor(math.log10(max(high - low, high / 20, least)) - 1))
    while True:
        for step in (1, 2, 5):
            first = max(0.0, math.floor(low / (step * size)) * step * size)
            marks = [round(first + n * step * size, 6) for n in range(5)]
            if marks[-1] >= high:
                return marks
        size *= 10
