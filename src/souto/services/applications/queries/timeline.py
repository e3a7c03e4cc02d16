"""What happened to an application (経過), newest first, for the applicant or for staff; derived from its records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from souto.foundation.identity import queries as identity
from souto.foundation.ui.city import city
from souto.kernel.actor import ActorKind
from souto.kernel.language import say
from souto.kernel.money import format_yen
from souto.services.applications.attendance import CHECK_LABELS, WAY_LABELS, IdentityCheck, Noted, Way
from souto.services.applications.lifecycle import Kind, State
from souto.services.applications.models import Application, Correction, TransitionRecord
from souto.services.applications.queries.charges import charges_of
from souto.services.applications.queries.status import expected_on, outcome_of


class Audience(StrEnum):
    """Who reads: the applicant is told sections, staff are told names."""

    APPLICANT = "applicant"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry; the same shape as the timeline component wants."""

    title: str
    at: datetime | date | None
    by: str = ""
    body: str = ""
    current: bool = False
    coming: bool = False


def timeline(application: Application, audience: Audience, *, language: str) -> list[Happening]:
    """Everything that happened, newest first; on top what is expected next, where that is known."""
    found = sorted(_events(application, audience, language), key=lambda h: (h.at is None, str(h.at)), reverse=True)
    if found:
        first = found[0]
        found[0] = Happening(first.title, first.at, first.by, first.body, current=True)
    expected = expected_on(application)
    if expected is not None:
        found.insert(0, Happening(_("結果のお知らせ"), expected, coming=True))
    return found


def _events(application: Application, audience: Audience, language: str) -> Iterator[Happening]:
    section = _section(application, language)
    for record in application.records.all():
        yield Happening(
            _title(application, record, language),
            record.at,
            _who(record.actor_kind, record.actor_id, audience, section),
            _body(record, audience),
        )
    for charge in charges_of(application):
        if charge.paid_at is not None:
            yield Happening(_("手数料を受け取りました"), charge.paid_at, body=format_yen(charge.amount))
    for correction in application.corrections.all():
        yield from _of_correction(correction, audience, section)


def _of_correction(correction: Correction, audience: Audience, section: str) -> Iterator[Happening]:
    by = _who(ActorKind.STAFF, correction.requested_by_id, audience, section)
    yield Happening(_("修正をお願いしました"), correction.requested_at, by, correction.note)
    if correction.resolved_at is not None:
        noted = correction.draft.get("noted")
        if noted is None:
            yield Happening(_("修正が届きました"), correction.resolved_at, _applicant(audience), correction.reply)
        else:
            by = _who(ActorKind.STAFF, UUID(noted["officer"]), audience, section)
            told = _told(noted) if audience is Audience.STAFF else ""
            body = "\n".join(part for part in (told, correction.reply) if part)
            yield Happening(_("修正を職員が入力しました"), correction.resolved_at, by, body)
    elif correction.withdrawn_at is not None:
        yield Happening(_("修正のお願いを終わりにしました"), correction.withdrawn_at, section)


def _told(noted: Noted) -> str:
    """How an officer came to know what she typed: the way, the check of identity, the proxy."""
    way, check = _(WAY_LABELS[Way(noted["way"])]), noted["check"]
    parts = [way, *([_(CHECK_LABELS[IdentityCheck(check)])] if check else [])]
    if noted["proxy"]:
        parts.append(_("代理人 %(name)s（%(relation)s）") % {"name": noted["proxy"], "relation": noted["relation"]})
    return "、".join(parts)


def _title(application: Application, record: TransitionRecord, language: str) -> str:
    if record.name == "decide":
        outcome = outcome_of(application)
        label = say(outcome.label, language) if outcome else ""
        return _("結果が出ました：%(outcome)s") % {"outcome": label} if label else _("結果が出ました")
    starting = {
        Kind.APPLICATION: _("審査を始めました"),
        Kind.NOTIFICATION: _("確認を始めました"),
        Kind.REPORT: _("対応を始めました"),
    }
    titles = {
        "submit": _("受け付けました"),
        "start_review": starting[Kind(application.kind)],
        "withdraw": _("取り下げました"),
        "close": _("手続きが終わりました"),
    }
    return titles.get(record.name, record.name)


def _body(record: TransitionRecord, audience: Audience) -> str:
    """Reasons are for both sides: the applicant reads why, staff read why she withdrew."""
    return record.note if record.name in {"decide", "withdraw"} or audience is Audience.STAFF else ""


def _who(kind: str, actor_id: UUID | None, audience: Audience, section: str) -> str:
    if kind in {ActorKind.RESIDENT, ActorKind.ANONYMOUS}:
        return _applicant(audience)
    if kind == ActorKind.STAFF and audience is Audience.STAFF and actor_id is not None:
        return identity.staff_name(actor_id)
    return section if kind == ActorKind.STAFF else ""


def _applicant(audience: Audience) -> str:
    return _("あなた") if audience is Audience.APPLICANT else _("申請した人")


def _section(application: Application, language: str) -> str:
    section = city().section(application.department_code)
    return say(section.name, language) if section else identity.get_department(application.department_code).name


def is_finished(application: Application) -> bool:
    """True once the applicant can be asked how it was."""
    return State(application.state) in {State.DECIDED, State.CLOSED}
