"""Addresses for payers and for the provider's notifications."""

from __future__ import annotations

from django.urls import path

from souto.services.payments import views

app_name = "payments"
urlpatterns = [
    path("<uuid:charge_id>/", views.charge, name="charge"),
    path("<uuid:charge_id>/cashless/", views.pay, name="pay"),
    path("<uuid:charge_id>/slip/", views.slip, name="slip"),
    path("returned/<uuid:checkout_id>/", views.returned, name="returned"),
    path("notifications/<slug:provider>/", views.notification, name="notification"),
]
