"""The plan as data: the city's file holds what the plan says, and a file that contradicts itself is refused."""

from __future__ import annotations

import copy
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from souto.kernel import measures
from souto.plan import definition

PATH = Path(__file__).parents[2] / "cities" / "hachioji" / "plan.toml"


def test_the_citys_plan_has_its_grid_and_its_targets() -> None:
    plan = definition.load(PATH)

    assert (len(plan.policies), len(plan.priorities), len(plan.initiatives)) == (3, 3, 12)
    assert [y.year for y in plan.years] == [2026, 2027]
    placed = [i.number for p in plan.policies for q in plan.priorities for i in plan.in_cell(p.key, q.key)]
    assert sorted(placed) == list(range(1, 13))
    facts = {i.key: (i.baseline.value if i.baseline else None, i.targets) for i in plan.indicators}
    assert facts["jpki-share"] == (Decimal(3), {2026: Decimal(50), 2027: Decimal(100)})
    assert facts["smartphone-sessions"] == (Decimal(94), {2026: Decimal(95), 2027: Decimal(96)})
    assert facts["generative-ai"] == (Decimal(38), {2026: Decimal(50), 2027: Decimal(60)})
    assert facts["staff-chat"] == (Decimal(65), {2026: Decimal(75), 2027: Decimal(85)})
    assert plan.indicator("ai-cocreation").stages == {
        "baseline": "取組検討",
        "2026": "リテラシー向上と検討",
        "2027": "取組実施",
    }
    assert plan.indicator("elqr-share").stages["2027"] == "原則すべて"
    assert plan.indicator("card-holders").kind == "manual"


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("initiatives", 0, "policy"), "nowhere", "no cell"),
        (("initiatives", 0, "number"), 2, "without gaps"),
        (("indicators", 0, "key"), "generative-ai", "share a key"),
        (("indicators", 0, "initiative"), 99, "no initiative 99"),
        (("indicators", 0, "targets"), {"2031": 1}, "outside"),
        (("indicators", 0, "measure"), "", "names its measure"),
        (("vision",), {"en": "only"}, "Japanese wording"),
        (("publish_from",), 0, "greater than or equal"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(place: tuple[str | int, ...], value: object, words: str) -> None:
    raw = copy.deepcopy(tomllib.loads(PATH.read_text()))
    target = raw
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value

    with pytest.raises(ValidationError, match=words):
        definition.Plan.model_validate(raw)


def test_every_measure_of_a_room_that_stands_is_registered() -> None:
    """A slip in a measure's name would show as "not built yet"; only rooms that are not built may be missing."""
    standing = {key.split(".")[0] for key in measures.registered()}
    named = [i.measure for i in definition.load(PATH).indicators if i.measure]

    missing = [key for key in named if key not in measures.registered()]

    assert not [key for key in missing if key.split(".")[0] in standing]
    assert {key.split(".")[0] for key in missing} == {"inclusion", "assistant", "workplace"}
