"""Pages with a form of their own: decide, settle a proposal, ask to correct, ask for an opinion and give one, two questions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from souto.foundation.identity import queries as identity
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.errors import ForbiddenError, NotFoundError, SoutoError
from souto.kernel.language import say
from souto.services.applications import queries as applications
from souto.services.casework import actions, queries
from souto.services.casework.city import rules
from souto.services.casework.models import Case, Opinion
from souto.services.casework.views.case import summary_rows
from souto.services.casework.views.common import (
    int_or_none,
    language_of,
    problem,
    staff_page,
    to_case,
    uuid_or_none,
)

#: What a page must not swallow: it has its own page.
_OWN_PAGE = (ForbiddenError, NotFoundError)


@require_http_methods(["GET", "POST"])
@staff_page
def decide(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Propose a decision (起案); for 届出 and 通報 settle it."""
    case = queries.access_case(actor=actor_of(request), case_id=case_id)
    second = case.application.kind == "application"
    act = actions.propose if second else actions.settle
    done = _("起案しました。決裁を待っています。") if second else _("完了しました。申請した人に知らせます。")
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            act(
                actor=actor_of(request),
                case_id=case_id,
                outcome=request.POST.get("outcome", ""),
                reason=request.POST.get("reason", ""),
                version=int_or_none(request.POST.get("version", "")),
            )
        except _OWN_PAGE:
            raise
        except SoutoError as error:
            problems = problem(error, {"outcome": "outcome"})
        else:
            return _done(request, done, to_case(case_id))
    outcomes = case.application.version.definition.outcomes
    language = language_of()
    context = {
        "second": second,
        "outcomes": [(o.code, say(o.label, language), o.granted) for o in outcomes],
        "chosen": request.POST.get("outcome", ""),
        "reason": request.POST.get("reason", ""),
        "returned": queries.last_return(case),
    }
    return _page(request, "casework/decide.html", case, problems, **context)


@require_http_methods(["GET", "POST"])
@staff_page
def approve(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Settle a colleague's proposal (決裁), or give it back."""
    actor = actor_of(request)
    case = queries.access_case(actor=actor, case_id=case_id)
    if not queries.may(actor, "casework.approve", case):
        raise ForbiddenError
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        back = request.POST.get("act") == "return"
        act = actions.send_back if back else actions.approve
        done = _("起案を差し戻しました。") if back else _("決裁しました。結果を申請した人に知らせます。")
        try:
            act(
                actor=actor,
                case_id=case_id,
                remark=request.POST.get("remark", ""),
                version=int_or_none(request.POST.get("version", "")),
            )
        except _OWN_PAGE:
            raise
        except SoutoError as error:
            problems = problem(error)
        else:
            return _done(request, done, to_case(case_id))
    proposal = queries.open_proposal(case)
    if proposal is None:
        return _done(request, "", to_case(case_id)) if not problems else _gone(request, case_id, problems)
    language = language_of()
    context = {
        "proposal": proposal,
        "outcome": queries.outcome_label(case.application, proposal.outcome, language),
        "mine": proposal.proposed_by_id == actor.id,
        "remark": request.POST.get("remark", ""),
        "opinions": queries.answered_opinions(case),
    }
    return _page(request, "casework/approve.html", case, problems, **context)


@require_http_methods(["GET", "POST"])
@staff_page
def correct(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask the applicant to correct fields: which, why each, by when."""
    actor, language = actor_of(request), language_of()
    case = queries.access_case(actor=actor, case_id=case_id)
    application = applications.access_application(actor=actor, application_id=case.application_id)
    chosen, reasons = set(request.POST.getlist("path")), _reasons(request)
    due_on = request.POST.get("due_on") or (clock.today() + timedelta(days=rules().correction_days)).isoformat()
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            actions.request_correction(
                actor=actor,
                case_id=case_id,
                reasons={path: reasons.get(path, "") for path in request.POST.getlist("path")},
                words=request.POST.get("words", ""),
                due_on=_day(due_on),
                version=int_or_none(request.POST.get("version", "")),
            )
        except _OWN_PAGE:
            raise
        except SoutoError as error:
            # Not "items": in a template `errors.items` would be the method of the dictionary.
            problems = problem(error, {path: f"reason-{path}" for path in chosen} | {"items": "fields"})
        else:
            return _done(request, _("修正を依頼しました。届くまで、処理の期限は止まります。"), to_case(case_id))
    definition = application.version.definition
    sections, parts = applications.answers_view(application, language), []
    if problems and problems[0][0].startswith("reason-"):
        # The action names the first field without a reason; the page names all of them.
        message, rows_of_all = problems[0][1], [row for part in sections for row in part.rows]
        without = [row for row in rows_of_all if row.path in chosen and not reasons.get(row.path, "").strip()]
        problems = [(f"reason-{row.path}", f"{row.label}：{message}") for row in without] or problems
    for part in sections:
        rows = [
            {
                "path": row.path,
                "label": row.label,
                "lines": row.lines,
                "chosen": row.path in chosen,
                "reason": reasons.get(row.path, ""),
                "fixed": _is_fixed(definition, row),
                "error": next((m for target, m in problems if target == f"reason-{row.path}"), ""),
            }
            for row in part.rows
        ]
        parts.append((part.title, rows))
    context = {
        "parts": parts,
        "due_on": due_on,
        "words": request.POST.get("words", ""),
        "wordings": [say(w.text, application.language) for w in rules().wording],
        "applicant_language": application.language,
    }
    return _page(request, "casework/correct.html", case, problems, **context)


@require_http_methods(["GET", "POST"])
@staff_page
def ask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask a colleague or another section for an opinion."""
    actor = actor_of(request)
    case = queries.access_case(actor=actor, case_id=case_id)
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        section, _sep, member = request.POST.get("whom", "").partition("/")
        department_id = uuid_or_none(section)
        try:
            if department_id is None:
                raise actions.WhomError(field="whom")
            actions.ask_opinion(
                actor=actor,
                case_id=case_id,
                department_id=department_id,
                staff_id=uuid_or_none(member),
                question=request.POST.get("question", ""),
            )
        except _OWN_PAGE:
            raise
        except SoutoError as error:
            problems = problem(error)
        else:
            return _done(request, _("意見を求めました。"), to_case(case_id))
    groups = []
    for department in identity.list_departments():
        members = [s for s in identity.staff_of_department(department.id) if s.id != actor.id]
        if members:
            groups.append((department, members, department.id != case.department_id))
    context = {
        "groups": groups,
        "whom": request.POST.get("whom", ""),
        "question": request.POST.get("question", ""),
    }
    return _page(request, "casework/ask.html", case, problems, **context)


@require_http_methods(["GET", "POST"])
@staff_page
def opinion(request: HttpRequest, opinion_id: UUID) -> HttpResponse:
    """Read what is asked, with the answers of the application, and answer. That it was opened is put on record."""
    actor, language = actor_of(request), language_of()
    found = queries.access_opinion(actor=actor, opinion_id=opinion_id)
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            actions.answer_opinion(
                actor=actor,
                opinion_id=opinion_id,
                answer=request.POST.get("answer", ""),
                text=request.POST.get("text", ""),
            )
        except _OWN_PAGE:
            raise
        except SoutoError as error:
            problems = problem(error)
        else:
            return _done(request, _("意見を送りました。"), redirect("casework_staff:opinions"))
    actions.note_opinion_opened(actor=actor, opinion_id=opinion_id)
    application = applications.access_application(actor=actor, application_id=found.case.application_id)
    context = {
        "opinion": found,
        "answers": [(code, word) for code, word in Opinion.Answer.choices if code],
        "answer": request.POST.get("answer", ""),
        "text": request.POST.get("text", ""),
        "may_answer": found.is_open and queries.may_answer(actor, found) and found.asked_by_id != actor.id,
        "sections": [(p.title, summary_rows(p)) for p in applications.answers_view(application, language)],
        "attachments": queries.attachments(application, language),
    }
    return _page(request, "casework/opinion.html", found.case, problems, **context)


@require_http_methods(["GET", "POST"])
@staff_page
def feedback(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Two questions about the work on a case that has ended (EX)."""
    case = queries.access_case(actor=actor_of(request), case_id=case_id)
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            actions.give_feedback(
                actor=actor_of(request),
                case_id=case_id,
                ease=int_or_none(request.POST.get("ease", "")),
                satisfaction=int_or_none(request.POST.get("satisfaction", "")),
                comment=request.POST.get("comment", ""),
            )
        except _OWN_PAGE:
            raise
        except SoutoError as error:
            problems = problem(error, {"ease": "ease-1", "satisfaction": "satisfaction-1"})
        else:
            return _done(request, _("回答しました。ありがとうございました。"), to_case(case_id))
    scale = {
        "ease": [_("とても難しい"), _("難しい"), _("ふつう"), _("簡単"), _("とても簡単")],
        "satisfaction": [_("とても不満"), _("不満"), _("ふつう"), _("満足"), _("とても満足")],
    }
    context = {
        "scale": {name: list(enumerate(words, start=1)) for name, words in scale.items()},
        "ease": request.POST.get("ease", ""),
        "satisfaction": request.POST.get("satisfaction", ""),
        "comment": request.POST.get("comment", ""),
        "ease_error": dict(problems).get("ease-1", ""),
        "satisfaction_error": dict(problems).get("satisfaction-1", ""),
    }
    return _page(request, "casework/feedback.html", case, problems, **context)


def _page(
    request: HttpRequest, template: str, case: Case, problems: list[tuple[str, str]], **context: Any
) -> HttpResponse:
    application = case.application
    return render(
        request,
        template,
        {
            "case": case,
            "application": application,
            "title": say(application.version.definition.title, language_of()),
            "problems": problems,
            "errors": dict(problems),
            **context,
        },
        status=422 if problems else 200,
    )


def _done(request: HttpRequest, words: str, answer: HttpResponse) -> HttpResponse:
    if words:
        messages.success(request, words)
    return answer


def _gone(request: HttpRequest, case_id: UUID, problems: list[tuple[str, str]]) -> HttpResponse:
    """Somebody was quicker: the case's page shows what became of it."""
    for _target, message in problems:
        messages.error(request, message)
    return to_case(case_id)


def _reasons(request: HttpRequest) -> dict[str, str]:
    """The reason of each field: what was typed, else the wording that was chosen."""
    found = {}
    for path in request.POST.getlist("path"):
        typed = request.POST.get(f"reason:{path}", "").strip()
        found[path] = typed or request.POST.get(f"wording:{path}", "")
    return found


def _day(text: str) -> date:
    from souto.services.applications.actions import DueDateError

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DueDateError(field="due_on") from None


def _is_fixed(definition: Any, row: Any) -> bool:
    """True for what the applicant cannot change: the card says it, or it is worked out."""
    target = definition.field_at(row.path)
    return row.verified or target is None or target.type == "computed"
