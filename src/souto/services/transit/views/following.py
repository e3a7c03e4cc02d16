"""Follow the vehicle: a part of the ride's page that looks again by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from souto.foundation.ui import live
from souto.foundation.ui.http import actor_of
from souto.foundation.ui.maps import MapContent, Marker
from souto.kernel import clock
from souto.kernel.errors import NotFoundError
from souto.kernel.language import say
from souto.services.transit import queries
from souto.services.transit.models import Booking
from souto.services.transit.views import carrying

#: htmx takes the content and asks no more.
STOP_ASKING = 286


def context_of(booking: Booking, language: str) -> dict[str, Any]:
    """What the part shows: the vehicle and its map, or from when there is something to see."""
    found = queries.following(booking)
    since = queries.follows_from(booking)
    return {
        "following": found,
        "vehicle_map": _map(booking, found, language) if found else None,
        "follow_since": since,
        "follows_today": booking.day.date == clock.today(),
        "arrived": booking.state == "completed",
        "missed": booking.state == "no_show",
    }


def _map(booking: Booking, found: queries.Following, language: str) -> MapContent:
    definition, trip = booking.day.version.definition, booking.trip
    stop = definition.stop(trip["goal"] if found.aboard else trip["origin"])
    name = say(found.vehicle.name, language)
    markers = [Marker(found.lat, found.lon, label=name, shape="square", tone="key")]
    if stop is not None:
        markers.append(Marker(stop.lat, stop.lon, label=say(stop.name, language), shape="pin", tone="success"))
    return MapContent(label=_("%(vehicle)sのいまの場所") % {"vehicle": name}, markers=tuple(markers))


def _own(request: HttpRequest, booking_id: UUID) -> Booking:
    booking = queries.access_booking(actor=actor_of(request), booking_id=booking_id)
    if booking.forgotten_at is not None:
        raise NotFoundError
    return booking


@require_safe
def part(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """The part anew. With `begins`: what takes the place of the note that there will be something to see, once there is."""
    from souto.services.transit.views.rides import _language

    if actor_of(request).is_anonymous:
        return carrying.to_sign_in(reverse("transit:ride", args=[booking_id]))
    booking = _own(request, booking_id)
    context = context_of(booking, _language()) | {"booking_id": booking.id}
    if "begins" not in request.GET:
        return render(request, "transit/parts/follow.html", context)
    if context["following"] is None:
        return HttpResponse(status=204)
    return render(request, "transit/parts/vehicle.html", context, status=STOP_ASKING)


@require_safe
def listen(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Hear when something changes on the ride's day."""
    booking = _own(request, booking_id)
    if queries.following(booking) is None:
        raise NotFoundError  # nothing of the day concerns this rider now
    return live.grant(request, f"transit.day:{booking.day_id}")
