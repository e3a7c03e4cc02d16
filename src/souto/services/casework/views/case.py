"""The page of a case, and what is done on it at once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from souto.foundation.identity import queries as identity
from souto.foundation.registry import queries as registry
from souto.foundation.registry.matching import in_japan
from souto.foundation.ui.components import SummaryRow
from souto.foundation.ui.http import actor_of, is_htmx
from souto.kernel.text import AgreementLevel
from souto.services.applications import queries as applications
from souto.services.applications.queries import AnswerRow, AnswerSection, Comparison
from souto.services.casework import actions, queries
from souto.services.casework.queries import CasePage, Filters
from souto.services.casework.views.common import (
    do,
    int_or_none,
    kept_filters,
    language_of,
    staff_page,
    to_case,
    uuid_or_none,
)


@require_safe
@staff_page
def show(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Answers, identity and signature, and what can be done, beside each other. That it was opened is put on record."""
    actor, language = actor_of(request), language_of()
    case = queries.access_case(actor=actor, case_id=case_id)
    actions.note_opened(actor=actor, case_id=case_id)
    found = queries.case_page(case, actor=actor, language=language)
    kept = kept_filters(request)
    file_id = uuid_or_none(request.GET.get("file", ""))
    context = {
        "found": found,
        "case": case,
        "shown": _shown(request, found.attachments, file_id) if file_id else None,
        "place": queries.place_of(case_id, actor=actor, filters=Filters.read(QueryDict(kept).dict())),
        "back": kept,
        "sections": [(part.title, summary_rows(part)) for part in found.sections],
        "comparisons": [(c, *judgement(c)) for c in found.comparisons],
        "primary": _primary(found),
        "colleagues": identity.staff_of_department(case.department_id) if found.may["assign"] else [],
    }
    return render(request, "casework/case.html", context)


@require_safe
@staff_page
def file(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """The viewer alone, for leafing in place; without htmx the whole page with the viewer open."""
    page = int_or_none(request.GET.get("page", "")) or 1
    if not is_htmx(request):
        return redirect(f"{reverse('casework_staff:case', args=[case_id])}?file={file_id}&page={page}#viewer")
    actor, language = actor_of(request), language_of()
    case = queries.access_case(actor=actor, case_id=case_id)
    application = applications.access_application(actor=actor, application_id=case.application_id)
    found = queries.attachments(application, language)
    return render(request, "casework/viewer.html", {"case": case, "shown": _shown(request, found, file_id)})


def _shown(request: HttpRequest, attachments: Sequence[queries.Attachment], file_id: UUID) -> queries.Shown:
    page = int_or_none(request.GET.get("page", "")) or 1
    return queries.shown_file(attachments, actor=actor_of(request), file_id=file_id, page=page)


@require_POST
@staff_page
def take(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Make oneself responsible."""
    do(request, _("あなたが担当になりました。"), lambda actor: actions.take(actor=actor, case_id=case_id))
    return to_case(case_id)


@require_POST
@staff_page
def assign(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Make a colleague responsible."""
    staff_id = uuid_or_none(request.POST.get("staff", ""))
    do(
        request,
        _("担当を変えました。"),
        lambda actor: actions.assign(actor=actor, case_id=case_id, staff_id=staff_id),
    )
    return to_case(case_id)


@require_POST
@staff_page
def note(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Write a note."""
    text = request.POST.get("text", "")
    do(request, _("メモを残しました。"), lambda actor: actions.write_note(actor=actor, case_id=case_id, text=text))
    return to_case(case_id)


@require_POST
@staff_page
def cancel_proposal(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take one's proposal back."""
    version = int_or_none(request.POST.get("version", ""))
    do(
        request,
        _("起案を取り消しました。"),
        lambda actor: actions.cancel_proposal(actor=actor, case_id=case_id, version=version),
    )
    return to_case(case_id)


@require_POST
@staff_page
def cancel_correction(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take a request for correction back."""
    do(
        request,
        _("修正の依頼を取り消しました。申請した人にも知らせました。"),
        lambda actor: actions.cancel_correction(actor=actor, case_id=case_id),
    )
    return to_case(case_id)


@require_POST
@staff_page
def withdraw_opinion(request: HttpRequest, case_id: UUID, opinion_id: UUID) -> HttpResponse:
    """Ask for an opinion no longer."""
    do(
        request,
        _("意見照会を取り消しました。"),
        lambda actor: actions.withdraw_opinion(actor=actor, opinion_id=opinion_id),
    )
    return to_case(case_id)


def summary_rows(part: AnswerSection) -> list[SummaryRow]:
    """The answers of a section as rows; what was corrected shows what stood there before."""
    rows = []
    for row in part.rows:
        if row.files:
            rows += [
                SummaryRow(
                    key=row.label,
                    value=[f.name],
                    changed=row.changed,
                    before=row.before,
                    url=f"#file-{f.file_id}",
                )
                for f in row.files
            ]
        else:
            before = row.before or ((_("入力なし"),) if row.changed else ())
            value = [*row.lines, *place_lines(row)]
            rows.append(SummaryRow(key=row.label, value=value, changed=row.changed, before=before, map=row.map))
    return rows


def place_lines(row: AnswerRow) -> list[str]:
    """What an officer needs of a place besides the applicant's words: its degrees, and the nearest town of the registry."""
    if row.point is None:
        return []
    lat, lng = row.point
    lines = [f"{lat:.6f}, {lng:.6f}"] if row.by_landmark else []
    town = registry.nearest_town(lat, lng) if in_japan(lat, lng) else None
    if town:
        distance = f"{round(town.distance_m, -1):.0f}m"
        text = _("いちばん近い町：%(town)s（町の代表点から約%(distance)s）")
        lines.append(text % {"town": town.name, "distance": distance})
    return lines


def judgement(found: Comparison) -> tuple[str, str]:
    """Kind of chip and word for how an answer compares with what the city knows."""
    if found.agreement is None:
        return ("green", _("一致")) if found.same else ("orange-fill", _("要確認"))
    words = {
        AgreementLevel.EXACT: ("green", _("一致")),
        AgreementLevel.SAME_BY_WIDTH: ("green", _("一致（書き方の違い）")),
        AgreementLevel.SAME_BY_VARIANT: ("green", _("一致（字体の違い）")),
        AgreementLevel.NEEDS_A_LOOK: ("orange-fill", _("要確認（代替文字）")),
        AgreementLevel.DIFFERENT: ("orange-fill", _("要確認")),
    }
    return words[found.agreement.level]


#: What stands first on the page, most urgent first: the one solid button.
_ORDER = ("approve", "hand_over_again", "feedback", "take_first", "propose", "settle")


def _primary(found: CasePage) -> str:
    possible = {**found.may, "take_first": found.may["take"] and found.case.assignee_id is None}
    return next((name for name in _ORDER if possible.get(name)), "")
