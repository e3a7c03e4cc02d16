"""Addresses of the planner's desk."""

from __future__ import annotations

from django.urls import path

from souto.plan import views

app_name = "plan_staff"
urlpatterns = [path("", views.desk, name="desk")]
