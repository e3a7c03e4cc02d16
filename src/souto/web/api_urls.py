"""The open API."""

from __future__ import annotations

from django.urls import path

from souto.web.api import api

urlpatterns = [path("", api.urls)]
