"""Addresses of staff: a list for each desk."""

from __future__ import annotations

from souto.services.transit.staff import alerts, coverage, dispatch, drive, figures, phone, planner

app_name = "transit_staff"
urlpatterns = [
    *alerts.urlpatterns,
    *coverage.urlpatterns,
    *dispatch.urlpatterns,
    *drive.urlpatterns,
    *figures.urlpatterns,
    *phone.urlpatterns,
    *planner.urlpatterns,
]
