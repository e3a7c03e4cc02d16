"""Addresses of the planner's desk."""

from __future__ import annotations

from django.urls import path

from souto.services.transit.views import staff_beginning as beginning
from souto.services.transit.views import staff_editing as editing
from souto.services.transit.views import staff_planner as planner
from souto.services.transit.views import staff_simulations as simulations

urlpatterns = [
    path("plan/", planner.index, name="planner"),
    path("plan/new/", beginning.begin, name="begin"),
    path("plan/versions/<uuid:version_id>/", planner.version, name="version"),
    path("plan/versions/<uuid:version_id>/edit/<slug:part>/", editing.edit, name="edit"),
    path("plan/versions/<uuid:version_id>/copy/", planner.copy, name="copy"),
    path("plan/versions/<uuid:version_id>/discard/", planner.discard, name="discard"),
    path("plan/versions/<uuid:version_id>/publish/", planner.publish, name="publish"),
    path("plan/versions/<uuid:version_id>/definition.yaml", planner.download, name="yaml"),
    path("plan/simulations/new/", simulations.new, name="simulate"),
    path("plan/simulations/<uuid:comparison_id>/", simulations.comparison, name="comparison"),
    path("plan/simulations/<uuid:comparison_id>/cancel/", simulations.cancel, name="cancel_simulation"),
]
