"""Addresses of staff: a list for each desk."""

from __future__ import annotations

from souto.services.transit.staff import alerts, coverage, drive, figures, phone

app_name = "transit_staff"
urlpatterns = [
    *drive.urlpatterns,
    *phone.urlpatterns,
    *alerts.urlpatterns,
    *coverage.urlpatterns,
    *figures.urlpatterns,
]
