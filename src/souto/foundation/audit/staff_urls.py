"""Addresses of the auditor's desk."""

from __future__ import annotations

from django.urls import path

from souto.foundation.audit import views

app_name = "audit_staff"
urlpatterns = [
    path("", views.entries, name="entries"),
    path("entries.csv", views.table, name="table"),
    path("entries.jsonl", views.lines, name="lines"),
    path("chain/", views.chain, name="chain"),
]
