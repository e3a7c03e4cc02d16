"""Writing to the plan: outside figures, stages, closing a year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import transaction

from souto.foundation.audit.actions import record
from souto.kernel import clock, measures
from souto.kernel.actor import Actor
from souto.kernel.calendar import FiscalYear
from souto.kernel.errors import ConflictError, SoutoError
from souto.kernel.measures import Period
from souto.plan import queries
from souto.plan.models import Closing, FrozenFigure, ManualValue, StageReached


class NotManualError(SoutoError):
    """Only outside figures are typed; every other indicator is measured from the work."""

    message = "この指標は、仕事の記録から測ります。手で入力することはできません。"


class ValueRefusedError(SoutoError):
    """The typed value is no number of this indicator."""

    message = "数字を入力してください。割合は0から100までです。"


class FutureDateError(SoutoError):
    """A figure cannot be of a day to come."""

    message = "基準日は、今日か、今日より前の日付にしてください。"


class NoSourceError(SoutoError):
    """A typed figure names where it comes from."""

    message = "出典を入力してください。"


class UnknownStageError(SoutoError):
    """The plan names no such stage."""

    message = "段階を選んでください。"


class YearNotOverError(SoutoError):
    """A year is closed after its last day."""

    message = "年度が終わってから締めてください。"


class AlreadyClosedError(ConflictError):
    """The year is closed already; its figures stand."""

    message = "この年度は、もう締めてあります。"


@transaction.atomic
def enter_value(*, actor: Actor, indicator_key: str, value: str, as_of: date, source: str) -> ManualValue:
    """Type an outside figure; it is shown as typed by hand, with its source."""
    actor.require("plan.edit")
    indicator = queries.find_indicator(indicator_key)
    if indicator.kind != "manual":
        raise NotManualError
    if as_of > clock.today():
        raise FutureDateError(field="as_of")
    if not source.strip():
        raise NoSourceError(field="source")
    entered = ManualValue.objects.create(
        indicator=indicator.key,
        value=_number(value, percent=indicator.unit == "%"),
        as_of=as_of,
        source=source.strip(),
        entered_by_id=actor.known_id,
    )
    record(
        actor=actor,
        action="plan.enter_value",
        subject=("plan.manualvalue", entered.id),
        facts={"indicator": indicator.key},
    )
    return entered


def _number(text: str, *, percent: bool) -> Decimal:
    try:
        number = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        raise ValueRefusedError(field="value") from None
    if not number.is_finite() or abs(number) >= 10**10 or (percent and not 0 <= number <= 100):
        raise ValueRefusedError(field="value")
    return number


@transaction.atomic
def reach_stage(*, actor: Actor, indicator_key: str, stage: str, evidence: str, as_of: date) -> StageReached:
    """Put on record that a milestone came to a stage, with the evidence."""
    actor.require("plan.edit")
    indicator = queries.find_indicator(indicator_key)
    if indicator.kind != "milestone" or stage not in indicator.stages:
        raise UnknownStageError(field="stage")
    if as_of > clock.today():
        raise FutureDateError(field="as_of")
    if not evidence.strip():
        raise NoSourceError(field="evidence")
    reached = StageReached.objects.create(
        indicator=indicator.key, stage=stage, evidence=evidence.strip(), as_of=as_of, entered_by_id=actor.known_id
    )
    record(
        actor=actor,
        action="plan.reach_stage",
        subject=("plan.stagereached", reached.id),
        facts={"indicator": indicator.key},
    )
    return reached


@transaction.atomic
def close_year(*, actor: Actor, year: int) -> Closing:
    """Close a fiscal year: measure every indicator once more and keep the figures as they are."""
    actor.require("plan.close")
    plan, whole = queries.current_plan(), FiscalYear(year)
    if whole.last_day >= clock.today():
        raise YearNotOverError
    if Closing.objects.filter(start=whole.first_day, end=whole.last_day).exists():
        raise AlreadyClosedError
    closing = Closing.objects.create(start=whole.first_day, end=whole.last_day, closed_by_id=actor.known_id)
    period = Period(whole.first_day, whole.last_day)
    for indicator in plan.indicators:
        if indicator.measure not in measures.registered():
            continue
        measured = measures.find(indicator.measure).compute(period, None, actor=Actor.system("plan"))
        FrozenFigure.objects.create(
            closing=closing,
            indicator=indicator.key,
            value=measured.value,
            numerator=measured.numerator,
            denominator=measured.denominator,
            as_of=measured.as_of,
            assumptions=dict(measured.assumptions),
        )
    record(actor=actor, action="plan.close_year", subject=("plan.closing", closing.id), facts={"year": year})
    return closing
