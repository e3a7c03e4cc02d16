"""Addresses of the applicant's pages. Everything about one draft or application lies under its id, which both share."""

from __future__ import annotations

from django.urls import path

from souto.services.applications.views import correction, filling, mine, sending

app_name = "applications"
urlpatterns = [
    path("", mine.index, name="list"),
    path("start/<slug:slug>/", filling.start, name="start"),
    path("<uuid:draft_id>/resume/", filling.resume, name="draft"),
    path("<uuid:draft_id>/paused/", filling.paused, name="paused"),
    path("<uuid:draft_id>/discard/", filling.discard, name="discard"),
    path("<uuid:draft_id>/pages/<slug:page>/", filling.page, name="page"),
    path("<uuid:draft_id>/pages/<slug:page>/save/", filling.save, name="save"),
    path("<uuid:draft_id>/upload/<path:field>/", filling.upload, name="upload"),
    path("<uuid:record_id>/files/<uuid:file_id>/", sending.file, name="file"),
    path("<uuid:draft_id>/review/", sending.review, name="review"),
    path("<uuid:draft_id>/sign/", sending.sign, name="sign"),
    path("<uuid:draft_id>/signed/", sending.signed, name="signed"),
    path("<uuid:draft_id>/submit/", sending.submit, name="submit"),
    path("<uuid:application_id>/receipt/", sending.receipt, name="receipt"),
    path("<uuid:application_id>/", mine.detail, name="detail"),
    path("<uuid:application_id>/copy/<uuid:document_id>/", mine.copy, name="copy"),
    path("<uuid:application_id>/withdraw/", mine.withdraw, name="withdraw"),
    path("<uuid:application_id>/feedback/", mine.feedback, name="feedback"),
    path("<uuid:application_id>/correction/", correction.correct, name="correction"),
    path("<uuid:application_id>/correction/upload/<path:field>/", correction.upload, name="correction_upload"),
    path("<uuid:application_id>/correction/review/", correction.review, name="correction_review"),
    path("<uuid:application_id>/correction/sign/", correction.sign, name="correction_sign"),
    path("<uuid:application_id>/correction/signed/", correction.signed, name="correction_signed"),
    path("<uuid:application_id>/correction/submit/", correction.submit, name="correction_submit"),
]
