"""Addresses of the scoreboard."""

from __future__ import annotations

from django.urls import path

from souto.plan import views

app_name = "plan"
urlpatterns = [
    path("", views.home, name="home"),
    path("table.csv", views.table, name="table"),
    path("indicators/<slug:key>/", views.indicator, name="indicator"),
]
