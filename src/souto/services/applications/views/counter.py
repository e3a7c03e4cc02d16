"""The counter (窓口): an officer finds the person, fills in the same form with her sitting there, sends it and hands over the copy."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from souto.foundation.documents import queries as documents
from souto.foundation.identity import actions as identity
from souto.foundation.ui.dates import day_text
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.calendar import DateError, parse_date
from souto.kernel.errors import HiddenError, NotFoundError
from souto.kernel.language import LANGUAGES
from souto.services.applications import actions, queries, receipts
from souto.services.applications.actions import (
    AttendanceError,
    ChangedSinceReviewError,
    IncompleteError,
    NothingChangedError,
)
from souto.services.applications.attendance import CHECK_LABELS, WAY_LABELS, Attendance, IdentityCheck, Way
from souto.services.applications.models import Application, Correction, Draft
from souto.services.applications.queries.access import WORK
from souto.services.applications.queries.documents import RECEIPT
from souto.services.applications.views import common
from souto.services.applications.views.correction import open_correction
from souto.services.applications.views.correction import review_context as review_correction
from souto.services.applications.views.sending import review_context
from souto.services.procedures.definition import Definition

if TYPE_CHECKING:
    from souto.foundation.identity.profiles import Profile

_READER = Actor.system("applications.reader")
#: A person found is offered to this officer for so long; the page names her by a sealed word, so that nobody can be named unfound.
_FOUND_SECONDS = 60 * 60
_SALT = "applications.counter.person"
#: In which languages copies and messages speak, each called by its own name.
_LANGUAGE_NAMES = {"ja": "日本語", "ja-easy": "やさしい日本語", "en": "English"}

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def counter_page(view: View) -> View:
    """Visitors are led to the sign-in of staff; residents find nothing here; staff need `casework.work`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = actor_of(request)
        if actor.is_anonymous:
            there = request.get_full_path() if request.method == "GET" else reverse("applications_staff:counter")
            return redirect(f"{reverse('identity_staff:sign_in')}?{urlencode({'next': there})}")
        if not actor.is_staff:
            raise NotFoundError
        actor.require(WORK)
        return view(request, *args, **kwargs)

    return cast("View", guarded)


@require_safe
@counter_page
def index(request: HttpRequest) -> HttpResponse:
    """What can be taken in here, and what was begun."""
    actor, language = actor_of(request), common.language_of()
    context = {
        "procedures": [version.definition for version in queries.counter_procedures(actor)],
        "drafts": queries.counter_drafts(actor, language=language),
        "language": language,
    }
    return render(request, "applications/counter/index.html", context)


@require_http_methods(["GET", "POST"])
@counter_page
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Whose application it is: found by name and birth date or by number, or typed anew; then the form begins."""
    actor = actor_of(request)
    version = next((v for v in queries.counter_procedures(actor) if v.procedure.slug == slug), None)
    if version is None:
        raise NotFoundError
    found: list[Profile] | None = None
    problems: list[tuple[str, str]] = []
    if "search" in request.POST:
        found, problems = _search(request)
    elif request.method == "POST":
        person_id, problems = _chosen(request)
        if not problems:
            language = request.POST.get("language", "")
            draft = actions.start_draft(
                actor=actor,
                slug=slug,
                language=language if language in LANGUAGES else "ja",
                person_id=person_id,
            ).draft
            return redirect("applications_staff:page", draft.id, draft.version.definition.pages[0].key)
    context = common.context_of(
        version.definition,
        typed={name: request.POST.get(name, "") for name in ("name", "birth_date", "number")},
        found=None if found is None else [(_sealed(actor, p), p, _birthday(p)) for p in found],
        languages=[(code, _LANGUAGE_NAMES[code]) for code in LANGUAGES],
        chosen_language=found[0].language if found else "ja",
        problems=problems,
        errors=_by_name(problems),
    )
    return render(request, "applications/counter/person.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "POST"])
@counter_page
def review(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """All answers to read out and confirm; who came; then it is taken in, once."""
    actor = actor_of(request)
    try:
        draft = queries.access_draft(actor=actor, draft_id=draft_id)
    except NotFoundError:
        application = queries.access_counter_application(actor=actor, application_id=draft_id)
        return redirect("applications_staff:receipt", application.id)
    if request.method == "GET":
        return _show_review(request, draft)
    revision = request.POST.get("revision", "")
    try:
        application = actions.submit(
            actor=actor,
            draft_id=draft_id,
            revision=int(revision) if revision.isdecimal() and len(revision) < 10 else None,
            attendance=_attendance(request),
        )
    except AttendanceError as error:
        return _show_review(request, draft, [(f"f-{error.field}", text_of(error))])
    except (IncompleteError, ChangedSinceReviewError) as error:
        messages.warning(request, text_of(error))
        return redirect("applications_staff:review", draft_id)
    return redirect("applications_staff:receipt", application.id)


@require_http_methods(["GET", "POST"])
@counter_page
def correction_review(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """A correction typed for the applicant: what changes, who told it and how; then it is sent, once."""
    application, correction = open_correction(request, application_id)
    if correction is None:
        return redirect("applications_staff:receipt", application_id)
    if request.method == "GET":
        return _show_correction(request, application, correction)
    try:
        actions.submit_correction(actor=actor_of(request), correction_id=correction.id, attendance=_attendance(request))
    except AttendanceError as error:
        return _show_correction(request, application, correction, [(f"f-{error.field}", text_of(error))])
    except (IncompleteError, NothingChangedError) as error:
        messages.warning(request, text_of(error))
        return redirect("applications_staff:correction", application_id)
    messages.success(request, _("修正を受け付けました。審査を続けます"))
    return redirect("applications_staff:receipt", application_id)


@require_safe
@counter_page
def receipt(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Taken in: the number to say, the copy to print and hand over, the case to go on with."""
    application = queries.access_counter_application(actor=actor_of(request), application_id=application_id)
    made = documents.documents_of(purpose=RECEIPT, subject_id=application.id, for_person=True)
    context = common.context_of(
        application.version.definition,
        application=application,
        applicant=receipts.applicant_name(application),
        attended=queries.attended(application),
        next_steps=receipts.next_steps(application, common.language_of()),
        expected=receipts.expected_line(application, common.language_of()),
        copy=made[-1] if made else None,
        charges=queries.charges_of(application),
        correction=queries.open_correction(application),
        today=clock.today(),
    )
    return render(request, "applications/counter/receipt.html", context)


@require_safe
@counter_page
def copy(request: HttpRequest, application_id: UUID, document_id: UUID) -> HttpResponse | FileResponse:
    """The copy (控え) as a PDF, to print; while it is being made, back to the page that says so."""
    application = queries.access_counter_application(actor=actor_of(request), application_id=application_id)
    made = documents.documents_of(purpose=RECEIPT, subject_id=application.id, for_person=True)
    if document_id not in {document.id for document in made}:
        raise HiddenError("documents.document", document_id)
    try:
        _document, content = documents.open_document(actor=_READER, document_id=document_id)
    except documents.NotReadyError:
        messages.info(request, _("控えを作っています。1分ほどしてから、もう一度開いてください。"))
        return redirect("applications_staff:receipt", application_id)
    response = FileResponse(content, content_type="application/pdf", filename=f"{application.number}.pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{application.number}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _show_review(request: HttpRequest, draft: Draft, problems: list[tuple[str, str]] | None = None) -> HttpResponse:
    context = review_context(
        request,
        draft,
        checks=_checks(draft.version.definition),
        typed=request.POST,
        errors=_by_name(problems or []),
    )
    context["attendance_problems"] = problems or []
    return render(request, "applications/counter/review.html", context, status=422 if problems else 200)


def _show_correction(
    request: HttpRequest,
    application: Application,
    correction: Correction,
    problems: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    mandate = application.mandate or {}
    came = {"who": "proxy", "proxy_name": mandate["name"], "relation": mandate["relation"]} if "name" in mandate else {}
    context = review_correction(request, application, correction)
    context |= {
        "ways": [(way.value, _(label)) for way, label in WAY_LABELS.items()],
        "checks": _checks(application.version.definition),
        "typed": request.POST if request.method == "POST" else came,
        "errors": _by_name(problems or []),
        "problems": problems or [],
    }
    return render(request, "applications/counter/correction_review.html", context, status=422 if problems else 200)


def _checks(definition: Definition) -> list[tuple[str, str]]:
    """The ways to make sure of identity that a procedure allows, in words."""
    return [
        (check.value, _(label))
        for check, label in CHECK_LABELS.items()
        if check is not IdentityCheck.NOT_NEEDED or not definition.needs_identity
    ]


def _attendance(request: HttpRequest) -> Attendance:
    code, way = request.POST.get("check", ""), request.POST.get("way", "")
    return Attendance(
        check=IdentityCheck(code) if code in set(IdentityCheck) else None,
        is_proxy=request.POST.get("who") == "proxy",
        proxy_name=request.POST.get("proxy_name", ""),
        relation=request.POST.get("relation", ""),
        mandate_seen=request.POST.get("mandate_seen") == "1",
        way=Way(way) if way in set(Way) else Way.COUNTER,
    )


def _search(request: HttpRequest) -> tuple[list[Profile] | None, list[tuple[str, str]]]:
    name, number = (request.POST.get(key, "").replace("\x00", "")[:200] for key in ("name", "number"))
    day = request.POST.get("birth_date", "").replace("\x00", "").strip()
    try:
        birth_date = parse_date(day) if day else None
        found = identity.look_up_persons(actor=actor_of(request), name=name, birth_date=birth_date, number=number)
    except DateError as error:
        return None, [("f-birth_date", text_of(error))]
    except identity.LookUpTooWideError as error:
        return None, [("f-name", text_of(error))]
    return found, []


def _chosen(request: HttpRequest) -> tuple[UUID | None, list[tuple[str, str]]]:
    word = request.POST.get("person", "")
    if not word:
        return None, []
    try:
        officer, person = signing.loads(word, salt=_SALT, max_age=_FOUND_SECONDS)
    except signing.BadSignature:
        officer, person = "", ""
    if officer != str(actor_of(request).id):
        return None, [("f-name", _("時間がたったため、もう一度さがしてください。"))]
    return UUID(person), []


def _by_name(problems: list[tuple[str, str]]) -> dict[str, str]:
    return {control.removeprefix("f-"): words for control, words in problems}


def _sealed(actor: Actor, profile: Profile) -> str:
    return signing.dumps([str(actor.id), str(profile.person_id)], salt=_SALT)


def _birthday(profile: Profile) -> str:
    """The birth date as people read it; of a date that is known in part, the year."""
    if profile.birthday is not None:
        return day_text(profile.birthday, common.language_of())
    year = profile.birth_date[1:5]
    return _("%(year)s年（月日は一部不明）") % {"year": year} if year.strip("0") else ""
