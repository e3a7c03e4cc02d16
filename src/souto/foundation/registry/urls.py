"""Addresses of the registry on the resident's face."""

from __future__ import annotations

from django.urls import path

from souto.foundation.registry import views

app_name = "registry"
urlpatterns = [path("postal", views.postal, name="postal")]
