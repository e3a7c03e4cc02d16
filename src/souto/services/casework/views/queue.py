"""The queue and the shorter lists."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST, require_safe

from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.errors import SoutoError
from souto.kernel.language import say
from souto.services.casework import actions, queries
from souto.services.casework.city import core_system
from souto.services.casework.models import HandOver
from souto.services.casework.queries import STANDINGS, Filters
from souto.services.casework.queries.queue import SIZES
from souto.services.casework.views.common import (
    do,
    keep_filters,
    kept_filters,
    language_of,
    staff_page,
    uuid_or_none,
)

#: Rows of one CSV file.
MAX_EXPORT = 5_000


@require_safe
@staff_page
def queue(request: HttpRequest) -> HttpResponse:
    """The queue; without an address of its own it comes back as this session left it."""
    actor, language = actor_of(request), language_of()
    kept = kept_filters(request)
    if not request.GET and kept:
        return redirect(f"{reverse('casework_staff:queue')}?{kept}")
    filters = Filters.read(request.GET)
    keep_filters(request, filters)
    page = Paginator(queries.find_cases(actor=actor, filters=filters), filters.size).get_page(request.GET.get("page"))
    rows = queries.rows_of(list(page.object_list), language=language)
    actions.note_listed(actor=actor, rows=len(rows))
    choices = queries.choices_for(actor=actor, language=language)
    sorts = [
        (name, filters.address(sort=_turned(filters.sort, name)), _direction(filters.sort, name))
        for name in ("number", "received", "due")
    ]
    context = {
        "filters": filters,
        "rows": rows,
        "page": page,
        "choices": choices,
        "states": [(code, word, choices.standings.get(code, 0)) for code, (word, _chip) in STANDINGS.items()],
        "sizes": [(size, filters.address(size=size)) for size in SIZES],
        "sorts": {name: {"url": f"?{url}" if url else "?sort=due", "direction": way} for name, url, way in sorts},
        "here": filters.address(),
        "may_assign": actor.may("casework.assign"),
        "to_rate": queries.cases_to_rate(actor).count(),
    }
    return render(request, "casework/queue.html", context)


@require_safe
@staff_page
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as CSV for a spreadsheet; that it left the system is put on record."""
    cases = queries.find_cases(actor=actor_of(request), filters=Filters.read(request.GET))[:MAX_EXPORT]
    return _taken_away(request, list(cases))


def _taken_away(request: HttpRequest, cases: list[Any]) -> HttpResponse:
    actor, language = actor_of(request), language_of()
    rows = queries.rows_of(cases, language=language)
    actions.note_listed(actor=actor, rows=len(rows), taken_away=True)
    # Spreadsheets take UTF-8 for what it is only with a mark at the start.
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="cases-{clock.today():%Y%m%d}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    writer = csv.writer(response)
    writer.writerow(
        [
            _("受付番号"),
            _("氏名"),
            _("フリガナ"),
            _("手続き"),
            _("状態"),
            _("受け付けた日"),
            _("期限"),
            _("担当"),
            _("経過"),
        ]
    )
    for row in rows:
        day = row.due.day.isoformat() if row.due.day else ""
        writer.writerow(
            [
                row.number,
                _harmless(row.name),
                _harmless(row.kana),
                _harmless(row.title),
                _(row.label),
                row.received.isoformat(),
                day,
                _harmless(row.assignee),
                row.age,
            ]
        )
    return response


@require_POST
@staff_page
def assign_many(request: HttpRequest) -> HttpResponse:
    """Make somebody responsible for the selected cases."""
    actor = actor_of(request)
    whom = request.POST.get("staff", "")
    staff_id = actor.id if whom == "me" else uuid_or_none(whom)
    selected = [found for text in request.POST.getlist("case") if (found := uuid_or_none(text)) is not None]
    back = redirect(f"{reverse('casework_staff:queue')}?{_own(request.POST.get('here', ''))}")
    if staff_id is None and whom != "nobody":
        messages.error(request, _("担当にする人を選んでください。"))
        return back
    try:
        report = actions.assign_many(actor=actor, case_ids=selected, staff_id=staff_id)
    except SoutoError as error:
        messages.error(request, text_of(error))
        return back
    if report.left:
        _keep(request, "assign", report)
        return redirect("casework_staff:batch_result")
    if report.done:
        done = len(report.done)
        messages.success(
            request, ngettext("%(n)s件の担当を変えました。", "%(n)s件の担当を変えました。", done) % {"n": done}
        )
    else:
        messages.info(request, _("選んだ案件の担当は、すでにその人です。"))
    return back


#: What can be done to many cases at once besides assigning them.
_DEEDS: dict[str, Callable[..., actions.BatchReport]] = {
    "accept": actions.accept_many,
    "hand_over": actions.hand_over_many,
}
#: What the result page calls each of them.
_WORDS = {
    "assign": gettext_noop("担当を変えました"),
    "accept": gettext_noop("審査を始めました"),
    "hand_over": gettext_noop("もう一度引き渡します"),
}
#: Where the session keeps the report of the last batch, for its page.
_REPORT = "casework.batch"


@require_POST
@staff_page
def batch(request: HttpRequest) -> HttpResponse:
    """Do one thing to the selected cases, or take them along as CSV; the next page says what became of each."""
    actor, deed = actor_of(request), request.POST.get("do", "")
    selected = [found for text in request.POST.getlist("case") if (found := uuid_or_none(text)) is not None]
    here = _own(request.POST.get("here", ""))
    if deed == "export" and selected:
        chosen = queries.find_cases(actor=actor, filters=Filters(state="all")).filter(id__in=selected)
        return _taken_away(request, list(chosen[:MAX_EXPORT]))
    if deed not in _DEEDS:
        messages.error(request, _("操作と案件を選んでください。"))
        return redirect(f"{reverse('casework_staff:queue')}?{here}")
    try:
        report = _DEEDS[deed](actor=actor, case_ids=selected)
    except SoutoError as error:
        messages.error(request, text_of(error))
        return redirect(f"{reverse('casework_staff:queue')}?{here}")
    _keep(request, deed, report)
    return redirect("casework_staff:batch_result")


def _keep(request: HttpRequest, deed: str, report: actions.BatchReport) -> None:
    request.session[_REPORT] = {
        "deed": deed,
        "here": _own(request.POST.get("here", "")),
        "done": [str(i) for i in report.done],
        "left": [[str(i), reason] for i, reason in report.left],
    }


@require_safe
@staff_page
def batch_result(request: HttpRequest) -> HttpResponse:
    """What became of each case of the last batch; the cases are read anew, each through its gate."""
    kept = request.session.get(_REPORT)
    if not kept or kept["deed"] not in _WORDS:
        return redirect("casework_staff:queue")
    actor, language = actor_of(request), language_of()
    reasons = dict(kept["left"])
    ids = [UUID(i) for i in (*reasons, *kept["done"])]
    rows = queries.rows_of(
        list(queries.find_cases(actor=actor, filters=Filters(state="all")).filter(id__in=ids)), language=language
    )
    actions.note_listed(actor=actor, rows=len(rows))
    context = {
        "rows": [(row, _(reasons[str(row.id)]) if str(row.id) in reasons else "") for row in rows],
        "word": _(_WORDS[kept["deed"]]),
        "done": len(kept["done"]),
        "left": len(reasons),
        "hidden": len(ids) - len(rows),
        "here": kept["here"],
    }
    return render(request, "casework/batch.html", context)


@require_safe
@staff_page
def approvals(request: HttpRequest) -> HttpResponse:
    """The proposals that wait for a second person."""
    actor, language = actor_of(request), language_of()
    actor.require("casework.approve")
    rows = [
        {
            "proposal": p,
            "case": p.case,
            "number": p.case.application.number,
            "title": say(p.case.application.version.definition.title, language),
            "outcome": queries.outcome_label(p.case.application, p.outcome, language),
            "due": queries.due_of(p.case),
            "mine": p.proposed_by_id == actor.id,
        }
        for p in queries.proposals_to_settle(actor)[:200]
    ]
    return render(request, "casework/approvals.html", {"rows": rows})


@require_safe
@staff_page
def opinions(request: HttpRequest) -> HttpResponse:
    """The opinions that are asked of oneself or one's section."""
    actor, language = actor_of(request), language_of()
    rows = [
        {
            "opinion": o,
            "number": o.case.application.number,
            "title": say(o.case.application.version.definition.title, language),
            "department": o.case.department,
            "due": queries.due_of(o.case),
        }
        for o in queries.opinions_asked_of(actor)[:200]
    ]
    return render(request, "casework/opinions.html", {"rows": rows})


@require_safe
@staff_page
def hand_overs(request: HttpRequest) -> HttpResponse:
    """What was handed over to core systems, what was refused, and the result files in quarantine."""
    actor, language = actor_of(request), language_of()
    state = request.GET.get("state", "")
    page = Paginator(queries.hand_overs(actor=actor, state=state), 50).get_page(request.GET.get("page"))
    rows = [
        {
            "hand_over": h,
            "title": say(h.case.application.version.definition.title, language),
            "number": h.case.application.number,
            "system": core_system(h.system).name,
            "retry": queries.may_retry(actor, h),
        }
        for h in page.object_list
    ]
    context = {
        "page": page,
        "rows": rows,
        "state": state if state in HandOver.State.values else "",
        "states": HandOver.State.choices,
        "quarantined": [(r, core_system(r.system).name) for r in queries.quarantined(actor=actor)[:50]],
    }
    return render(request, "casework/hand_overs.html", context)


@require_POST
@staff_page
def hand_over_again(request: HttpRequest, hand_over_id: UUID) -> HttpResponse:
    """Another attempt after a refusal."""
    do(
        request,
        _("もう一度引き渡します。"),
        lambda actor: actions.hand_over_again(actor=actor, hand_over_id=hand_over_id),
    )
    return _back(request)


@require_POST
@staff_page
def ask_again(request: HttpRequest, result_id: UUID) -> HttpResponse:
    """See to a result file in quarantine."""
    do(request, _("対応済みにしました。"), lambda actor: actions.ask_again(actor=actor, result_id=result_id))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    case_id = uuid_or_none(request.POST.get("case", ""))
    return redirect("casework_staff:case", case_id) if case_id else redirect("casework_staff:hand_overs")


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _turned(sort: str, name: str) -> str:
    """The order that a click on a column gives: the other way round where it is the order already."""
    return f"-{name}" if sort == name else name


def _direction(sort: str, name: str) -> str:
    if sort.removeprefix("-") != name:
        return ""
    return "descending" if sort.startswith("-") else "ascending"


def _own(text: str) -> str:
    """Filters that came with a form, read anew: nothing else gets into the address."""
    return Filters.read(dict(parse_qsl(text))).address() or "state=open"
