"""Review, signature, sending, receipt, and the files of a form."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from souto.foundation.documents import queries as documents
from souto.foundation.ui.components import SummaryRow
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError
from souto.services.applications import actions, queries, receipts
from souto.services.applications.actions import (
    ChangedSinceReviewError,
    IncompleteError,
    SignatureNeededError,
    SignInNeededError,
)
from souto.services.applications.actions.files import PURPOSE
from souto.services.applications.filling import Filling
from souto.services.applications.known import facts_for
from souto.services.applications.models import Draft
from souto.services.applications.queries.answers import AnswerRow, AnswerSection
from souto.services.applications.queries.documents import RECEIPT
from souto.services.applications.views import common
from souto.services.procedures.definition.fields import ComputedField

#: Reads a file for the browser that holds the token of its draft: the gate of `documents` knows persons only.
_READER = Actor.system("applications.reader")


@require_safe
def review(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """All answers on one page, each with its way back; nothing is sent yet."""
    actor, token = actor_of(request), common.token_of(request)
    try:
        draft = queries.access_draft(actor=actor, draft_id=draft_id, token=token)
    except NotFoundError:
        # Sent meanwhile, in another tab or by a first tap: its receipt stands.
        application = queries.access_own_application(actor=actor, application_id=draft_id, token=token)
        return redirect("applications:receipt", application.id)
    return render(request, "applications/review.html", review_context(request, draft))


def review_context(request: HttpRequest, draft: Draft, **more: Any) -> dict[str, Any]:
    """What the page before sending shows."""
    actor = actor_of(request)
    definition = draft.version.definition
    facts = facts_for(actor, draft.person_id)
    filling = Filling(definition, draft.answers, draft.raw, facts, seed=str(draft.id))
    answers = filling.settled()
    problems = definition.check_all(answers, facts=facts, today=clock.today())
    parts = queries.sections(definition, answers, language=common.language_of(), shown=filling.visible().paths)
    signed = definition.signature and _is_signed(actor, draft, answers)
    return common.draft_context(
        request,
        draft,
        sections=[(part, _rows(request, draft, part, filling), _page_url(request, draft, part)) for part in parts],
        problems=[(f"s-{p.page_key}", common.say_problem(p)) for p in problems],
        fee=_fee_beside(filling, answers),
        back_url=_page_url(request, draft, parts[-1]) if parts else "",
        to_sign=definition.signature and not signed,
        signed=signed,
        superseded=draft.version.state == "superseded",
        **more,
    )


@require_POST
def sign(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go to the signing service with what is about to be sent."""
    try:
        url = actions.start_signing(
            actor=actor_of(request),
            draft_id=draft_id,
            return_to=reverse("applications:signed", args=[draft_id]),
        )
    except IncompleteError:
        return redirect("applications:draft", draft_id)
    return redirect(url)


@require_safe
def signed(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Back from the signing service: the review says whether the signature counts."""
    actor = actor_of(request)
    draft = queries.access_draft(actor=actor, draft_id=draft_id)
    facts = facts_for(actor, draft.person_id)
    answers = Filling(draft.version.definition, draft.answers, draft.raw, facts).settled()
    if _is_signed(actor, draft, answers):
        messages.success(request, _("署名を確認しました。内容を確認して、送信してください"))
    else:
        messages.warning(request, _("署名を確認できませんでした。もう一度署名するか、担当課に電話してください"))
    return redirect("applications:review", draft_id)


@require_POST
def submit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Send, once; whoever taps twice sees the same receipt."""
    revision = request.POST.get("revision", "")
    try:
        application = actions.submit(
            actor=actor_of(request),
            draft_id=draft_id,
            revision=int(revision) if revision.isdecimal() and len(revision) < 10 else None,
            language=common.language_of(),
            token=common.token_of(request),
        )
    except SignInNeededError:
        return common.to_sign_in(request)
    except (IncompleteError, ChangedSinceReviewError, SignatureNeededError) as error:
        messages.warning(request, text_of(error))
        return redirect("applications:review", draft_id)
    return redirect("applications:receipt", application.id)


@require_safe
def receipt(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Received: number, time, what happens next. The page can be opened again at any time."""
    application = queries.access_own_application(
        actor=actor_of(request), application_id=application_id, token=common.token_of(request)
    )
    language = common.language_of()
    made = documents.documents_of(purpose=RECEIPT, subject_id=application.id, for_person=True)
    context = common.context_of(
        application.version.definition,
        application=application,
        next_steps=receipts.next_steps(application, language),
        expected=receipts.expected_line(application, language),
        copy=made[-1] if made else None,
        email=application.contact["email"],
        charges=queries.charges_of(application),
        today=clock.today(),
    )
    return render(request, "applications/receipt.html", context)


@require_safe
def file(request: HttpRequest, record_id: UUID, file_id: UUID) -> FileResponse:
    """A file of a draft or an application, for whoever may see that."""
    actor, token = actor_of(request), common.token_of(request)
    try:
        queries.access_application(actor=actor, application_id=record_id, token=token)
    except HiddenError:
        raise
    except NotFoundError:
        queries.access_draft(actor=actor, draft_id=record_id, token=token)
    stored, content = documents.open_file(actor=_READER, file_id=file_id)
    if (stored.purpose, stored.subject_id) != (PURPOSE, record_id):
        raise HiddenError("documents.storedfile", file_id)
    response = FileResponse(content, content_type=stored.media_type)
    shown = stored.is_image or stored.media_type == "application/pdf"
    kind = "inline" if shown else "attachment"
    response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(stored.name)}"
    sandbox = "" if stored.media_type == "application/pdf" else "sandbox; "
    response.headers["Content-Security-Policy"] = f"{sandbox}script-src 'none'; frame-ancestors 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def rows_of(
    part: AnswerSection, record_id: UUID, change_url: str = "", routes: str = "applications"
) -> list[SummaryRow]:
    """A section for the summary list; a file's row leads to the file, at the addresses of `routes`."""
    return [_row(row, record_id, change_url, routes) for row in part.rows]


def _row(row: AnswerRow, record_id: UUID, change_url: str, routes: str = "applications") -> SummaryRow:
    url = reverse(f"{routes}:file", args=[record_id, row.files[0].file_id]) if len(row.files) == 1 else ""
    return SummaryRow(
        key=row.label,
        value=row.lines,
        change_url=change_url,
        changed=row.changed,
        before=row.before,
        url=url,
        map=row.map,
        map_still=True,
    )


def _rows(request: HttpRequest, draft: Draft, part: AnswerSection, filling: Filling) -> list[SummaryRow]:
    url, routes = _page_url(request, draft, part), common.routes_of(request)
    return [_row(row, draft.id, url if _can_change(filling, row.path) else "", routes) for row in part.rows]


def _can_change(filling: Filling, path: str) -> bool:
    """False for what the card says and for what is worked out from other answers."""
    field = filling.definition.field_at(path)
    return field is not None and not isinstance(field, ComputedField) and filling.fixed(field) is None


def _fee_beside(filling: Filling, answers: dict[str, Any]) -> int | None:
    """The fee, unless an answer that is worked out says it already."""
    fee = filling.definition.fee_amount(answers, filling.facts)
    said = [answers.get(f.key) for _, f in filling.definition.all_fields() if isinstance(f, ComputedField)]
    return None if fee in said else fee


def _page_url(request: HttpRequest, draft: Draft, part: AnswerSection) -> str:
    return f"{common.address(request, 'page', draft.id, part.key)}?return=review"


def _is_signed(actor: Actor, draft: Draft, answers: dict[str, object]) -> bool:
    return queries.is_signed(actor=actor, signing_id=draft.signing_id, record=draft, answers=answers)
