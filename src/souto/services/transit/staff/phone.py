"""The telephone operator's desk (電話受付): one page on which a call becomes a booked ride, by keyboard alone.

No personal data stands in an address: a number is sent, never linked; what was asked for has the address of its booking.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from souto.foundation.ui.desk import desk
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.errors import NotFoundError
from souto.services.transit import actions, queries, showing, typed, wishing
from souto.services.transit.definition import RiderClass, ServiceDefinition
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking
from souto.services.transit.staff import phone_words
from souto.services.transit.staff.phone_form import CallForm, initial

PAGE = "transit_staff:phone"


def _language() -> str:
    return translation.get_language() or "ja"


def _services() -> list[ServiceDefinition]:
    return [version.definition for version in queries.services_on(day=clock.today())]


def _service(slug: str | None) -> ServiceDefinition | None:
    """The service that was chosen; the first one, if none was."""
    services = _services()
    return next((found for found in services if found.slug == slug), services[0] if services else None)


def _page(
    request: HttpRequest,
    *,
    service: ServiceDefinition | None,
    form: CallForm | None = None,
    caller: queries.Caller | None = None,
    booking: Booking | None = None,
    focus: str = "phone",
    wrong_phone: str = "",
    status: int = 200,
) -> HttpResponse:
    """The desk. `focus` says where the keyboard is: `phone`, `trips`, `name`, `origin`, `at`, `answer`, `done` or `problems`."""
    language = _language()
    back = queries.way_back(booking) if booking else None
    context = {
        "services": _services(),
        "service": service,
        "form": form,
        "party": [form[kind.value] for kind in RiderClass] + [form["wheelchairs"]] if form else [],
        "caller": caller,
        "trips": [showing.ride(known, language) for known in caller.trips] if caller else [],
        "coming": [
            {**showing.ride(known, language), "current": booking is not None and known.id == booking.id}
            for known in caller.coming
        ]
        if caller
        else [],
        "every_week": [
            {**wishing.series_row(one, language), "unbooked": wishing.unbooked_days(one, language)}
            for one in queries.series_of_caller(actor=actor_of(request), phone=caller.phone)
        ]
        if caller
        else [],
        "repeats": booking is not None and queries.series_id_of(booking) is not None,
        "ride": showing.ride(booking, language) if booking else None,
        "back": showing.ride(back, language) if back else None,
        "choices": showing.choices(booking, language) if booking and booking.state == State.REFUSED else [],
        "aloud": phone_words.aloud(booking, back, language) if booking else "",
        "replaces": booking is not None and booking.replaces_id is not None,
        "focus": focus,
        "wrong_phone": wrong_phone,
        "typed_phone": request.POST.get("phone", ""),
    }
    return render(request, "transit/phone/desk.html", context, status=status)


@require_safe
@desk(queries.OPERATE)
def index(request: HttpRequest) -> HttpResponse:
    """An empty desk: the number comes first."""
    return _page(request, service=_service(request.GET.get("service")))


@require_http_methods(["GET", "HEAD", "POST"])
@desk(queries.OPERATE)
def caller(request: HttpRequest) -> HttpResponse:
    """Who calls: names and trips of earlier calls from the number, one of which may be taken over (`trip`)."""
    if request.method != "POST":
        return redirect(PAGE)
    service = _service(request.POST.get("service"))
    if service is None:
        return redirect(PAGE)
    try:
        digits = typed.phone_digits(request.POST.get("phone", ""))
    except typed.PhoneUnreadableError as error:
        return _page(request, service=service, wrong_phone=text_of(error), status=422)
    found = actions.find_caller(actor=actor_of(request), phone=digits)
    first: dict[str, Any] = {"phone": digits, "name": found.names[0] if found.names else "", "adult": 1}
    focus = "trips" if found.trips else "name"
    again = next((trip for trip in found.trips if str(trip.id) == request.POST.get("trip")), None)
    if again is not None:
        service = again.day.version.definition
        first |= initial(queries.trip_of(again), again.contact, service) | {"at": "", "day": "", "phone": digits}
        focus = "at"
    elif "new" in request.POST:
        focus = "origin" if found.names else "name"
    form = CallForm(definition=service, initial=first)
    return _page(request, service=service, form=form, caller=found, focus=focus)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(queries.OPERATE)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the ride; the answer has an address of its own, on the same desk."""
    service = _service(request.POST.get("service"))
    if request.method != "POST" or service is None:
        return redirect(PAGE)
    actor = actor_of(request)
    form = CallForm(request.POST, definition=service)
    if not form.is_valid():
        if "phone" in form.errors:
            return _page(request, service=service, wrong_phone=str(form.errors["phone"][0]), status=422)
        known = queries.caller(actor=actor, phone=form.cleaned_data["phone"])
        return _page(request, service=service, form=form, caller=known, focus="problems", status=422)
    try:
        asked = actions.ask(
            actor=actor,
            slug=service.slug,
            trip=form.trip,
            contact=form.contact,
            back_at=form.cleaned_data["back"],
            replaces_id=form.cleaned_data["change"],
        )
    except actions.NotReplaceableError as error:
        messages.warning(request, text_of(error))
        return redirect(PAGE)
    except actions.EngineStartingError as error:
        messages.warning(request, text_of(error))
        known = queries.caller(actor=actor, phone=form.cleaned_data["phone"])
        return _page(request, service=service, form=form, caller=known, focus="at", status=error.status)
    return redirect("transit_staff:phone_call", asked.id)


@require_safe
@desk(queries.OPERATE)
def stops(request: HttpRequest) -> HttpResponse:
    """Stops while one is being typed, as options of the list."""
    service = _service(request.GET.get("service"))
    end = "goal" if "goal" in request.GET else "origin"
    found = typed.stops_like(service, request.GET.get(end, "")[:100]) if service else []
    return render(request, "transit/phone/options.html", {"end": end, "stops": found[: typed.SHOWN]})


@require_safe
@desk(queries.OPERATE)
def call(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """What was answered: an offer to take, a refusal with ways out, or what is booked."""
    booking = _opened(request, booking_id)
    offered = booking.state == State.OFFERED
    return _answer(request, booking, focus="answer" if offered or booking.state == State.REFUSED else "done")


@require_safe
@desk(queries.OPERATE)
def change(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """A booked ride on the form, to be asked for otherwise."""
    booking = _opened(request, booking_id)
    if booking.state != State.BOOKED:
        return redirect("transit_staff:phone_call", booking_id)
    return _answer(request, booking, focus="at", replaced=booking.id)


def _opened(request: HttpRequest, booking_id: UUID) -> Booking:
    booking = actions.open_call(actor=actor_of(request), booking_id=booking_id)
    if booking.contact is None or booking.forgotten_at is not None:
        raise NotFoundError  # it is a resident's own, who has her own pages
    return booking


def _answer(request: HttpRequest, booking: Booking, *, focus: str, replaced: UUID | None = None) -> HttpResponse:
    service = booking.day.version.definition
    contact = booking.contact
    known = queries.caller(actor=actor_of(request), phone=contact["phone"]) if contact else None
    form = None
    if replaced or booking.state in {State.OFFERED, State.REFUSED}:
        first = initial(queries.trip_of(booking), contact, service) | {"change": replaced or booking.replaces_id}
        form = CallForm(definition=service, initial=first)
    return _page(request, service=service, form=form, caller=known, booking=None if replaced else booking, focus=focus)


@require_POST
@desk(queries.OPERATE)
def book(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Take the offer. Where it has gone, the page shows the new one."""
    try:
        booking = actions.book(actor=actor_of(request), booking_id=booking_id)
    except actions.EngineStartingError as error:
        messages.warning(request, text_of(error))
        return redirect("transit_staff:phone_call", booking_id)
    if booking.state == State.OFFERED:
        messages.warning(request, _("ほかの人が先に予約したため、時間が変わりました。新しい時間を確かめてください。"))
    return redirect("transit_staff:phone_call", booking_id)


@require_POST
@desk(queries.OPERATE)
def instead(request: HttpRequest, booking_id: UUID, number: int) -> HttpResponse:
    """Ask for one of the ways out of a refusal."""
    actor = actor_of(request)
    refused = queries.access_booking(actor=actor, booking_id=booking_id)
    try:
        asked = actions.ask(
            actor=actor,
            slug=refused.day.version.service.slug,
            trip=queries.trip_instead(refused, number),
            contact=refused.contact,
            replaces_id=refused.replaces_id,
        )
    except actions.EngineStartingError as error:
        messages.warning(request, text_of(error))
        return redirect("transit_staff:phone_call", booking_id)
    return redirect("transit_staff:phone_call", asked.id)


@require_POST
@desk(queries.OPERATE)
def weekly(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Ride as in this booking every week on its weekday."""
    try:
        actions.start_series(actor=actor_of(request), booking_id=booking_id)
        messages.success(request, _("毎週の予約を始めました。予約できる日から、順に予約します。"))
    except actions.NotRepeatableError as error:
        messages.warning(request, text_of(error))
    return redirect("transit_staff:phone_call", booking_id)


@require_POST
@desk(queries.OPERATE)
def end_weekly(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Book no more days of a caller's series."""
    series = actions.end_series(actor=actor_of(request), series_id=series_id)
    messages.success(request, _("毎週の予約を終えました。予約済みの日は、そのまま残ります。"))
    return redirect("transit_staff:phone_call", series.source_id)


@require_POST
@desk(queries.OPERATE)
def cancel(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Give a caller's ride up."""
    try:
        actions.cancel(actor=actor_of(request), booking_id=booking_id)
        messages.success(request, _("予約を取り消しました。"))
    except actions.AboardError as error:
        messages.warning(request, text_of(error))
    return redirect("transit_staff:phone_call", booking_id)


urlpatterns = [
    path("phone/", index, name="phone"),
    path("phone/caller/", caller, name="phone_caller"),
    path("phone/ask/", ask, name="phone_ask"),
    path("phone/stops/", stops, name="phone_stops"),
    path("phone/<uuid:booking_id>/", call, name="phone_call"),
    path("phone/<uuid:booking_id>/change/", change, name="phone_change"),
    path("phone/<uuid:booking_id>/book/", book, name="phone_book"),
    path("phone/<uuid:booking_id>/instead/<int:number>/", instead, name="phone_instead"),
    path("phone/<uuid:booking_id>/weekly/", weekly, name="phone_weekly"),
    path("phone/series/<uuid:series_id>/end/", end_weekly, name="phone_end_weekly"),
    path("phone/<uuid:booking_id>/cancel/", cancel, name="phone_cancel"),
]
