"""What a driver's tablet asks the server: the day's list of its vehicle, and to take in what it kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Any, Literal, TypeVar, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from souto.foundation.ui import live
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError
from souto.services.transit import actions, queries
from souto.services.transit.models import DroppedReport, EventKind
from souto.services.transit.staff.drive_words import SheetRow, sheet_row, tag_of

#: Rows that one delivery may hold.
MOST = 200
Reason = DroppedReport.Reason
View = TypeVar("View", bound=Callable[..., HttpResponse])


class Row(BaseModel):
    """A report as a tablet kept it."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    kind: EventKind | Literal["fare"]
    at: AwareDatetime
    booking: UUID | None = None
    amount: int | None = Field(None, ge=0)


class Place(BaseModel):
    """Where a vehicle is, degrees, by the tablet's clock."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    at: AwareDatetime


class Delivery(BaseModel):
    """What a tablet sends: rows are read one by one, so that a bad one holds up no other."""

    day: date
    sent_at: AwareDatetime
    reports: list[dict[str, Any]] = Field(default_factory=list, max_length=MOST)
    seen: Place | None = None


class DroppedRow(BaseModel):
    """A refused report that its driver gives up."""

    id: UUID
    kind: str = Field(max_length=16)
    at: AwareDatetime
    booking: UUID | None = None
    reason: Reason


class Dismissal(BaseModel):
    """Refused reports that a driver gives up."""

    day: date
    reports: list[DroppedRow] = Field(min_length=1, max_length=MOST)


def _for_tablets(view: View) -> View:
    """Who has not signed in is told so (401): the tablet keeps what it has. Residents find nothing here, staff need the permission."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor.is_anonymous:
            return _answer({"message": _("サインインしてください。")}, status=401)
        if not actor.is_staff:
            raise NotFoundError
        actor.require(queries.DRIVE)
        get_token(request)  # the tablet reads the token from its cookie
        return view(request, *args, **kwargs)

    return cast("View", guarded)


def _answer(body: dict[str, Any], *, status: int = 200) -> JsonResponse:
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def made(actor: Actor, slug: str, vehicle: str) -> SheetRow:
    """Today's list of a vehicle. Raises `ForbiddenError`, `NotFoundError`."""
    day = queries.access_vehicle(actor=actor, slug=slug, day=clock.today(), vehicle=vehicle)
    language = translation.get_language() or "ja"
    return sheet_row(day, queries.sheet(day, vehicle), actor=actor, language=language)


@require_safe
@_for_tablets
def plan(request: HttpRequest, slug: str, vehicle: str) -> HttpResponse:
    """Today's list of a vehicle, with its entity tag; 304 where the tablet has it already."""
    row = made(actor_of(request), slug, vehicle)
    if not row["mine"]:
        day = queries.access_vehicle(actor=actor_of(request), slug=slug, day=clock.today(), vehicle=vehicle)
        actions.note_sheet(actor=actor_of(request), day=day, vehicle=vehicle)
    tag = tag_of(row)
    answer = _answer(dict(row))
    answer.headers["ETag"] = tag
    found = get_conditional_response(request, etag=tag, response=answer)
    return answer if found is None else found


@require_safe
@_for_tablets
def listen(request: HttpRequest, slug: str, vehicle: str) -> HttpResponse:
    """Let the tablet hear when its day changes, so that it asks for the list at once; it asks now and then anyway."""
    day = queries.access_vehicle(actor=actor_of(request), slug=slug, day=clock.today(), vehicle=vehicle)
    return live.grant(request, f"transit.day:{day.id}")


@require_POST
@_for_tablets
def deliveries(request: HttpRequest, slug: str, vehicle: str) -> HttpResponse:
    """Take in what the tablet kept; says of each row whether it is stored now, or why not, and hands out the list as it is then."""
    actor = actor_of(request)
    try:
        sent = Delivery.model_validate_json(request.body)
    except ValidationError:
        return _answer({"message": _("送られた内容を読み取れませんでした。")}, status=400)
    good, results = _read(sent.reports)
    known = True
    seen = actions.Seen(sent.seen.lat, sent.seen.lon, sent.seen.at) if sent.seen else None
    try:
        taken = actions.deliver(
            actor=actor,
            slug=slug,
            day=sent.day,
            vehicle=vehicle,
            reports=[
                actions.Report(row.id, row.kind, row.at, row.booking) for row in good if isinstance(row.kind, EventKind)
            ],
            fares=[
                actions.TakenFare(row.id, row.booking, row.amount)
                for row in good
                if row.kind == "fare" and row.booking is not None and row.amount is not None
            ],
            sent_at=sent.sent_at,
            seen=seen,
        )
    except NotFoundError:  # no such vehicle on that day: nobody may lose a row over it
        known = False
        results += [_refused(str(row.id), Reason.UNREADABLE) for row in good]
    except actions.OldDayError:
        results += [_refused(str(row.id), Reason.OLD) for row in good]
    except actions.BusyError:
        busy = _answer({"message": _("混み合っています。")}, status=503)
        busy.headers["Retry-After"] = "2"
        return busy
    else:
        results += [{"id": str(key), "stored": True} for key in taken.stored]
        results += [_refused(str(key), Reason.UNKNOWN) for key in taken.unknown]
        results += [{**_refused(str(key), Reason.NO_FARE), "words": text_of(why)} for key, why in taken.fares.items()]
    body: dict[str, Any] = {"results": results}
    if known and sent.day == clock.today():
        row = made(actor, slug, vehicle)
        body |= {"sheet": row, "tag": tag_of(row)}
    return _answer(body)


def _read(rows: Sequence[dict[str, Any]]) -> tuple[list[Row], list[dict[str, Any]]]:
    good: list[Row] = []
    refused = []
    for one in rows:
        try:
            row = Row.model_validate(one)
        except ValidationError:
            row = None
        if row is None or (row.kind == "fare" and (row.booking is None or row.amount is None)):
            refused.append(_refused(str(one.get("id", ""))[:40], Reason.UNREADABLE))
        else:
            good.append(row)
    return good, refused


def _refused(key: str, reason: DroppedReport.Reason) -> dict[str, Any]:
    return {"id": key, "stored": False, "reason": reason.value, "words": str(reason.label)}


@require_POST
@_for_tablets
def dismissals(request: HttpRequest, slug: str, vehicle: str) -> HttpResponse:
    """Keep, for the dispatchers, what a driver gives up of the refused rows."""
    try:
        sent = Dismissal.model_validate_json(request.body)
    except ValidationError:
        return _answer({"message": _("送られた内容を読み取れませんでした。")}, status=400)
    actions.drop_reports(
        actor=actor_of(request),
        slug=slug,
        day=sent.day,
        vehicle=vehicle,
        reports=[actions.Unfit(row.id, row.kind, row.at, row.booking, row.reason) for row in sent.reports],
    )
    return _answer({"dropped": [str(row.id) for row in sent.reports]})
