"""The rider's addresses."""

from __future__ import annotations

from django.urls import path

from souto.services.transit.views import following, wishes
from souto.services.transit.views import rides as views

app_name = "transit"
urlpatterns = [
    path("", views.index, name="rides"),
    path("<uuid:booking_id>/", views.ride, name="ride"),
    path("<uuid:booking_id>/book/", views.book, name="book"),
    path("<uuid:booking_id>/instead/<int:number>/", views.instead, name="instead"),
    path("<uuid:booking_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:booking_id>/follow/", following.part, name="follow"),
    path("<uuid:booking_id>/follow/live/", following.listen, name="follow_live"),
    path("<uuid:booking_id>/repeat/", wishes.repeat, name="repeat"),
    path("<uuid:booking_id>/keep/", wishes.keep, name="keep"),
    path("series/<uuid:series_id>/", wishes.series, name="series"),
    path("series/<uuid:series_id>/skip/", wishes.skip, name="skip"),
    path("series/<uuid:series_id>/end/", wishes.end, name="end_series"),
    path("favourites/<uuid:favourite_id>/", wishes.favourite, name="favourite"),
    path("<slug:slug>/from/", views.origin, name="origin"),
    path("<slug:slug>/from/<slug:origin>/", views.goal, name="goal"),
    path("<slug:slug>/from/<slug:origin>/to/<slug:goal>/", views.when, name="when"),
]
