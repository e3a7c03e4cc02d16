"""The rider's addresses."""

from __future__ import annotations

from django.urls import path

from souto.services.transit.views import rides as views

app_name = "transit"
urlpatterns = [
    path("", views.index, name="rides"),
    path("<uuid:booking_id>/", views.ride, name="ride"),
    path("<uuid:booking_id>/book/", views.book, name="book"),
    path("<uuid:booking_id>/instead/<int:number>/", views.instead, name="instead"),
    path("<uuid:booking_id>/cancel/", views.cancel, name="cancel"),
    path("<slug:slug>/from/", views.origin, name="origin"),
    path("<slug:slug>/from/<slug:origin>/", views.goal, name="goal"),
    path("<slug:slug>/from/<slug:origin>/to/<slug:goal>/", views.when, name="when"),
]
