"""Addresses of files and documents."""

from __future__ import annotations

from django.urls import path

from souto.foundation.documents import views

app_name = "documents_staff"
urlpatterns = [
    path("<uuid:file_id>/", views.file, name="file"),
    path("<uuid:file_id>/pages/<int:number>.png", views.page, name="page"),
    path("documents/<uuid:document_id>/", views.document, name="document"),
]
