"""Addresses for load balancers and monitors, on every face."""

from __future__ import annotations

from django.urls import path

from souto.config import health

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
]
