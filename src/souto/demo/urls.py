"""Addresses that exist in demo mode only: `config.urls.build` leaves them out everywhere else."""

from __future__ import annotations

from django.urls import path

from souto.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.people, name="people"),
    path("staff/<str:number>", views.sign_in_staff, name="sign_in_staff"),
]
