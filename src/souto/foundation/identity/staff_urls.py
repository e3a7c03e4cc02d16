"""Addresses of identity on the staff's face."""

from __future__ import annotations

from django.urls import path

from souto.foundation.identity.views import people, reviews, staff_sign_in

app_name = "identity_staff"
urlpatterns = [
    path("sign-in", staff_sign_in.sign_in, name="sign_in"),
    path("sign-out", staff_sign_in.sign_out, name="sign_out"),
    path("passkey/<str:token>", staff_sign_in.register, name="register"),
    path("people", people.people, name="people"),
    path("people/new", people.new_staff, name="new_staff"),
    path("people/<uuid:staff_id>", people.person, name="person"),
    path("people/<uuid:staff_id>/roles", people.add_membership, name="add_membership"),
    path("people/<uuid:staff_id>/roles/<uuid:membership_id>/end", people.end_membership, name="end_membership"),
    path("people/<uuid:staff_id>/invite", people.invite, name="invite"),
    path("people/<uuid:staff_id>/deactivate", people.deactivate, name="deactivate"),
    path("departments/new", people.new_department, name="new_department"),
    path("reviews", reviews.reviews, name="reviews"),
    path("reviews/<uuid:review_id>", reviews.review, name="review"),
]
