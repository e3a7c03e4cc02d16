"""What the pages of this room share: the anonymous browser's token, posted forms, problems in words."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from souto.foundation.identity import queries as identity
from souto.foundation.ui.city import Section, city
from souto.foundation.ui.errors import text_of
from souto.kernel.errors import SoutoError
from souto.services.applications.actions import Edit, Upload
from souto.services.applications.merging import Tab
from souto.services.applications.models import Draft
from souto.services.procedures.definition import Definition, Problem, control_id
from souto.services.procedures.definition.fields import FileField

#: The name of the counter's addresses.
COUNTER = "applications_staff"
COOKIE = "souto_draft"
_COOKIE_SECONDS = 60 * 60 * 24 * 90
#: Without a script, files come with the form under this prefix and the path of their field.
_FILE = "file:"
#: The button that takes a file away; its value is the file's id.
REMOVE_FILE = "remove_file"
_TAB, _REVISION, _BASE = "tab.id", "tab.revision", "tab.base"


def address(request: HttpRequest, name: str, *args: Any) -> str:
    """The address of a page of a draft on the face that this page belongs to: the applicant's own, or the counter's."""
    return reverse(f"{routes_of(request)}:{name}", args=args)


def routes_of(request: HttpRequest) -> str:
    """The name of the addresses of drafts on the face that this page belongs to."""
    match = request.resolver_match
    return COUNTER if match is not None and match.namespace == COUNTER else "applications"


def draft_context(request: HttpRequest, draft: Draft, **more: Any) -> dict[str, Any]:
    """`context_of` for pages of a draft, which the applicant's face and the counter share: whose addresses, in which frame."""
    definition = draft.version.definition
    if routes_of(request) != COUNTER:
        return context_of(definition, draft=draft, routes="applications", frame="ui/resident.html", **more)
    name = identity.person_display_name(draft.person_id) if draft.person_id else ""
    frame = "applications/counter/frame.html"
    return context_of(definition, draft=draft, routes=COUNTER, frame=frame, applicant=name, **more)


def language_of() -> str:
    """The language of the page."""
    return translation.get_language() or settings.LANGUAGE_CODE


def token_of(request: HttpRequest) -> str:
    """The token by which this browser keeps the draft or application whose pages it opens; "" where there is none."""
    return request.COOKIES.get(COOKIE, "")


def keep_token(response: HttpResponse, record_id: UUID, token: str) -> None:
    """Let the browser keep `token`, for the pages of this record only."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=_COOKIE_SECONDS,
        path=reverse("applications:detail", args=[record_id]),
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a visitor to sign in, and back to this page."""
    return redirect(f"{reverse('identity:sign_in')}?{urlencode({'next': request.get_full_path()})}")


def raw_of(request: HttpRequest) -> dict[str, list[str]]:
    """The posted values by name; null bytes never reach a record."""
    return {
        name.replace("\x00", ""): [value.replace("\x00", "") for value in request.POST.getlist(name)]
        for name in request.POST
    }


def tab_of(request: HttpRequest) -> Tab | None:
    """What the posted page says of its tab, None where a simple client says nothing."""
    revision = request.POST.get(_REVISION, "")
    if not revision.isdecimal() or len(revision) > 9:
        return None
    try:
        base = json.loads(request.POST.get(_BASE) or "{}")
    except ValueError:
        base = {}
    known = {str(k): str(v) for k, v in base.items()} if isinstance(base, dict) else {}
    return Tab(int(revision), known, request.POST.get(_TAB, "")[:32])


def tab_fields(revision: int, base: Mapping[str, str], tab: Tab | None) -> list[tuple[str, str]]:
    """The hidden fields by which a page says what it showed."""
    return [
        (_TAB, tab.id if tab and tab.id else secrets.token_hex(8)),
        (_REVISION, str(revision)),
        (_BASE, json.dumps(dict(base), separators=(",", ":"))),
    ]


def edit_of(request: HttpRequest) -> Edit | None:
    """The named button that was pressed inside the form, if any: `add:children`, `remove:children/a1b2c3d4`, `remove_file` (value: the file)."""
    for name in request.POST:
        verb, _colon, rest = name.partition(":")
        if verb == "add" and rest:
            return Edit("add_row", rest)
        if verb == "remove" and "/" in rest:
            path, _slash, row = rest.rpartition("/")
            return Edit("remove_row", path, row)
        if name == REMOVE_FILE:
            return Edit("remove_file", "", request.POST[name])
    return None


def uploads_of(request: HttpRequest, definition: Definition) -> list[Upload]:
    """Files that came with the form, in the order in which they were chosen."""
    return [
        Upload(path, file.name or "", file)
        for name in request.FILES
        if isinstance(definition.field_at(path := name.removeprefix(_FILE)), FileField)
        for file in request.FILES.getlist(name)
    ]


def say_problem(problem: Problem) -> str:
    """A problem in the language of the page."""
    return problem.say(language_of(), _)


def for_summary(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """Problems as the error summary wants them: the control's id, and the words."""
    return [(problem.control, say_problem(problem)) for problem in problems]


def own_error(error: SoutoError, fallback: str = "") -> list[tuple[str, str]]:
    """One of Souto's own errors for the error summary; its field is the id of the control."""
    return [(control_id(error.field) if error.field else fallback, text_of(error))]


def contact_for(definition: Definition) -> Section | None:
    """Whom to call about a procedure."""
    return city().section(definition.department)


def context_of(definition: Definition, **more: Any) -> dict[str, Any]:
    """What every page about a procedure knows."""
    return {"definition": definition, "department": definition.department, "language": language_of(), **more}
