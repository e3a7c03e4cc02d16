"""Addresses of staff: a list for each desk."""

from __future__ import annotations

from souto.services.transit.staff import coverage, phone

app_name = "transit_staff"
urlpatterns = [*phone.urlpatterns, *coverage.urlpatterns]
