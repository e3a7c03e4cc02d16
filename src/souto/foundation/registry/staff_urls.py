"""Addresses of the registry's desk."""

from __future__ import annotations

from django.urls import path

from souto.foundation.registry import staff_views

app_name = "registry_staff"
urlpatterns = [
    path("", staff_views.towns, name="towns"),
    path("refused/<uuid:refused_id>/", staff_views.refused_town, name="refused_town"),
]
