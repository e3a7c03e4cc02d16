"""Addresses of the desk of figures (運行の実績)."""

from __future__ import annotations

from django.urls import path

from souto.services.transit.views import staff_figures as figures

urlpatterns = [
    path("figures/", figures.index, name="figures"),
    path("figures/table.csv", figures.table, name="figures_table"),
]
