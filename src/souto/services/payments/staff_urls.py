"""Addresses for the cashier."""

from __future__ import annotations

from django.urls import path

from souto.services.payments import staff_books, staff_views

app_name = "payments_staff"
urlpatterns = [
    path("", staff_views.notices, name="notices"),
    path("import/", staff_views.import_file, name="import"),
    path("notices/<uuid:notice_id>/", staff_views.notice, name="notice"),
    path("balances/", staff_books.balances, name="balances"),
    path("journal/", staff_books.journal, name="journal"),
]
