"""Addresses of the editor's desk."""

from __future__ import annotations

from django.urls import path

from souto.services.procedures import staff_views as views

app_name = "procedures_staff"
urlpatterns = [
    path("", views.index, name="list"),
    path("inventory/", views.inventory, name="inventory"),
    path("inventory/rows/<uuid:row_id>/", views.refused_row, name="refused_row"),
    path("versions/<uuid:version_id>/", views.preview, name="preview"),
    path("versions/<uuid:version_id>/publish/", views.publish, name="publish"),
    path("versions/<uuid:version_id>/discard/", views.discard, name="discard"),
    path("versions/<uuid:version_id>/definition.yaml", views.download, name="yaml"),
    path("p/<slug:slug>/", views.procedure, name="procedure"),
]
