"""Stops on the map, and stops near a place: parts of the questions where from and where to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from souto.foundation.ui.maps import MapContent, Marker
from souto.kernel.language import say
from souto.services.transit import walking
from souto.services.transit.definition import ServiceDefinition, Stop
from souto.services.transit.models import Booking
from souto.services.transit.trips import Trip

#: Where the session keeps how far the stops near the places of a booking under way are, metres by stop; never the places.
_WALKS = "transit_walks"


def url_of(definition: ServiceDefinition, begin: Stop | None, stop: Stop) -> str:
    """Where choosing a stop leads: to the next question."""
    if begin is None:
        return reverse("transit:goal", args=[definition.slug, stop.code])
    return reverse("transit:when", args=[definition.slug, begin.code, stop.code])


def map_of(definition: ServiceDefinition, begin: Stop | None, stops: list[Stop], language: str) -> MapContent | None:
    """Stops as links, but for the one where the ride begins; None where there are none."""
    if not stops:
        return None
    markers = [
        Marker(
            stop.lat,
            stop.lon,
            label=say(stop.name, language),
            shape="circle" if stop == begin else "pin",
            tone="success" if stop == begin else "key",
            url="" if stop == begin else url_of(definition, begin, stop),
        )
        for stop in stops
    ]
    return MapContent(label=_("停留所の地図"), markers=tuple(markers))


def with_walks(request: HttpRequest, trip: Trip, replaced: Booking | None = None) -> Trip:
    """The trip with the metres on foot at either end, where the rider named the place that she comes from or goes to; what the trip, or the ride whose place it takes,
    knows of the same stops stays.
    """
    if replaced is not None:
        old = replaced.trip
        trip = replace(
            trip,
            walk_from=old.get("walk_from") if old["origin"] == trip.origin else None,
            walk_to=old.get("walk_to") if old["goal"] == trip.goal else None,
        )
    walks = request.session.get(_WALKS, {})
    from_metres, to_metres = walks.get("origin", {}).get(trip.origin), walks.get("goal", {}).get(trip.goal)
    return replace(
        trip,
        walk_from=trip.walk_from if from_metres is None else from_metres,
        walk_to=trip.walk_to if to_metres is None else to_metres,
    )


def forget(request: HttpRequest, *ends: str) -> None:
    """Know no more how far the places of one end, or of both, are: the question is asked anew."""
    walks = request.session.get(_WALKS)
    if walks:
        request.session[_WALKS] = {end: known for end, known in walks.items() if ends and end not in ends}


def _remember(request: HttpRequest, end: str, near: list[walking.Near]) -> None:
    request.session[_WALKS] = {**request.session.get(_WALKS, {}), end: {one.stop.code: one.metres for one in near}}


def found(request: HttpRequest, definition: ServiceDefinition, begin: Stop | None) -> dict[str, Any]:
    """Stops near the place that was typed, or where the device is."""
    typed = request.POST.get("place", "").replace("\x00", "")[:200]
    point = _point(request)
    place = walking.Place(_("いまいる場所"), *point) if point else walking.find_place(definition, typed)
    near = [one for one in walking.nearest(definition, place.lat, place.lon) if one.stop != begin] if place else []
    _remember(request, "goal" if begin else "origin", near)
    return {
        "place": place,
        "typed_place": typed,
        "searched": True,
        "near": [(one, url_of(definition, begin, one.stop)) for one in near],
    }


def _point(request: HttpRequest) -> tuple[float, float] | None:
    try:
        lat, lon = float(request.POST.get("lat", "")), float(request.POST.get("lng", ""))
    except ValueError:
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None  # `nan` is no place either
