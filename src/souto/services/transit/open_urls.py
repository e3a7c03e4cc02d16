"""Addresses of open data. The documents' own names are those of their standards."""

from __future__ import annotations

from django.urls import path

from souto.services.transit.views import open_data

app_name = "transit_open"
urlpatterns = [
    path("", open_data.index, name="index"),
    path("gtfs-jp.zip", open_data.gtfs, name="gtfs"),
    path("gofs/gofs.json", open_data.gofs, name="gofs"),
    path("gofs/<slug:language>/<slug:name>.json", open_data.gofs, name="gofs_document"),
    path("gofs/<slug:language>/wait_time", open_data.wait_time, name="wait_time"),
    path("gtfs-rt/alerts.pb", open_data.alerts, name="alerts"),
    path("gtfs-rt/alerts.json", open_data.alerts, {"readable": True}, name="alerts_json"),
    path("gtfs-rt/vehicle-positions.pb", open_data.vehicle_positions, name="vehicle_positions"),
    path(
        "gtfs-rt/vehicle-positions.json",
        open_data.vehicle_positions,
        {"readable": True},
        name="vehicle_positions_json",
    ),
]
