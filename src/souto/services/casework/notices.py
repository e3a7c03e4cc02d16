"""The notice of a decision (結果の通知書): a PDF in the applicant's language. That there is a result, `applications` tells her."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from souto.foundation.documents import actions as documents
from souto.foundation.identity import queries as identity
from souto.foundation.ui.city import city
from souto.foundation.ui.dates import day_text
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.calendar import format_era
from souto.kernel.language import LANGUAGES, LocalText, say
from souto.services.applications import queries as applications
from souto.services.casework.city import rules
from souto.services.casework.models import Case
from souto.services.casework.seams import NOTICE

#: Documents of this purpose belong to the application of this id: the applicant's own page shows them.
PURPOSE = "applications.notice"


def make(actor: Actor, case: Case) -> None:
    """Ask for the notice of a case that was just decided; it stands on the applicant's page."""
    application = applications.access_application(actor=actor, application_id=case.application_id)
    language = application.language
    with translation.override(language):
        data = _data(application, language)
    documents.make_document(
        actor=actor,
        purpose=PURPOSE,
        subject_id=application.id,
        template=NOTICE,
        data=data,
        language=language,
        title=_titles(application.version.definition.title),
    )


def _titles(title: LocalText) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = _("%(title)sの結果のお知らせ") % {"title": say(title, language)}
    return found


def _data(application: Any, language: str) -> dict[str, Any]:
    definition, decision = application.version.definition, applications.decision_of(application)
    outcome = applications.outcome_of(application)
    assert decision is not None
    assert outcome is not None
    section, rule = city().section(application.department_code), rules().notice
    name = application.contact["name"]
    if application.person_id is not None:
        name = identity.person_display_name(application.person_id) or name
    refused = not outcome.granted and application.kind == "application"
    return {
        "city": city().named(language),
        "heading": _("結果のお知らせ"),
        "number_label": _("受付番号"),
        "number": application.number,
        "date": _day(decision.at, language),
        "addressee": _("%(name)s 様") % {"name": name} if name else "",
        "issuer": say(rule.issuer, language),
        "opening": _opening(application, language),
        "facts": [
            [_("手続き"), say(definition.title, language)],
            [_("受け付けた日"), _day(application.submitted_at, language)],
            [_("結果"), say(outcome.label, language)],
        ],
        "reason_label": _("理由"),
        "reason": decision.note.splitlines() if decision.note else [],
        "appeal_heading": _("結果に納得できないとき"),
        "appeal": [say(paragraph, language) for paragraph in rule.appeal] if refused else [],
        "contact_heading": _("問い合わせ"),
        "contact": _contact(section, language),
        "sample": _("見本") if application.is_demo else "",
        "sample_note": _("この文面は見本です。") if application.is_demo and rule.is_sample else "",
    }


def _day(moment: datetime, language: str) -> str:
    """In an official letter in Japanese, the era's date (令和8年11月29日); elsewhere as pages write it."""
    return format_era(clock.local_date(moment)) if language == "ja" else day_text(moment, language)


def _opening(application: Any, language: str) -> str:
    values = {"day": _day(application.submitted_at, language)}
    if application.kind == "report":
        return _("%(day)sにお知らせいただいたことについて、次のとおり対応しました。") % values
    if application.kind == "notification":
        return _("%(day)sに受け付けた届出を確認しました。") % values
    return _("%(day)sに受け付けた申請について、次のとおり決定しました。") % values


def _contact(section: Any, language: str) -> list[str]:
    if section is None:
        return [f"{city().named(language)}　{city().phone}", say(city().all_hours, language)]
    return [f"{say(section.name, language)}　{section.phone}", say(section.hours, language)]
