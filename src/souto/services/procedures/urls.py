"""Addresses of the resident's pages."""

from __future__ import annotations

from django.urls import path

from souto.services.procedures import views

app_name = "procedures"
urlpatterns = [
    path("", views.index, name="list"),
    path("_address/", views.address, name="address"),
    path("<slug:slug>/", views.page, name="page"),
    path("<slug:slug>/check/", views.eligibility, name="eligibility"),
]
