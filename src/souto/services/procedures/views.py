"""The resident's pages: finding a procedure, reading about it, checking whether one qualifies. Nothing here writes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from souto.foundation.registry import queries as registry
from souto.foundation.registry.matching import PostalAddress, PostalCodeFormatError, PostalCodeUnknownError
from souto.foundation.ui import icons
from souto.foundation.ui.errors import text_of
from souto.kernel import clock
from souto.kernel.errors import NotFoundError
from souto.kernel.language import say
from souto.services.procedures import queries
from souto.services.procedures.definition import CATEGORIES, Definition, control_id
from souto.services.procedures.definition.base import is_path
from souto.services.procedures.definition.eligibility import HEADINGS, Eligibility, Question
from souto.services.procedures.models import ProcedureVersion
from souto.services.procedures.widgets import Parts

PAGE_SIZE = 20


def _language() -> str:
    return get_language() or "ja"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`?q=` words, `?category=` a life event: the procedures that match, best first."""
    words, category = request.GET.get("q", "").strip(), request.GET.get("category", "")
    language = _language()
    found = queries.search_published(words, language=language, category=category if category in CATEGORIES else None)
    used = {version.definition.category for version in queries.list_published()}
    return render(
        request,
        "procedures/list.html",
        {
            "words": words,
            "category": category if category in CATEGORIES else "",
            "categories": [
                {"code": code, "label": say(label, language), "icon": code if code in icons.names() else "paper"}
                for code, label in CATEGORIES.items()
                if code in used
            ],
            "heading_category": say(CATEGORIES[category], language) if category in CATEGORIES else "",
            "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
            "total": len(found),
        },
    )


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything one needs to know before starting."""
    return render(request, "procedures/page.html", page_context(queries.get_published(slug)))


def page_context(version: ProcedureVersion) -> dict[str, Any]:
    """What the procedure's page shows of a version; an editor's preview shows the same."""
    definition, language = version.definition, _language()
    label = say(CATEGORIES[definition.category], language) if definition.category in CATEGORIES else ""
    return {
        "version": version,
        "definition": definition,
        "category_label": label,
        "crumbs": [
            (gettext("手続きをさがす"), reverse("procedures:list")),
            *(
                [(label, f"{reverse('procedures:list')}?{urlencode({'category': definition.category})}")]
                if label
                else []
            ),
            (say(definition.title, language), ""),
        ],
        "start_url": _start_url(definition),
        "related": queries.related(version),
    }


def _start_url(definition: Definition) -> str:
    try:
        return reverse("applications:start", args=[definition.slug])
    except NoReverseMatch:
        return ""


@require_safe
def eligibility(request: HttpRequest, slug: str) -> HttpResponse:
    """One question a page, the answers in the address, then the result. `edit` asks one question again; `asked` was shown before."""
    version = queries.get_published(slug)
    check = version.definition.eligibility
    if check is None:
        raise NotFoundError
    answers = _answers(check, request.GET)
    verdict = check.judge(answers, today=clock.today())
    edited = request.GET.get("edit", "")
    wanted = edited if any(q.key == edited for q in check.questions) else verdict.next_question
    if wanted is None:
        return render(request, "procedures/eligibility_result.html", _result(version, check, answers))
    question = next(question for question in check.questions if question.key == wanted)
    missed = request.GET.get("asked") == wanted and wanted not in answers
    return render(request, "procedures/eligibility.html", _question(version, check, question, answers, missed=missed))


def _answers(check: Eligibility, sent: QueryDict) -> dict[str, str]:
    """The answers in the address that are options of their questions."""
    chosen = {question.key: sent.get(question.key, "") for question in check.questions}
    options = {question.key: {option.code for option in question.options} for question in check.questions}
    return {key: code for key, code in chosen.items() if code in options[key]}


def _question(
    version: ProcedureVersion, check: Eligibility, question: Question, answers: dict[str, str], *, missed: bool
) -> dict[str, Any]:
    here = reverse("procedures:eligibility", args=[version.slug])
    number = [one.key for one in check.questions].index(question.key)
    before = {one.key: answers[one.key] for one in check.questions[:number] if one.key in answers}
    back = reverse("procedures:page", args=[version.slug])
    if before:
        last = list(before)[-1]
        back = f"{here}?{urlencode({**before, 'edit': last})}"
    error = gettext("答えを一つ選んでください") if missed else ""
    return {
        "version": version,
        "definition": version.definition,
        "question": question,
        "kept": {key: code for key, code in answers.items() if key != question.key},
        "chosen": answers.get(question.key, ""),
        "id": control_id(question.key),
        "error": error,
        "problems": [(control_id(question.key), error)] if error else [],
        "step": number + 1,
        "total": len(check.questions),
        "back_url": back,
    }


def _result(version: ProcedureVersion, check: Eligibility, answers: dict[str, str]) -> dict[str, Any]:
    here, language = reverse("procedures:eligibility", args=[version.slug]), _language()
    verdict = check.judge(answers, today=clock.today())
    rows = [
        {
            "key": say(question.text, language),
            "value": next(
                say(option.label, language) for option in question.options if option.code == answers[question.key]
            ),
            "change_url": f"{here}?{urlencode({**answers, 'edit': question.key})}",
        }
        for question in check.questions
        if question.key in answers
    ]
    titles = {published.slug: published for published in queries.list_published()}
    return {
        "version": version,
        "definition": version.definition,
        "result": verdict.result,
        "banner": {"yes": "success", "no": "info", "maybe": "info"}[verdict.result],
        "heading": HEADINGS[verdict.result],
        "reasons": verdict.reasons,
        "instead": [(other, other.slug if other.slug in titles else "") for other in verdict.instead],
        "rows": rows,
        "start_url": _start_url(version.definition),
    }


@require_safe
def address(request: HttpRequest) -> HttpResponse:
    """The controls of an address, filled in from its postal code (for htmx). What was typed stays: only empty controls are filled.

    `name` is the field's path; several places of a code are listed, and `choose` takes one of them.
    """
    path = request.GET.get("name", "")
    if not is_path(path):
        raise NotFoundError
    raw = {
        name: [str(value) for value in values] for name, values in request.GET.lists() if name.startswith(f"{path}.")
    }
    parts = Parts(path, raw)
    told, found = _look_up(parts["postal_code"].value)
    chosen = request.GET.get("choose", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 4 and int(chosen) < len(found):
        found = [found[int(chosen)]]
    if len(found) == 1:
        place = found[0]
        filled = {"prefecture": place.prefecture, "city": place.city, "town": place.town + place.office_number}
        for part, text in filled.items():
            if not parts[part].value.strip():
                raw[f"{path}.{part}"] = [text]
        told = gettext("住所を入力しました。番地を続けて入力してください")
    elif found:
        told = gettext("住所が%(count)s件あります。あてはまるものを選んでください") % {"count": len(found)}
    return render(
        request,
        "procedures/fields/address_parts.html",
        {
            "parts": Parts(path, raw),
            "wrong": frozenset(),
            "base": control_id(path),
            "path": path,
            "told": told,
            "candidates": found if len(found) > 1 else [],
        },
    )


def _look_up(code: str) -> tuple[str, list[PostalAddress]]:
    try:
        return "", registry.find_postal_code(code)
    except (PostalCodeFormatError, PostalCodeUnknownError) as wrong:
        return text_of(wrong), []
