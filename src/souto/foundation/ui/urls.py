"""Pages that belong to no room: statements, preferences, and in the demo the gallery of components."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from souto.foundation.ui import views

app_name = "ui"
urlpatterns = [
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("language/", views.language, name="language"),
    path("furigana/", views.set_furigana, name="furigana"),
    path("map/base.json", views.map_base, name="map_base"),
    path("text-size/", views.set_text_size, name="text_size"),
]
if settings.DEMO:
    from souto.foundation.ui import gallery

    urlpatterns += [
        path("_ui/", gallery.components, name="gallery"),
        path("_ui/upload/", gallery.upload),
        path("_ui/autosave/", gallery.autosave),
        path("_ui/question/", gallery.question, name="gallery_question"),
        path("_ui/map/", gallery.map_page, name="gallery_map"),
        path("_ui/staff/", gallery.staff, name="gallery_staff"),
    ]
