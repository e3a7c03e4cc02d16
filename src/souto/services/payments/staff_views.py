"""The cashier's pages: notice files, suspense, balances."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from souto.foundation.ui.desk import desk
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel.errors import SoutoError
from souto.services.payments import actions, queries
from souto.services.payments.city import notice_mappings
from souto.services.payments.models import Notice

#: A notice file of a whole month of a large city stays below this (bytes).
_MAX_FILE = 50_000_000


@require_safe
@desk("payments.view")
def notices(request: HttpRequest) -> HttpResponse:
    """Notices, those in suspense first asked for."""
    actor = actor_of(request)
    state = request.GET.get("state", Notice.State.SUSPENSE if queries.suspense_count(actor) else "")
    state = state if state in Notice.State.values else ""
    page = Paginator(queries.notices(actor=actor, state=state), 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "state": state,
        "states": Notice.State.choices,
        "imports": queries.imports(actor=actor)[:10],
        "mappings": notice_mappings().values(),
        "may_import": actor.may("payments.import"),
        "suspense": queries.suspense_count(actor),
    }
    return render(request, "payments/staff_notices.html", context)


@require_POST
@desk("payments.import")
def import_file(request: HttpRequest) -> HttpResponse:
    """Read a notice file."""
    sent = request.FILES.get("file")
    mapping = notice_mappings().get(request.POST.get("mapping", ""))
    if sent is None or mapping is None or sent.size is None or sent.size > _MAX_FILE:
        messages.error(request, _("取り込むファイルと、ファイルの形式を選んでください（50MBまで）。"))
        return redirect("payments_staff:notices")
    try:
        report = actions.import_notices(
            actor=actor_of(request), mapping=mapping, content=sent.read(), filename=sent.name or "file"
        )
    except SoutoError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, text_of(error))
        return redirect("payments_staff:notices")
    messages.success(
        request,
        _("%(rows)s件を取り込みました。消し込み %(matched)s件、仮受 %(suspense)s件、再送 %(repeated)s件。")
        % {
            "rows": report.notice_import.rows,
            "matched": report.matched,
            "suspense": report.suspense,
            "repeated": report.repeated,
        },
    )
    return redirect("payments_staff:notices")


@require_http_methods(["GET", "HEAD", "POST"])
@desk("payments.view")
def notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """One notice; a suspended one is settled here with a reason."""
    actor = actor_of(request)
    found = queries.access_notice(actor=actor, notice_id=notice_id)
    problem = ""
    if request.method == "POST":
        problem, said = _settle(request, notice_id)
        if not problem:
            messages.success(request, said)
            return redirect("payments_staff:notices")
    may_settle = actor.may("payments.match") and found.state == Notice.State.SUSPENSE
    cancelled = found.stage == Notice.Stage.CANCELLED
    context = {
        "notice": found,
        "may_settle": may_settle,
        "cancelled": cancelled,
        "candidates": list(queries.open_charges(actor=actor, amount=found.amount)[:50])
        if may_settle and not cancelled
        else [],
        "paid": queries.payment_of(found) if cancelled else None,
        "problem": problem,
        "deed": request.POST.get("do", ""),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "payments/staff_notice.html", context, status=400 if problem else 200)


def _settle(request: HttpRequest, notice_id: UUID) -> tuple[str, str]:
    """Do what was chosen; returns what is wrong with it, or else what was done."""
    actor, reason, deed = actor_of(request), request.POST.get("reason", ""), request.POST.get("do", "match")
    try:
        if deed == "refund":
            actions.refund_notice(actor=actor, notice_id=notice_id, reason=reason)
            return "", _("還付を決定しました。")
        if deed == "take_back":
            actions.take_back_notice(actor=actor, notice_id=notice_id, reason=reason)
            return "", _("取消を処理しました。")
        try:
            charge_id = UUID(request.POST.get("charge", ""))
        except ValueError:
            return _("照合する料金を選んでください。"), ""
        actions.match_notice(actor=actor, notice_id=notice_id, charge_id=charge_id, reason=reason)
    except SoutoError as error:
        if error.status in {403, 404}:
            raise
        return text_of(error), ""
    return "", _("照合しました。")
