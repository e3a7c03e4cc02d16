"""Addresses of the editor's desk."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from souto.services.procedures import staff_views as views

app_name = "procedures_staff"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="procedures_staff:list")),
    path("definitions/", views.index, name="list"),
    path("definitions/<slug:slug>/", views.procedure, name="procedure"),
    path("definitions/versions/<uuid:version_id>/", views.preview, name="preview"),
    path("definitions/versions/<uuid:version_id>/publish/", views.publish, name="publish"),
    path("definitions/versions/<uuid:version_id>/discard/", views.discard, name="discard"),
    path("definitions/versions/<uuid:version_id>/definition.yaml", views.download, name="yaml"),
    path("inventory/", views.inventory, name="inventory"),
    path("inventory/<uuid:item_id>/", views.item, name="item"),
    path("inventory/rows/<uuid:row_id>/", views.refused_row, name="refused_row"),
]
