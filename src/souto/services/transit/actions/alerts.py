"""Telling riders of a service that something is different, and that it is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from souto.foundation.audit.actions import record
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError, SoutoError
from souto.kernel.language import LANGUAGES
from souto.services.transit import queries
from souto.services.transit.models import Cause, Effect, Service, ServiceAlert

#: Longest heading and text, characters.
HEADER, TEXT = 60, 500


class AlertTextError(SoutoError):
    """A notice has a heading and a text in Japanese, not longer than fits a bus stop's display."""

    message = "見出し（60文字まで）と本文（500文字まで）を、日本語で入力してください。"


class AlertPeriodError(SoutoError):
    """A notice that ends before it begins, or has ended already, tells nobody anything."""

    message = "終わりの日時は、始まりより後、いまより後にしてください。"


class AlertKindError(SoutoError):
    """Cause and effect come from the lists."""

    message = "理由と影響を選んでください。"


@transaction.atomic
def write_alert(
    *,
    actor: Actor,
    slug: str,
    header: Mapping[str, str],
    text: Mapping[str, str],
    cause: str,
    effect: str,
    starts_at: datetime,
    ends_at: datetime | None,
) -> ServiceAlert:
    """Publish a notice of the service `slug` (empty: of all). Languages without words are left out.

    Raises `ForbiddenError`, `NotFoundError` (no such service), `AlertTextError`, `AlertPeriodError`, `AlertKindError`.
    """
    actor.require(queries.OPERATE)
    service = Service.objects.filter(slug=slug).first() if slug else None
    if slug and service is None:
        raise NotFoundError
    words = {
        "header": _words(header, HEADER, field="header_ja"),
        "text": _words(text, TEXT, field="text_ja"),
    }
    if cause not in Cause.values or effect not in Effect.values:
        raise AlertKindError(field="effect")
    if ends_at is not None and ends_at <= max(starts_at, clock.now()):
        raise AlertPeriodError(field="ends")
    alert = ServiceAlert.objects.create(
        service=service,
        cause=cause,
        effect=effect,
        starts_at=starts_at,
        ends_at=ends_at,
        written_by_id=actor.id if actor.is_staff else None,
        is_demo=settings.DEMO,
        **words,
    )
    record(
        actor=actor,
        action="transit.write_alert",
        subject=("transit.alert", alert.id),
        facts={"service": slug, "cause": cause, "effect": effect},
    )
    return alert


def _words(texts: Mapping[str, str], longest: int, *, field: str) -> dict[str, str]:
    words = {language: texts.get(language, "").replace("\x00", "").strip() for language in LANGUAGES}
    if not words["ja"] or any(len(text) > longest for text in words.values()):
        raise AlertTextError(field=field)
    return {language: text for language, text in words.items() if text}


@transaction.atomic
def end_alert(*, actor: Actor, alert_id: UUID) -> ServiceAlert:
    """Take a notice back. Twice ends it once.

    Raises `ForbiddenError`, `NotFoundError`.
    """
    actor.require(queries.OPERATE)
    alert = ServiceAlert.objects.select_for_update().filter(pk=alert_id).first()
    if alert is None:
        raise NotFoundError
    if alert.ended_at is None:
        alert.ended_at, alert.ended_by_id = clock.now(), actor.id if actor.is_staff else None
        alert.save(update_fields=["ended_at", "ended_by"])
        record(actor=actor, action="transit.end_alert", subject=("transit.alert", alert.id), facts={})
    return alert
