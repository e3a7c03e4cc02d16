"""Stops on the map, and stops near a place: parts of the questions where from and where to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from souto.foundation.ui.maps import MapContent, Marker
from souto.kernel.language import say
from souto.services.transit import walking
from souto.services.transit.definition import ServiceDefinition, Stop


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


def found(request: HttpRequest, definition: ServiceDefinition, begin: Stop | None) -> dict[str, Any]:
    """Stops near the place that was typed, or where the device is."""
    typed = request.POST.get("place", "").replace("\x00", "")[:200]
    point = _point(request)
    place = walking.Place(_("いまいる場所"), *point) if point else walking.find_place(definition, typed)
    near = [one for one in walking.nearest(definition, place.lat, place.lon) if one.stop != begin] if place else []
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
