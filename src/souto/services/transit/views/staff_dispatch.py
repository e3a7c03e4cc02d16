"""The dispatcher's desk (運行の管理): a day as it runs, a ride, moving it by hand, a vehicle, its breakdown."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from souto.foundation.notifications import queries as notifications
from souto.foundation.ui import live
from souto.foundation.ui.desk import desk
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.errors import ConflictError, NotFoundError
from souto.kernel.language import say
from souto.services.transit import actions, plans, queries, showing
from souto.services.transit.definition import ServiceDefinition
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, ServiceDay
from souto.services.transit.staff import dispatch_board as words

#: Where the session keeps what became of the riders of a vehicle that broke down: ids only.
BROKEN = "transit_broken"


def _language() -> str:
    return translation.get_language() or "ja"


def _asked(request: HttpRequest) -> tuple[list[ServiceDefinition], str, date]:
    """The services to choose from, and the service and day that the address names; the first one, today, if it names none."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = clock.today()
    services = [version.definition for version in queries.services_on(day=day)]
    slugs = [service.slug for service in services]
    asked = request.GET.get("service", "")
    return services, asked if asked in slugs else (slugs[0] if slugs else ""), day


@require_safe
@desk(queries.OPERATE)
def index(request: HttpRequest) -> HttpResponse:
    """The day; the look at its riders is put on record once, however often the page then shows itself anew."""
    services, slug, day = _asked(request)
    if not slug:
        return render(request, "transit/dispatch/none.html", {"day": day, "today": clock.today()})
    found = actions.open_day(actor=actor_of(request), slug=slug, day=day)
    board = words.board(found, _language())
    context = {"board": board, "services": services, "days": words.coming_days(board.definition)}
    return render(request, "transit/dispatch/day.html", context)


@require_safe
@desk(queries.OPERATE)
def part(request: HttpRequest) -> HttpResponse:
    """What changes of the day, for the page that has opened it."""
    return render(request, "transit/dispatch/board.html", {"board": words.board(_day(request), _language())})


@require_safe
@desk(queries.OPERATE)
def listen(request: HttpRequest) -> HttpResponse:
    """Let the page hear when the day changes, and apart from that, when a vehicle only told where it is."""
    day = _day(request)
    return live.grant(request, f"transit.day:{day.id}", moved=f"transit.places:{day.id}")


@require_safe
@desk(queries.OPERATE)
def places(request: HttpRequest) -> HttpResponse:
    """Where vehicles said that they are just now, for the map that is open: no plan is read for it."""
    found = {f"vehicle-{place.vehicle}": [place.lat, place.lon] for place in queries.fresh_places(_day(request))}
    return render(request, "transit/dispatch/places.html", {"places": json.dumps(found, separators=(",", ":"))})


def _day(request: HttpRequest) -> ServiceDay:
    _services, slug, day = _asked(request)
    return queries.access_day(actor=actor_of(request), slug=slug, day=day)


@require_safe
@desk(queries.OPERATE)
def ride(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """A ride: facts, promise, what is expected, what happened, what the rider was told."""
    booking = actions.open_ride(actor=actor_of(request), booking_id=booking_id)
    return render(request, "transit/dispatch/ride.html", _ride(booking))


def _ride(booking: Booking) -> dict[str, Any]:
    language = _language()
    day = ServiceDay.objects.select_related("version").get(pk=booking.day_id)
    definition = day.version.definition
    expected = queries.expected(booking)
    stays = booking.state == State.BOOKED and booking.forgotten_at is None
    vehicle = definition.vehicle(expected.vehicle if expected else booking.carried_by)
    return {
        "booking": booking,
        "definition": definition,
        "ride": showing.ride(booking, language),
        "person": queries.passengers(day, booking_id=booking.id).get(booking.id),
        "expected": expected,
        "vehicle": vehicle,
        "vehicle_name": say(vehicle.name, language) if vehicle else "",
        "steps": booking.steps.order_by("-at", "-id"),
        "told": notifications.messages_about(subject_type="transit.booking", subject_id=booking.id),
        "can_move": stays,
        "waits": stays and expected is None,
        "vehicles": [(rule.code, say(rule.name, language)) for rule in definition.vehicles],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk(queries.OPERATE)
def move(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Move a ride by hand: choose a vehicle, see what that breaks, save with consent to exactly that."""
    actor = actor_of(request)
    opened = queries.access_booking if request.method == "POST" else actions.open_ride
    booking = opened(actor=actor, booking_id=booking_id)
    vehicle = request.POST.get("vehicle") or request.GET.get("vehicle", "")
    problem = ""
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            actions.move(
                actor=actor,
                booking_id=booking_id,
                vehicle=vehicle,
                seen=int(seen) if seen.isdecimal() else 0,
                accept=request.POST.get("accept") == "1",
            )
        except (actions.MoveBreaksError, ConflictError) as error:
            problem = text_of(error)
        else:
            messages.success(request, _("別の車両に移しました。時間が変わる人には、お知らせを送りました。"))
            return redirect("transit_staff:dispatch_ride", booking_id)
    context = {**_ride(booking), "chosen": vehicle, "problem": problem}
    try:
        preview = queries.preview_move(actor=actor, booking_id=booking_id, vehicle=vehicle) if vehicle else None
    except queries.RideFixedError as error:
        preview, context["problem"] = None, text_of(error)
    return render(
        request,
        "transit/dispatch/move.html",
        {**context, "preview": preview, "late": _late(booking, preview), "faults": _faults(preview)},
        status=422 if problem else 200,
    )


def _late(booking: Booking, preview: queries.Preview | None) -> list[dict[str, Any]]:
    """Whose promises a move would break, by how many minutes, worst first."""
    if preview is None or not preview.late:
        return []
    people = queries.passengers(ServiceDay.objects.get(pk=booking.day_id))
    return [
        {
            "booking": key,
            "who": people[key].name if key in people else "",
            "word": _(words.KINDS[kind]),
            "minutes": words.behind(-seconds),
        }
        for key, kind, seconds in sorted(preview.late, key=lambda late: -late[2])
    ]


def _faults(preview: queries.Preview | None) -> list[str]:
    if preview is None:
        return []
    known = {
        "shift": _("運転手の勤務が、決めた時刻より長くなります。"),
        "break": _("運転手の休憩が遅れます。"),
        "ride_time": _("乗っている時間が、決まりより長くなります。"),
        "capacity": _("席か、車いすの場所が足りません。"),
    }
    return list(dict.fromkeys(known.get(fault, _("運行の決まりを守れなくなります。")) for fault in preview.faults))


@require_POST
@desk(queries.OPERATE)
def cancel(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Give a ride up for its rider."""
    try:
        actions.cancel(actor=actor_of(request), booking_id=booking_id)
        messages.success(request, _("予約を取り消しました。"))
    except ConflictError as error:
        messages.warning(request, text_of(error))
    return redirect("transit_staff:dispatch_ride", booking_id)


def _vehicle(request: HttpRequest, slug: str, day: str, vehicle: str) -> dict[str, Any]:
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise NotFoundError from error
    actor = actor_of(request)
    found = queries.access_day(actor=actor, slug=slug, day=on)
    rule = found.version.definition.vehicle(vehicle)
    if rule is None:
        raise NotFoundError
    board = words.board(found, _language())
    lines = board.lines[vehicle]
    got_on = {line.booking for line in lines if line.done and line.kind == "pickup"}
    off = {line.booking for line in lines if line.done and line.kind == "dropoff"}
    return {
        "board": board,
        "rule": rule,
        "row": next(row for row in board.rows if row.code == vehicle),
        "lines": lines,
        "aboard": [line for line in lines if line.kind == "dropoff" and line.booking in got_on - off],
        "waiting": [line for line in lines if line.kind == "pickup" and not line.done],
    }


@require_safe
@desk(queries.OPERATE)
def vehicle(request: HttpRequest, slug: str, day: str, vehicle: str) -> HttpResponse:
    """A vehicle with every call of its day."""
    context = _vehicle(request, slug, day, vehicle)
    actions.open_day(actor=actor_of(request), slug=slug, day=context["board"].day.date)
    return render(request, "transit/dispatch/vehicle.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(queries.OPERATE)
def breakdown(request: HttpRequest, slug: str, day: str, vehicle: str) -> HttpResponse:
    """Take a vehicle out of service, after a page that says how many ride in it and wait for it."""
    context = _vehicle(request, slug, day, vehicle)
    found: ServiceDay = context["board"].day
    if request.method == "POST":
        try:
            done = actions.break_down(
                actor=actor_of(request),
                slug=slug,
                day=found.date,
                vehicle=vehicle,
                stop=request.POST.get("stop", ""),
            )
        except ConflictError as error:
            messages.warning(request, text_of(error))
            return redirect("transit_staff:dispatch_vehicle", slug, day, vehicle)
        kept = {name: [str(key) for key in getattr(done, name)] for name in ("kept", "later", "stranded")}
        request.session[BROKEN] = {"day": str(found.id), "vehicle": vehicle, **kept}
        return redirect("transit_staff:dispatch_broken", slug, day, vehicle)
    language = _language()
    here = queries.stands_at(found, plans.read(found), vehicle)
    stops = [(stop.code, say(stop.name, language)) for stop in found.version.definition.stops]
    return render(request, "transit/dispatch/breakdown.html", {**context, "here": here, "stops": stops})


@require_safe
@desk(queries.OPERATE)
def broken(request: HttpRequest, slug: str, day: str, vehicle: str) -> HttpResponse:
    """What became of the riders of a vehicle that was taken out of service: kept, later, fetched by nobody yet."""
    context = _vehicle(request, slug, day, vehicle)
    found: ServiceDay = context["board"].day
    done = request.session.get(BROKEN, {})
    if done.get("day") != str(found.id) or done.get("vehicle") != vehicle:
        return redirect("transit_staff:dispatch_vehicle", slug, day, vehicle)
    people = queries.passengers(found)
    told = {ride.id: ride for ride in Booking.objects.filter(day=found, pk__in=people)}

    def rows(name: str) -> list[dict[str, Any]]:
        keys = [UUID(key) for key in done.get(name, [])]
        return [{"person": people[key], "booking": told[key]} for key in keys if key in people]

    actions.open_day(actor=actor_of(request), slug=slug, day=found.date)
    groups = {name: rows(name) for name in ("stranded", "later", "kept")}
    return render(request, "transit/dispatch/broken.html", {**context, "groups": groups})
