"""Addresses of identity on the residents' face."""

from __future__ import annotations

from django.urls import path

from souto.foundation.identity.views import me, sign_in, signing

app_name = "identity"
urlpatterns = [
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-in/start", sign_in.start, name="start"),
    path("sign-in/callback", sign_in.callback, name="callback"),
    path("sign/callback", signing.signing_callback, name="signing_callback"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("me", me.me, name="me"),
    path("me/email", me.contact, name="contact"),
    path("me/email/remove", me.remove_contact, name="remove_contact"),
    path("me/email/<str:token>", me.confirm_contact, name="confirm_contact"),
    path("me/language", me.language, name="language"),
    path("me/sessions", me.end_sessions, name="end_sessions"),
]
