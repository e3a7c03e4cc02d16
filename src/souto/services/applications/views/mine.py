"""The applicant's applications: the list, one with its timeline, withdrawal, the two questions at the end."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from souto.foundation.documents import queries as documents
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError
from souto.kernel.language import say
from souto.services.applications import actions, lifecycle, queries
from souto.services.applications.actions import (
    ChooseOneError,
    CommentTooLongError,
    FeedbackGivenError,
    NoteTooLongError,
    ReasonMissingError,
)
from souto.services.applications.models import Application
from souto.services.applications.views import common
from souto.services.applications.views.sending import rows_of

_READER = Actor.system("applications.reader")
#: Which of the applicant's rows a tab of the list shows.
_TABS = ("all", "todo", "open", "done")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits for her first, then what is under way, then what is over."""
    actor = actor_of(request)
    if not actor.is_resident:
        return common.to_sign_in(request)
    rows = queries.list_mine(actor=actor, language=common.language_of())
    groups = {
        "todo": [r for r in rows if r.needs_action],
        "open": [r for r in rows if not r.needs_action and not r.is_finished],
        "done": [r for r in rows if r.is_finished],
    }
    asked = request.GET.get("show", "all")
    context = {
        "groups": groups,
        "show": asked if asked in _TABS else "all",
        "total": len(rows),
        "today": clock.today(),
        "language": common.language_of(),
    }
    return render(request, "applications/list.html", context)


@require_safe
def detail(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Where it stands, what happened, what was sent. A draft's address leads to the draft."""
    actor, token = actor_of(request), common.token_of(request)
    try:
        application = queries.access_own_application(actor=actor, application_id=application_id, token=token)
    except HiddenError:
        if actor.is_anonymous:
            return common.to_sign_in(request)
        raise
    except NotFoundError:
        return redirect(
            "applications:draft", queries.access_draft(actor=actor, draft_id=application_id, token=token).id
        )
    language = common.language_of()
    outcome = queries.outcome_of(application)
    parts = queries.answers_view(application, language)
    context = common.context_of(
        application.version.definition,
        application=application,
        state=queries.applicant_state(application, language=language),
        outcome=say(outcome.label, language) if outcome else "",
        decision=queries.decision_of(application),
        correction=queries.open_correction(application),
        timeline=queries.timeline(application, queries.Audience.APPLICANT, language=language),
        sections=[(part, rows_of(part, application.id)) for part in parts],
        documents=queries.documents_for_applicant(application),
        charges=queries.charges_of(application),
        today=clock.today(),
        may_withdraw=lifecycle.of(application.kind).allows(application.state, "withdraw", by=actor.kind),
        may_answer=queries.may_give_feedback(application),
    )
    return render(request, "applications/detail.html", context)


@require_safe
def copy(request: HttpRequest, application_id: UUID, document_id: UUID) -> HttpResponse | FileResponse:
    """A document about the application, for whoever may see that; while it is being made, a page that says so."""
    application = _own(request, application_id)
    if document_id not in {d.id for d in queries.documents_for_applicant(application)}:
        raise HiddenError("documents.document", document_id)
    try:
        _, content = documents.open_document(actor=_READER, document_id=document_id)
    except documents.NotReadyError:
        return render(
            request,
            "applications/copy_waiting.html",
            common.context_of(application.version.definition, application=application),
        )
    response = FileResponse(content, content_type="application/pdf", filename=f"{application.number}.pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{application.number}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Take the application back, with the reason, after asking."""
    application = _own(request, application_id)
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            actions.withdraw(
                actor=actor_of(request),
                application_id=application_id,
                reason=request.POST.get("reason", ""),
                token=common.token_of(request),
            )
        except (ReasonMissingError, NoteTooLongError) as error:
            problems = common.own_error(error, "f-reason")
        else:
            messages.success(request, _("取り下げました"))
            return redirect("applications:detail", application_id)
    elif not lifecycle.of(application.kind).allows(application.state, "withdraw", by=actor_of(request).kind):
        return redirect("applications:detail", application_id)
    context = common.context_of(
        application.version.definition,
        application=application,
        problems=problems,
        reason=request.POST.get("reason", ""),
    )
    return render(request, "applications/withdraw.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "POST"])
def feedback(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Two questions, once."""
    application = _own(request, application_id)
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            actions.give_feedback(
                actor=actor_of(request),
                application_id=application_id,
                ease=_scale(request.POST.get("ease", "")),
                satisfaction=_scale(request.POST.get("satisfaction", "")),
                comment=request.POST.get("comment", ""),
                token=common.token_of(request),
            )
        except (ChooseOneError, CommentTooLongError) as error:
            problems = common.own_error(error)
        except FeedbackGivenError:
            return redirect("applications:detail", application_id)
        else:
            messages.success(request, _("ありがとうございました。手続きをよくするために使います"))
            return redirect("applications:detail", application_id)
    elif not queries.may_give_feedback(application):
        return redirect("applications:detail", application_id)
    context = common.context_of(
        application.version.definition,
        application=application,
        problems=problems,
        errors=dict(problems),
        typed=request.POST,
        ease_scale=_words(
            _("とても難しかった"), _("難しかった"), _("どちらでもない"), _("簡単だった"), _("とても簡単だった")
        ),
        satisfaction_scale=_words(_("とても不満"), _("不満"), _("どちらでもない"), _("満足"), _("とても満足")),
    )
    return render(request, "applications/feedback.html", context, status=422 if problems else 200)


def _own(request: HttpRequest, application_id: UUID) -> Application:
    return queries.access_own_application(
        actor=actor_of(request), application_id=application_id, token=common.token_of(request)
    )


def _scale(text: str) -> int:
    return int(text) if text in {"1", "2", "3", "4", "5"} else 0


def _words(*words: str) -> list[tuple[str, str]]:
    """The scale from 5 down to 1, as people read it."""
    return [(str(value), word) for value, word in reversed(list(enumerate(words, start=1)))]
