"""Addresses of the desk of notices (運行のお知らせ)."""

from __future__ import annotations

from django.urls import path

from souto.services.transit.views import staff_alerts as alerts

urlpatterns = [
    path("alerts/", alerts.index, name="alerts"),
    path("alerts/<uuid:alert_id>/end/", alerts.end, name="end_alert"),
]
