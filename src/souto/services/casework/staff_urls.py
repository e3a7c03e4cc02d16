"""Addresses of casework on the staff's face."""

from __future__ import annotations

from django.urls import path

from souto.services.casework.views import case, forms, queue

app_name = "casework_staff"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("export.csv", queue.export, name="export"),
    path("assign/", queue.assign_many, name="assign_many"),
    path("batch/", queue.batch, name="batch"),
    path("batch/result/", queue.batch_result, name="batch_result"),
    path("approvals/", queue.approvals, name="approvals"),
    path("opinions/", queue.opinions, name="opinions"),
    path("opinions/<uuid:opinion_id>/", forms.opinion, name="opinion"),
    path("hand-overs/", queue.hand_overs, name="hand_overs"),
    path("hand-overs/<uuid:hand_over_id>/again/", queue.hand_over_again, name="hand_over_again"),
    path("results/<uuid:result_id>/again/", queue.ask_again, name="ask_again"),
    path("<uuid:case_id>/", case.show, name="case"),
    path("<uuid:case_id>/files/<uuid:file_id>/", case.file, name="file"),
    path("<uuid:case_id>/take/", case.take, name="take"),
    path("<uuid:case_id>/assign/", case.assign, name="assign"),
    path("<uuid:case_id>/note/", case.note, name="note"),
    path("<uuid:case_id>/decide/", forms.decide, name="decide"),
    path("<uuid:case_id>/approve/", forms.approve, name="approve"),
    path("<uuid:case_id>/proposal/cancel/", case.cancel_proposal, name="cancel_proposal"),
    path("<uuid:case_id>/correction/", forms.correct, name="correct"),
    path("<uuid:case_id>/correction/cancel/", case.cancel_correction, name="cancel_correction"),
    path("<uuid:case_id>/ask/", forms.ask, name="ask"),
    path("<uuid:case_id>/opinions/<uuid:opinion_id>/withdraw/", case.withdraw_opinion, name="withdraw_opinion"),
    path("<uuid:case_id>/feedback/", forms.feedback, name="feedback"),
]
