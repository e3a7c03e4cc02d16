"""The open API of the scoreboard: aggregates only, the same figures as the public page."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.http import HttpRequest
from ninja import Router, Schema

from souto.foundation.ui.api import Problem
from souto.foundation.ui.http import actor_of
from souto.plan import queries

router = Router(tags=["plan"])


class IndicatorOut(Schema):
    """An indicator as it stands; `state` as in `queries.Figure`."""

    key: str
    initiative: int
    title: dict[str, str]
    state: str
    unit: str
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    as_of: datetime | date | None
    target: Decimal | None
    target_stage: str
    stage: str
    standing: str
    baseline: Decimal | None
    definition: str
    assumptions: dict[str, str]


class PlanOut(Schema):
    """The plan with every indicator."""

    title: dict[str, str]
    vision: dict[str, str]
    wording: str
    year: int
    indicators: list[IndicatorOut]


@router.get("/", response={200: PlanOut, 422: Problem}, summary="The plan and its indicators, measured a moment ago")
def plan(request: HttpRequest, year: int | None = None) -> PlanOut:
    """All indicators of fiscal year `year` (default: the current one)."""
    found = queries.current_plan()
    chosen = year if year in {y.year for y in found.years} else queries.current_year(found)
    assert chosen is not None
    indicators = [
        IndicatorOut(
            key=f.indicator.key,
            initiative=f.indicator.initiative,
            title=f.indicator.title,
            state=f.state,
            unit=f.indicator.unit,
            value=f.value,
            numerator=f.numerator,
            denominator=f.denominator,
            as_of=f.as_of,
            target=f.target,
            target_stage=f.target_stage,
            stage=f.stage,
            standing=f.standing.value,
            baseline=f.indicator.baseline.value if f.indicator.baseline else None,
            definition=f.definition,
            assumptions=f.assumptions,
        )
        for f in queries.scoreboard(actor=actor_of(request), year=chosen)
    ]
    return PlanOut(title=found.title, vision=found.vision, wording=found.wording, year=chosen, indicators=indicators)
