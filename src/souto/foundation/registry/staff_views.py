"""The registry's desk: lists that were taken over, and the rows that wait for a person."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from souto.foundation.registry import actions, queries
from souto.foundation.registry.forms import ListForm, TownForm, row_as_read
from souto.foundation.registry.models import RefusedTown
from souto.foundation.registry.rows import RowProblem, parse_towns
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError, SoutoError

_MOST_BYTES = 5_000_000


class TownFileLargeError(SoutoError):
    """The file is larger than any list of a city's towns."""

    message = "ファイルは5MBまでです。市の町だけの一覧を選んでください。"


def _sign_in(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('identity_staff:sign_in')}?{urlencode({'next': request.path})}")


def _staff(request: HttpRequest) -> Actor:
    """The caller; to everybody without `registry.import` these pages do not exist."""
    actor = actor_of(request)
    if not actor.may(queries.IMPORT_PERMISSION):
        raise NotFoundError
    return actor


@require_http_methods(["GET", "POST"])
def towns(request: HttpRequest) -> HttpResponse:
    """What was taken over, what waits, and taking over another list."""
    if actor_of(request).is_anonymous:
        return _sign_in(request)
    actor = _staff(request)
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST" and form.is_valid():
        try:
            report = _take_over(actor, form)
        except SoutoError as wrong:
            form.add_error("source" if isinstance(wrong, actions.SourceMissingError) else "file", text_of(wrong))
        else:
            messages.success(request, _said(report))
            return redirect("registry_staff:towns")
    context = {
        "form": form,
        "imports": queries.list_imports(actor=actor)[:20],
        "waiting": [(row, _(RowProblem[row.problem].value)) for row in queries.refused_towns(actor=actor)[:200]],
        "count": len(queries.list_towns()),
    }
    return render(request, "registry/towns.html", context, status=422 if form.errors else 200)


def _take_over(actor: Actor, form: ListForm) -> actions.ImportReport:
    upload = form.cleaned_data["file"]
    if upload.size > _MOST_BYTES:
        raise TownFileLargeError
    found = parse_towns(upload.read(), name=upload.name.lower())
    return actions.import_towns(
        actor=actor,
        rows=found.rows,
        source=form.cleaned_data["source"] or found.source,
        licence=form.cleaned_data["licence"] or found.licence,
        lg_code=found.lg_code or None,
    )


def _said(report: actions.ImportReport) -> str:
    if report.repeated:
        return _("前に取り込んだ一覧と同じです。何も変わっていません。")
    return _("取り込みました。追加%(added)s、変更%(changed)s、廃止%(ended)s、確認待ち%(refused)s。") % {
        "added": report.added,
        "changed": report.changed,
        "ended": report.ended,
        "refused": report.refused,
    }


@require_http_methods(["GET", "POST"])
def refused_town(request: HttpRequest, refused_id: UUID) -> HttpResponse:
    """One refused row: repair it, or decide that it is no town."""
    if actor_of(request).is_anonymous:
        return _sign_in(request)
    actor = actor_of(request)
    refused = queries.access_refused_town(actor=actor, refused_id=refused_id)
    dismiss = request.POST.get("decision") == "dismiss"
    form = TownForm(request.POST, dismiss=dismiss) if request.method == "POST" else TownForm.of(refused)
    if request.method == "POST" and form.is_valid():
        try:
            done = _decide(actor, refused, form, dismiss=dismiss)
        except SoutoError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, text_of(wrong))
        else:
            messages.success(request, done)
            return redirect("registry_staff:towns")
    context = {
        "refused": refused,
        "form": form,
        "problem": _(RowProblem[refused.problem].value),
        "row": row_as_read(refused),
    }
    return render(request, "registry/refused_town.html", context, status=422 if form.errors else 200)


def _decide(actor: Actor, refused: RefusedTown, form: TownForm, *, dismiss: bool) -> str:
    reason = form.cleaned_data["reason"]
    if dismiss:
        actions.dismiss_refused_town(actor=actor, refused_id=refused.id, reason=reason)
        return _("この行は取り込まないことにしました。")
    town = actions.repair_refused_town(actor=actor, refused_id=refused.id, row=form.row(refused), reason=reason)
    return _("%(town)sを取り込みました。") % {"town": town.full_name}
