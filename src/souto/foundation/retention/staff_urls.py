"""Addresses of lists and holds."""

from __future__ import annotations

from django.urls import path

from souto.foundation.retention import views

app_name = "retention_staff"
urlpatterns = [
    path("", views.index, name="index"),
    path("lists/<uuid:list_id>/", views.show, name="list"),
    path("lists/<uuid:list_id>/take-off/", views.take_off, name="take_off"),
    path("lists/<uuid:list_id>/put-back/", views.put_back, name="put_back"),
    path("lists/<uuid:list_id>/review/", views.review, name="review"),
    path("lists/<uuid:list_id>/send-back/", views.send_back, name="send_back"),
    path("lists/<uuid:list_id>/approve/", views.approve, name="approve"),
    path("holds/<str:kind>/<uuid:subject_id>/", views.hold, name="hold"),
    path("holds/<uuid:hold_id>/end/", views.end_hold, name="end_hold"),
]
