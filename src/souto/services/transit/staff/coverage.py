"""Addresses of the desk of gaps (交通空白)."""

from __future__ import annotations

from django.urls import path

from souto.services.transit.views import staff_coverage as coverage

urlpatterns = [
    path("coverage/", coverage.index, name="coverage"),
    path("coverage/cells.json", coverage.cells, name="coverage_cells"),
    path("coverage/feeds/<int:number>/", coverage.feed, name="coverage_feed"),
]
