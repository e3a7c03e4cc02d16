"""Addresses of the counter (窓口) on the staff's face: the pages of a draft are those of the applicant's face, in the staff's frame."""

from __future__ import annotations

from django.urls import path

from souto.services.applications.views import correction, counter, filling, sending
from souto.services.applications.views.counter import counter_page

app_name = "applications_staff"
urlpatterns = [
    path("", counter.index, name="counter"),
    path("start/<slug:slug>/", counter.begin, name="begin"),
    path("<uuid:draft_id>/resume/", counter_page(filling.resume), name="draft"),
    path("<uuid:draft_id>/paused/", counter_page(filling.paused), name="paused"),
    path("<uuid:draft_id>/discard/", counter_page(filling.discard), name="discard"),
    path("<uuid:draft_id>/pages/<slug:page>/", counter_page(filling.page), name="page"),
    path("<uuid:draft_id>/pages/<slug:page>/save/", counter_page(filling.save), name="save"),
    path("<uuid:draft_id>/upload/<path:field>/", counter_page(filling.upload), name="upload"),
    path("<uuid:record_id>/files/<uuid:file_id>/", counter_page(sending.file), name="file"),
    path("<uuid:draft_id>/review/", counter.review, name="review"),
    path("<uuid:application_id>/receipt/", counter.receipt, name="receipt"),
    path("<uuid:application_id>/correction/", counter_page(correction.correct), name="correction"),
    path(
        "<uuid:application_id>/correction/upload/<path:field>/",
        counter_page(correction.upload),
        name="correction_upload",
    ),
    path("<uuid:application_id>/correction/review/", counter.correction_review, name="correction_review"),
    path("<uuid:application_id>/copy/<uuid:document_id>/", counter.copy, name="copy"),
]
