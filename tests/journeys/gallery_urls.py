"""The site with the gallery of components, which production's URL table does not contain."""

from __future__ import annotations

from django.urls import path

from souto.config.urls import handler400, handler403, handler404, handler500
from souto.config.urls import urlpatterns as site
from souto.foundation.ui import gallery

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *site,
    path("_ui/", gallery.components),
    path("_ui/upload/", gallery.upload),
    path("_ui/autosave/", gallery.autosave),
    path("_ui/question/", gallery.question),
    path("_ui/map/", gallery.map_page),
    path("_ui/staff/", gallery.staff),
]
