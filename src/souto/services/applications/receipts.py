"""The applicant's copy (申請の控え): a PDF with number, answers and what happens next, in her language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from souto.foundation.documents import actions as documents
from souto.foundation.documents.typesetting import qr_svg
from souto.foundation.identity import queries as identity
from souto.foundation.ui.city import city
from souto.foundation.ui.dates import datetime_text, day_text
from souto.kernel.actor import Actor
from souto.kernel.language import say
from souto.services.applications import letters
from souto.services.applications.lifecycle import Kind
from souto.services.applications.models import Application
from souto.services.applications.queries.answers import sections
from souto.services.applications.queries.documents import RECEIPT
from souto.services.applications.queries.status import expected_on

TEMPLATE = "applications.receipt"


def make(actor: Actor, application: Application, answers: Mapping[str, Any]) -> None:
    """Ask for the PDF of what was just sent."""
    language = application.language
    with translation.override(language):
        data = _data(application, answers, language)
    documents.make_document(
        actor=actor,
        purpose=RECEIPT,
        subject_id=application.id,
        template=TEMPLATE,
        data=data,
        language=language,
        title=application.version.definition.title,
    )


def applicant_name(application: Application) -> str:
    """The applicant as the register knows her, else as the form says."""
    found = identity.person_display_name(application.person_id) if application.person_id else ""
    return found or application.contact["name"]


def next_steps(application: Application, language: str) -> list[str]:
    """What happens after sending, a line each. The first step of a procedure's 「流れ」 is the sending itself, which is over by now."""
    definition = application.version.definition
    lines = [say(step.title, language) for step in definition.steps[1:]]
    if not lines:
        doing = {
            Kind.APPLICATION: _("審査します"),
            Kind.NOTIFICATION: _("届出の内容を確認します"),
            Kind.REPORT: _("担当課が現地などを確認します"),
        }
        lines = [doing[Kind(application.kind)], _("結果をお知らせします")]
    return lines


def expected_line(application: Application, language: str) -> str:
    """By when the result is due, as a sentence beside the steps; "" where the procedure names no period."""
    expected = expected_on(application)
    return _("結果のめやす：%(day)sごろ") % {"day": day_text(expected, language)} if expected else ""


def _data(application: Application, answers: Mapping[str, Any], language: str) -> dict[str, Any]:
    definition = application.version.definition
    section = city().section(definition.department)
    name = applicant_name(application)
    facts = [[_("受け付けた日時"), datetime_text(application.submitted_at, language)]]
    if name:
        facts.append([_("申請した人"), _("%(name)s 様") % {"name": name}])
    if section:
        facts.append([_("担当"), say(section.name, language)])
    return {
        "city": city().named(language),
        "heading": _("控え"),
        "number_label": _("受付番号"),
        "number": application.number,
        "facts": facts,
        # Whoever has no way in to the page needs no address of it.
        "qr": qr_svg(letters.address("detail", application.id)) if letters.can_look(application) else "",
        "qr_label": _("いまの状況を見る"),
        "answers_heading": _("送った内容"),
        "item_label": _("項目"),
        "answer_label": _("回答"),
        "sections": [
            {"title": part.title, "rows": [{"label": row.label, "lines": list(row.lines)} for row in part.rows]}
            for part in sections(definition, answers, language=language)
        ],
        "next_heading": _("つぎに起こること"),
        "next": next_steps(application, language),
        "expected": expected_line(application, language),
        "contact_heading": _("問い合わせ"),
        "contact": _contact(section, language),
        "note": _("この控えは証明書ではありません。"),
        "sample": _("見本") if application.is_demo else "",
    }


def _contact(section: Any, language: str) -> list[str]:
    if section is None:
        return [f"{city().named(language)}　{city().phone}", say(city().all_hours, language)]
    return [f"{say(section.name, language)}　{section.phone}", say(section.hours, language)]
