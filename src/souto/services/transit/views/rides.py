"""The rider's pages: where from, where to, when; an offer or why not; my rides."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError
from souto.services.transit import actions, calendar, queries, showing, wishing
from souto.services.transit.definition import ServiceDefinition, Stop
from souto.services.transit.forms import NOW, WhenForm
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking
from souto.services.transit.trips import Reason, Trip, When
from souto.services.transit.views import carrying, following, near


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    return carrying.to_sign_in(request.get_full_path())


def _definition(slug: str) -> ServiceDefinition:
    return queries.published_on(slug=slug, day=clock.today()).definition


def _stop(definition: ServiceDefinition, code: str) -> Stop:
    stop = definition.stop(code)
    if stop is None:
        raise NotFoundError
    return stop


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The rider's rides to come, then those that are over; and where a new one begins."""
    actor = actor_of(request)
    if not actor.is_resident:
        return _to_sign_in(request)
    near.forget(request)
    rides = [showing.ride(booking, _language()) for booking in queries.bookings_of(actor=actor)]
    kept = [wishing.favourite_row(one, _language()) for one in queries.favourites_of(actor=actor)]
    context = {
        "favourites": [row for row in kept if row is not None],
        "every_week": [wishing.series_row(one, _language()) for one in queries.series_of(actor=actor)],
        "alerts": showing.alerts(_language()),
        "services": [version.definition for version in queries.services_on(day=clock.today())],
        "coming": [ride for ride in rides if ride["state"] == State.BOOKED and not ride["over"]],
        "past": [ride for ride in reversed(rides) if ride["state"] != State.BOOKED or ride["over"]][:20],
    }
    return render(request, "transit/rides.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def origin(request: HttpRequest, slug: str) -> HttpResponse:
    """First question: where from."""
    return _choose(request, _definition(slug), None)


@require_http_methods(["GET", "HEAD", "POST"])
def goal(request: HttpRequest, slug: str, origin: str) -> HttpResponse:
    """Second question: where to."""
    definition = _definition(slug)
    return _choose(request, definition, _stop(definition, origin))


def _choose(request: HttpRequest, definition: ServiceDefinition, begin: Stop | None) -> HttpResponse:
    actor = actor_of(request)
    if not actor.is_resident:
        return _to_sign_in(request)
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    used = [] if words else showing.favourites(definition, list(queries.bookings_of(actor=actor)))
    if request.method != "POST":
        near.forget(request, *(("goal",) if begin else ()))
    # Where somebody is, or lives, is sent and never stands in an address.
    context = {
        **(near.found(request, definition, begin) if request.method == "POST" else {}),
        "map": near.map_of(definition, begin, showing.found(definition, words), _language()),
        "service": definition,
        "origin": begin,
        "words": words,
        "used": [_choice(definition, begin, stop) for stop in used if stop != begin],
        "stops": [_choice(definition, begin, stop) for stop in showing.found(definition, words) if stop != begin],
    }
    return render(request, "transit/stops.html", context)


def _choice(definition: ServiceDefinition, begin: Stop | None, stop: Stop) -> tuple[Stop, str]:
    return stop, near.url_of(definition, begin, stop)


@require_http_methods(["GET", "HEAD", "POST"])
def when(request: HttpRequest, slug: str, origin: str, goal: str) -> HttpResponse:
    """Third question: when, and who; then the answer stands on a page of its own."""
    actor = actor_of(request)
    definition = _definition(slug)
    begin, end = _stop(definition, origin), _stop(definition, goal)
    if not actor.is_resident:
        carrying.keep(request)
        return _to_sign_in(request)
    again = _own(actor, request.GET.get("again"))
    kept = carrying.taken(request)
    change = request.POST.get("change") or request.GET.get("change") or kept.get("change")
    replaced = _own(actor, change) or (again.replaces if again else None)
    days = calendar.bookable_days(definition, clock.today())
    form = WhenForm(
        request.POST or None,
        definition=definition,
        days=days,
        language=_language(),
        initial=kept or _initial(definition, days, replaced if again is None else again),
    )
    later: actions.EngineStartingError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask(
                actor=actor,
                slug=slug,
                trip=near.with_walks(request, _trip(form, definition, begin, end), replaced or again),
                back_at=form.back_at if form.cleaned_data["back"] else None,
                replaces_id=replaced.id if replaced else None,
                language=_language(),
            )
        except actions.EngineStartingError as error:
            later = error
        else:
            return redirect("transit:ride", asked.id)
    context = {
        "service": definition,
        "origin": begin,
        "goal": end,
        "form": form,
        "details": [form[name] for name in form.details],
        "details_wrong": any(name in form.errors for name in form.details),
        "closed": not days,
        "kept": bool(kept),
        "replaced": showing.ride(replaced, _language()) if replaced else None,
        "later": text_of(later) if later else "",
    }
    if later is not None:
        response = render(request, "transit/when.html", context, status=later.status)
        response.headers["Retry-After"] = str(later.retry_after)
        return response
    return render(request, "transit/when.html", context, status=422 if form.is_bound else 200)


def _own(actor: Actor, asked: str | None) -> Booking | None:
    """The booking that an address names, if any."""
    if not asked:
        return None
    try:
        key = UUID(asked)
    except ValueError as error:
        raise NotFoundError from error
    return queries.access_booking(actor=actor, booking_id=key)


def _initial(definition: ServiceDefinition, days: list[date], known: Booking | None) -> dict[str, Any]:
    """Now, where the service runs now; else when it opens next. A change begins with what was booked, another attempt with what was asked for."""
    begins, now = definition.hours.opens, calendar.seconds_into(clock.today(), clock.now())
    running = clock.today() in days and begins <= now < definition.hours.closes - 3600
    later = [day for day in days if day > clock.today() or now < begins]
    first: dict[str, Any] = {
        "when": NOW if running else When.DEPART.value,
        "day": later[0].isoformat() if later and not running else clock.today().isoformat(),
        "hour": str(int(now // 3600) + 1 if running else begins // 3600),
        "minute": "0",
        "adult": 1,
        "back_hour": str(
            min(int(now // 3600) + 3 if running else begins // 3600 + 3, definition.hours.closes // 3600 - 1)
        ),
        "back_minute": "0",
    }
    if known is not None:
        trip = queries.trip_of(known)
        first |= {"when": trip.when.value, "day": trip.day.isoformat(), "hour": str(trip.at // 3600)}
        first |= {"minute": str(trip.at % 3600 // 300 * 5), "adult": 0, "wheelchairs": trip.wheelchairs}
        first |= {kind.value: number for kind, number in trip.riders.items()}
        back = queries.way_back(known)
        if back is not None:
            at = queries.trip_of(back).at
            first |= {"back": True, "back_hour": str(at // 3600), "back_minute": str(at % 3600 // 300 * 5)}
    return first


def _trip(form: WhenForm, definition: ServiceDefinition, begin: Stop, end: Stop) -> Trip:
    given = form.cleaned_data
    riders, chairs = form.riders, given["wheelchairs"]
    if given["when"] == NOW:
        soonest = calendar.seconds_into(clock.today(), clock.now()) + 60 * definition.booking.closes_minutes
        return Trip(begin.code, end.code, clock.today(), int(-(-soonest // 60) * 60), riders, When.DEPART, chairs)
    day = date.fromisoformat(given["day"])
    return Trip(begin.code, end.code, day, form.at, riders, When(given["when"]), chairs)


@require_safe
def ride(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """An offer to take, a refusal with what would help, or a booked ride."""
    actor = actor_of(request)
    if actor.is_anonymous:
        return _to_sign_in(request)
    booking = queries.access_booking(actor=actor, booking_id=booking_id)
    if booking.forgotten_at is not None:
        raise NotFoundError
    back = queries.way_back(booking)
    expected = queries.expected(booking)
    vehicle = booking.day.version.definition.vehicle(expected.vehicle) if expected else None
    context = {
        "ride": showing.ride(booking, _language()),
        "back": showing.ride(back, _language()) if back else None,
        "choices": showing.choices(booking, _language()) if booking.state == State.REFUSED else [],
        "too_many": booking.reason in {Reason.PARTY, Reason.PARTY_RULE},
        "both_fares": booking.fare + back.fare if back and back.state in {State.OFFERED, State.BOOKED} else 0,
        "kept_name": carrying.taken(request).get("name", ""),
        "expected": expected,
        "vehicle": vehicle,
        "replaces": booking.replaces_id is not None,
        **following.context_of(booking, _language()),
        "fare": queries.fare_of(booking),
        "own": actor.is_resident,
        "series_id": queries.series_id_of(booking),
        "favourite": queries.is_favourite(actor=actor, booking=booking),
        "department": booking.day.version.definition.department,
    }
    return render(request, "transit/ride.html", context)


@require_POST
def book(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Take the offer. Where it has gone, the page shows the new one."""
    actor = actor_of(request)
    if actor.is_anonymous:
        return carrying.to_sign_in(reverse("transit:ride", args=[booking_id]))
    try:
        booking = actions.book(actor=actor, booking_id=booking_id)
    except actions.EngineStartingError as error:
        messages.warning(request, text_of(error))
        return redirect("transit:ride", booking_id)
    if booking.state == State.BOOKED:
        messages.success(request, _("予約しました。"))
    elif booking.state == State.OFFERED:
        messages.warning(request, _("ほかの人が先に予約したため、時間が変わりました。新しい時間を確かめてください。"))
    return redirect("transit:ride", booking_id)


@require_POST
def instead(request: HttpRequest, booking_id: UUID, number: int) -> HttpResponse:
    """Ask for one of the ways out of a refusal."""
    actor = actor_of(request)
    if actor.is_anonymous:
        return carrying.to_sign_in(reverse("transit:ride", args=[booking_id]))
    refused = queries.access_booking(actor=actor, booking_id=booking_id)
    trip = near.with_walks(request, queries.trip_instead(refused, number))
    try:
        asked = actions.ask(
            actor=actor,
            slug=refused.day.version.service.slug,
            trip=trip,
            replaces_id=refused.replaces_id,
            language=_language(),
        )
    except actions.EngineStartingError as error:
        messages.warning(request, text_of(error))
        return redirect("transit:ride", booking_id)
    return redirect("transit:ride", asked.id)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Ask once more, then give the ride up."""
    actor = actor_of(request)
    if actor.is_anonymous:
        return _to_sign_in(request)
    booking = queries.access_booking(actor=actor, booking_id=booking_id)
    if request.method == "POST":
        try:
            actions.cancel(actor=actor, booking_id=booking_id)
            messages.success(request, _("予約を取り消しました。"))
        except actions.AboardError as error:
            messages.warning(request, text_of(error))
        return redirect("transit:ride", booking_id)
    if booking.state != State.BOOKED:
        return redirect("transit:ride", booking_id)
    return render(request, "transit/cancel.html", {"ride": showing.ride(booking, _language())})
