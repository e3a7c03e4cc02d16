"""Typing in what running a service costs."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction

from souto.foundation.audit.actions import record
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError, SoutoError
from souto.services.transit.models import MonthlyCost, Service


class CostRefusedError(SoutoError):
    """The amount is no whole number of yen that a service can cost."""

    message = "金額は、0円から100億円までの整数で入力してください。"


class CostMonthError(SoutoError):
    """The accounts of a month are known once it is over."""

    message = "終わった月を選んでください。"


class CostSourceError(SoutoError):
    """A typed figure names where it comes from."""

    message = "出典（決算書や請求書の名前）を200文字までで入力してください。"


@transaction.atomic
def enter_cost(*, actor: Actor, slug: str, month: date, yen: int, source: str) -> MonthlyCost:
    """Put on record what a service cost in the month of a day. Typed again, the newest entry counts.

    Raises `ForbiddenError`, `NotFoundError` (no such service), `CostMonthError`, `CostRefusedError`, `CostSourceError`.
    """
    actor.require("transit.publish")
    service = Service.objects.filter(slug=slug).first()
    if service is None:
        raise NotFoundError
    first, words = month.replace(day=1), source.replace("\x00", "").strip()
    if first >= clock.today().replace(day=1):
        raise CostMonthError(field="month")
    if not 0 <= yen <= 10**10:
        raise CostRefusedError(field="yen")
    if not words or len(words) > 200:
        raise CostSourceError(field="source")
    entered = MonthlyCost.objects.create(
        service=service,
        month=first,
        yen=yen,
        source=words,
        entered_by_id=actor.id if actor.is_staff else None,
        is_demo=settings.DEMO,
    )
    record(
        actor=actor,
        action="transit.enter_cost",
        subject=("transit.cost", entered.id),
        facts={"service": slug, "month": first.isoformat(), "yen": yen},
    )
    return entered
