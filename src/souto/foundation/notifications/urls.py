"""Addresses of the inbox."""

from __future__ import annotations

from django.urls import path

from souto.foundation.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<uuid:message_id>/", views.message, name="message"),
]
