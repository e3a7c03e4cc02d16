"""The staff's home."""

from __future__ import annotations

from django.urls import path

from souto.web import views

app_name = "web_staff"
urlpatterns = [path("", views.staff_home, name="home")]
