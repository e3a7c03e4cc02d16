"""Addresses of the dispatcher's desk (運行の管理)."""

from __future__ import annotations

from django.urls import path

from souto.services.transit.views import staff_dispatch as dispatch

_VEHICLE = "dispatch/vehicles/<slug:slug>/<str:day>/<slug:vehicle>/"

urlpatterns = [
    path("dispatch/", dispatch.index, name="dispatch"),
    path("dispatch/part/", dispatch.part, name="dispatch_part"),
    path("dispatch/places/", dispatch.places, name="dispatch_places"),
    path("dispatch/live/", dispatch.listen, name="dispatch_live"),
    path("dispatch/rides/<uuid:booking_id>/", dispatch.ride, name="dispatch_ride"),
    path("dispatch/rides/<uuid:booking_id>/move/", dispatch.move, name="dispatch_move"),
    path("dispatch/rides/<uuid:booking_id>/cancel/", dispatch.cancel, name="dispatch_cancel"),
    path(_VEHICLE, dispatch.vehicle, name="dispatch_vehicle"),
    path(f"{_VEHICLE}breakdown/", dispatch.breakdown, name="dispatch_breakdown"),
    path(f"{_VEHICLE}broken/", dispatch.broken, name="dispatch_broken"),
]
