"""The applicant's correction: only what was asked for is open, with the reason and the earlier answer beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.errors import SoutoError
from souto.kernel.language import say
from souto.services.applications import actions, paths, queries, receipts
from souto.services.applications.actions import IncompleteError, NothingChangedError, SignatureNeededError
from souto.services.applications.actions.corrections import CorrectionSaved, correcting
from souto.services.applications.correcting import Correcting
from souto.services.applications.models import Application, Correction
from souto.services.applications.views import common, widgets
from souto.services.applications.views.sending import rows_of
from souto.services.procedures.definition import Problem


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The task: reasons, earlier answers, the fields to correct, the deadline."""
    application, correction = open_correction(request, application_id)
    if correction is None:
        return redirect(_after(request, application_id))
    if request.method == "GET":
        return _show(request, application, correction)
    edit = common.edit_of(request)
    saved = actions.save_correction(
        actor=actor_of(request),
        correction_id=correction.id,
        raw=common.raw_of(request),
        reply=request.POST.get("reply", ""),
        uploads=common.uploads_of(request, application.version.definition),
        edit=edit,
        token=common.token_of(request),
    )
    saved.correction.application = application
    if "pause" in request.POST:
        messages.success(request, _("入力した内容を保存しました。期限までに修正を送信してください"))
        return redirect(_after(request, application_id))
    if edit is not None or "attach" in request.POST:
        refused = [p for p in saved.problems if f"file:{p.path}" in request.FILES]
        return _show(request, application, saved.correction, refused) if refused else redirect(request.path)
    if saved.problems:
        return _show(request, application, saved.correction, saved.problems)
    if _brought_up(correction, saved):
        return redirect(request.path)
    return redirect(common.address(request, "correction_review", application_id))


@require_POST
def upload(request: HttpRequest, application_id: UUID, field: str) -> HttpResponse:
    """Take one file of a correction; answers with its row of the list."""
    _application, correction = open_correction(request, application_id)
    file = request.FILES.get("file")
    if correction is None or file is None:
        return HttpResponse(status=400)
    row: dict[str, Any] = {"remove_name": common.REMOVE_FILE}
    try:
        stored = actions.attach_correction_file(
            actor=actor_of(request),
            correction_id=correction.id,
            path=field,
            name=file.name or "",
            content=file,
            token=common.token_of(request),
        )
    except SoutoError as error:
        if error.status in {403, 404}:
            raise
        row |= {"name": file.name, "size": file.size, "error": text_of(error)}
        return render(request, "ui/components/upload_file.html", row, status=422)
    url = common.address(request, "file", application_id, stored["file_id"])
    row |= {"name": stored["name"], "size": stored["size"], "id": stored["file_id"], "url": url}
    return render(request, "ui/components/upload_file.html", row)


@require_safe
def review(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """What changes, old beside new; nothing is sent yet."""
    application, correction = open_correction(request, application_id)
    if correction is None:
        return redirect(_after(request, application_id))
    return render(request, "applications/correction_review.html", review_context(request, application, correction))


def review_context(request: HttpRequest, application: Application, correction: Correction) -> dict[str, Any]:
    """What the page before sending shows: what changed, and whether it must be signed (at the counter, on paper)."""
    state = correcting(correction)
    answers = state.settled()
    parts = queries.sections(application.version.definition, answers, language=common.language_of(), before=state.sent)
    changed = paths.changed(state.sent, answers)
    back, routes = common.address(request, "correction", application.id), common.routes_of(request)
    return correction_context(
        request,
        application,
        correction,
        sections=[(p, [r for r in rows_of(p, application.id, back, routes) if r.changed]) for p in parts],
        changed=changed,
        to_sign=state.needs_signature() and not _is_signed(request, application, correction, answers),
        back_url=back,
    )


def correction_context(
    request: HttpRequest, application: Application, correction: Correction, **more: Any
) -> dict[str, Any]:
    """What every page of a correction knows, on the applicant's face and at the counter."""
    routes = common.routes_of(request)
    at_counter = routes == common.COUNTER
    return common.context_of(
        application.version.definition,
        application=application,
        correction=correction,
        routes=routes,
        at_counter=at_counter,
        frame="applications/counter/frame.html" if at_counter else "ui/resident.html",
        applicant=receipts.applicant_name(application) if at_counter else "",
        after_url=_after(request, application.id),
        **more,
    )


@require_POST
def sign(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Go to the signing service with the application as corrected."""
    _application, correction = open_correction(request, application_id)
    if correction is None:
        return redirect(_after(request, application_id))
    try:
        url = actions.start_signing_correction(
            actor=actor_of(request),
            correction_id=correction.id,
            return_to=reverse("applications:correction_signed", args=[application_id]),
        )
    except IncompleteError as error:
        return _show(request, correction.application, correction, error.problems)
    return redirect(url)


@require_safe
def signed(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Back from the signing service."""
    application, correction = open_correction(request, application_id)
    if correction is None:
        return redirect(_after(request, application_id))
    if _is_signed(request, application, correction, correcting(correction).settled()):
        messages.success(request, _("署名を確認しました。内容を確認して、送信してください"))
    else:
        messages.warning(request, _("署名を確認できませんでした。もう一度署名するか、担当課に電話してください"))
    return redirect(common.address(request, "correction_review", application_id))


@require_POST
def submit(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Send the correction."""
    application, correction = open_correction(request, application_id)
    if correction is None:
        # A second tap: the first has been taken.
        return redirect(_after(request, application_id))
    try:
        actions.submit_correction(actor=actor_of(request), correction_id=correction.id, token=common.token_of(request))
    except IncompleteError as error:
        return _show(request, application, correction, error.problems)
    except (NothingChangedError, SignatureNeededError) as error:
        messages.warning(request, text_of(error))
        return redirect(common.address(request, "correction_review", application_id))
    messages.success(request, _("修正を受け付けました。審査を続けます"))
    return redirect(_after(request, application_id))


def _after(request: HttpRequest, application_id: UUID) -> str:
    """Where one is when nothing is left to correct."""
    name = "receipt" if common.routes_of(request) == common.COUNTER else "detail"
    return common.address(request, name, application_id)


def open_correction(request: HttpRequest, application_id: UUID) -> tuple[Application, Correction | None]:
    """The application and its open request (None where nothing is asked), for the applicant or, at the counter, for its section."""
    actor = actor_of(request)
    if common.routes_of(request) == common.COUNTER:
        application = queries.access_counter_application(actor=actor, application_id=application_id)
    else:
        application = queries.access_own_application(
            actor=actor, application_id=application_id, token=common.token_of(request)
        )
    correction = queries.open_correction(application)
    if correction is not None:
        correction.application = application
    return application, correction


def _show(
    request: HttpRequest, application: Application, correction: Correction, problems: Sequence[Problem] = ()
) -> HttpResponse:
    definition, language = application.version.definition, common.language_of()
    state = correcting(correction)
    reasons = {item["path"]: item["reason"] for item in correction.items}
    routes = common.routes_of(request)
    tasks = [_task(application, state, path, reasons, problems, routes) for path in state.fields()]
    shown = frozenset(state.fields())
    rest = queries.sections(definition, state.sent, language=language)
    context = correction_context(
        request,
        application,
        correction,
        tasks=tasks,
        problems=common.for_summary(problems),
        days_left=(correction.due_on - clock.today()).days,
        rest=[
            (p, [r for a, r in zip(p.rows, rows, strict=True) if not paths.covers(shown, a.path)])
            for p in rest
            for rows in [rows_of(p, application.id, routes=routes)]
        ],
    )
    return render(request, "applications/correction.html", context, status=422 if problems else 200)


def _task(
    application: Application,
    state: Correcting,
    path: str,
    reasons: dict[str, str],
    problems: Sequence[Problem],
    routes: str,
) -> dict[str, Any]:
    language = common.language_of()
    field = state.definition.field_at(path)
    assert field is not None
    sent = paths.get(state.sent, path)
    reason = next((text for named, text in reasons.items() if paths.covers([named], path)), "")
    row = path.split("/", maxsplit=1)[0] if "/" in path else ""
    group = state.definition.field_at(row) if row else None
    return {
        "widget": widgets.of_path(
            state.definition,
            path,
            raw=state.form(),
            answers=state.answers,
            facts=state.facts,
            problems=problems,
            uploads=widgets.uploads_for(application.id, f"{routes}:correction_upload", f"{routes}:file"),
        ),
        "reason": reason,
        "before": field.display(sent, language=language) if sent is not None else [],
        "group": say(group.label, language) if group else "",
    }


def _brought_up(before: Correction, saved: CorrectionSaved) -> bool:
    """True when the posted answers have opened further questions, which are shown before going on."""
    return len(correcting(saved.correction).fields()) > len(correcting(before).fields())


def _is_signed(request: HttpRequest, application: Application, correction: Correction, answers: dict[str, Any]) -> bool:
    return queries.is_signed(
        actor=actor_of(request), signing_id=correction.signing_id, record=application, answers=answers
    )
