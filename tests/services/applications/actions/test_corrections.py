from __future__ import annotations

from datetime import timedelta

import pytest

from souto.foundation.documents.models import StoredFile
from souto.foundation.notifications.models import Message
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, HiddenError
from souto.kernel.lifecycle import TransitionRefusedError
from souto.services.applications import actions, queries
from souto.services.applications.actions import (
    CorrectionEndedError,
    CorrectionOpenAlreadyError,
    CorrectionReasonError,
    DueDateError,
    Edit,
    IncompleteError,
    NothingChangedError,
    NothingToCorrectError,
    SignatureNeededError,
)
from souto.services.applications.models import Application, Correction, Submission
from tests.services.applications import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def her() -> Actor:
    world.publish()
    return world.resident()


@pytest.fixture
def officer() -> Actor:
    return world.staff()


@pytest.fixture
def application(her: Actor, officer: Actor) -> Application:
    return world.in_review(her, officer)


def _answers(application: Application) -> dict[str, object]:
    return queries.current_submission(application).payload["answers"]


def test_only_the_named_field_changes(her: Actor, officer: Actor, application: Application) -> None:
    before = _answers(application)
    correction = world.asked(officer, application, "account")

    saved = actions.save_correction(
        actor=her, correction_id=correction.id, raw={"account": ["7654321"], "way": ["cash"], "memo": ["変えた"]}
    )
    actions.submit_correction(actor=her, correction_id=correction.id)

    assert saved.problems == []
    assert _answers(application) == {**before, "account": "7654321"}
    assert [s.revision for s in Submission.objects.filter(application=application)] == [1, 2]
    assert all(queries.is_intact(s) for s in Submission.objects.filter(application=application))
    assert queries.changed_paths(application) == {"account"}
    changed = [r for part in queries.answers_view(application, "ja") for r in part.rows if r.changed]
    assert [(r.path, r.before, r.lines) for r in changed] == [("account", ("1234567",), ("7654321",))]


def test_a_field_of_one_row_is_corrected_by_its_path(her: Actor, officer: Actor, application: Application) -> None:
    path = f"children/{world.ROW}/child"
    correction = world.asked(officer, application, path)

    actions.save_correction(
        actor=her,
        correction_id=correction.id,
        raw={path: ["山田海"], f"children/{world.ROW}/apart": ["yes"], "children": ["ffffffff"]},
    )
    actions.submit_correction(actor=her, correction_id=correction.id)

    assert _answers(application)["children"] == [{"id": world.ROW, "child": "山田海", "apart": False}]


def test_a_whole_group_may_be_opened(her: Actor, officer: Actor, application: Application) -> None:
    correction = world.asked(officer, application, "children")
    raw = {"children": ["ffffffff"], "children/ffffffff/child": ["林"], "children/ffffffff/apart": ["no"]}

    actions.save_correction(actor=her, correction_id=correction.id, raw=raw)
    actions.submit_correction(actor=her, correction_id=correction.id)

    assert _answers(application)["children"] == [{"id": "ffffffff", "child": "林", "apart": False}]


def test_a_corrected_answer_brings_up_what_it_asks_for(her: Actor, officer: Actor) -> None:
    draft = world.filled(her)
    actions.save_page(actor=her, draft_id=draft.id, page_key="way", raw={"way": ["cash"]})
    application = actions.submit(actor=her, draft_id=draft.id)
    correction = world.asked(officer, application, "way")

    first = actions.save_correction(actor=her, correction_id=correction.id, raw={"way": ["bank"]})
    with pytest.raises(IncompleteError):
        actions.submit_correction(actor=her, correction_id=correction.id)
    actions.save_correction(actor=her, correction_id=correction.id, raw={"way": ["bank"], "account": ["999"]})
    actions.submit_correction(actor=her, correction_id=correction.id)

    assert [p.path for p in first.problems] == ["account"]
    assert _answers(application)["account"] == "999"


def test_what_is_typed_for_a_correction_is_kept_right_or_wrong(
    her: Actor, officer: Actor, application: Application
) -> None:
    correction = world.asked(officer, application, "email")

    saved = actions.save_correction(
        actor=her, correction_id=correction.id, raw={"email": ["hana"]}, reply="あとで直します"
    )

    kept = Correction.objects.get(id=correction.id)
    assert [p.path for p in saved.problems] == ["email"]
    assert kept.draft["raw"] == {"email": ["hana"]}
    assert kept.reply == "あとで直します"
    assert _answers(application)["email"] == "hanako@example.jp"


def test_the_clock_stands_while_a_correction_is_open(her: Actor, officer: Actor, application: Application) -> None:
    expected = queries.expected_on(application)
    correction = world.asked(officer, application)
    open_pause = queries.clock_pauses(Application.objects.get(id=application.id))
    paused = queries.expected_on(Application.objects.get(id=application.id))

    actions.save_correction(actor=her, correction_id=correction.id, raw={"account": ["7654321"]})
    actions.submit_correction(actor=her, correction_id=correction.id)

    assert expected is not None
    assert paused is None
    assert [(p.start, p.end) for p in open_pause] == [(clock.today(), None)]
    assert [(p.start, p.end) for p in queries.clock_pauses(application)] == [(clock.today(), clock.today())]


def test_a_second_tap_changes_nothing(her: Actor, officer: Actor, application: Application) -> None:
    correction = world.asked(officer, application)
    actions.save_correction(actor=her, correction_id=correction.id, raw={"account": ["7654321"]})

    actions.submit_correction(actor=her, correction_id=correction.id)
    again = actions.submit_correction(actor=her, correction_id=correction.id)

    assert again.id == application.id
    assert Submission.objects.filter(application=application).count() == 2


def test_an_empty_correction_needs_words(her: Actor, officer: Actor, application: Application) -> None:
    correction = world.asked(officer, application)

    with pytest.raises(NothingChangedError):
        actions.submit_correction(actor=her, correction_id=correction.id)
    actions.save_correction(
        actor=her, correction_id=correction.id, raw={"account": ["1234567"]}, reply="通帳をなくしました"
    )
    actions.submit_correction(actor=her, correction_id=correction.id)

    assert Correction.objects.get(id=correction.id).resolved_at is not None


@pytest.mark.parametrize(
    ("items", "error"),
    [
        ([], NothingToCorrectError),
        ([{"path": "name", "reason": "x"}], NothingToCorrectError),
        ([{"path": "no_such", "reason": "x"}], NothingToCorrectError),
        ([{"path": "children/ffffffff/child", "reason": "x"}], NothingToCorrectError),
        ([{"path": "account", "reason": " "}], CorrectionReasonError),
    ],
)
def test_a_request_names_fields_that_can_be_corrected_and_why(
    officer: Actor, application: Application, items: list[dict[str, str]], error: type[Exception]
) -> None:
    with pytest.raises(error):
        actions.request_correction(
            actor=officer,
            application_id=application.id,
            items=items,  # type: ignore[arg-type]
            note="",
            due_on=clock.today() + timedelta(days=3),
        )

    assert Correction.objects.count() == 0


def test_one_request_at_a_time_with_a_day_to_come(officer: Actor, application: Application) -> None:
    with pytest.raises(DueDateError):
        world.asked(officer, application, days=0)
    first = world.asked(officer, application)
    with pytest.raises(CorrectionOpenAlreadyError):
        world.asked(officer, application)
    actions.cancel_correction(actor=officer, correction_id=first.id)
    with pytest.raises(CorrectionEndedError):
        actions.cancel_correction(actor=officer, correction_id=first.id)

    assert world.asked(officer, application).is_open


def test_after_the_decision_nothing_is_corrected(officer: Actor, application: Application) -> None:
    actions.decide(actor=world.chief(), application_id=application.id, outcome="granted")

    with pytest.raises(TransitionRefusedError):
        world.asked(officer, application)


def test_who_may_ask_and_who_may_answer(her: Actor, officer: Actor, application: Application) -> None:
    with pytest.raises(HiddenError):
        world.asked(world.staff(department="childcare"), application)
    with pytest.raises(HiddenError):
        world.asked(her, application)
    correction = world.asked(officer, application)

    for other in (world.resident(), world.ANYBODY, officer, world.staff(department="childcare")):
        with pytest.raises(HiddenError):
            actions.save_correction(actor=other, correction_id=correction.id, raw={"account": ["1"]})
        with pytest.raises(HiddenError):
            actions.submit_correction(actor=other, correction_id=correction.id)
    with pytest.raises((HiddenError, ForbiddenError)):
        actions.cancel_correction(actor=her, correction_id=correction.id)

    assert Correction.objects.get().draft["raw"] == {}
    assert Submission.objects.count() == 1


def test_a_cancelled_request_takes_nothing_more(her: Actor, officer: Actor, application: Application) -> None:
    correction = world.asked(officer, application)
    actions.cancel_correction(actor=officer, correction_id=correction.id)

    with pytest.raises(CorrectionEndedError):
        actions.save_correction(actor=her, correction_id=correction.id, raw={"account": ["1"]})
    with pytest.raises(CorrectionEndedError):
        actions.submit_correction(actor=her, correction_id=correction.id)


def test_a_new_file_takes_the_place_of_one_that_stays_with_its_submission(her: Actor, officer: Actor) -> None:
    draft = world.filled(her)
    path = f"children/{world.ROW}/proof"
    family = {**world.FORM["family"], f"children/{world.ROW}/apart": ["yes"]}
    actions.save_page(
        actor=her,
        draft_id=draft.id,
        page_key="family",
        raw=family,
        uploads=[actions.Upload(path, "a.jpg", world.photo())],
    )
    application = actions.submit(actor=her, draft_id=draft.id)
    correction = world.asked(officer, application, path)

    for size in (50, 60):
        actions.attach_correction_file(
            actor=her, correction_id=correction.id, path=path, name="b.jpg", content=world.photo(size=size)
        )
    actions.submit_correction(actor=her, correction_id=correction.id)

    first, second = Submission.objects.filter(application=application)
    old, new = queries.attachments_of(first)[0], queries.attachments_of(second)[0]
    kept = {str(f.id) for f in StoredFile.objects.filter(discarded_at__isnull=True)}
    assert kept == {old["file_id"], new["file_id"]}
    assert queries.is_intact(first)


def test_a_file_that_was_sent_can_be_left_out_and_stays_with_its_submission(her: Actor, officer: Actor) -> None:
    world.publish(world.report_body())
    draft = world.started(her, "road")
    actions.save_page(
        actor=her,
        draft_id=draft.id,
        page_key="what",
        raw={"what": ["穴"]},
        uploads=[actions.Upload("photo", "a.jpg", world.photo())],
    )
    application = actions.submit(actor=her, draft_id=draft.id)
    sent = queries.attachments_of(queries.current_submission(application))[0]["file_id"]
    correction = world.asked(officer, application, "photo")

    actions.save_correction(actor=her, correction_id=correction.id, raw={}, edit=Edit("remove_file", "", sent))
    actions.submit_correction(actor=her, correction_id=correction.id)

    assert "photo" not in _answers(application)
    assert StoredFile.objects.get(id=sent).discarded_at is None


def test_the_message_names_the_fields_and_not_the_reasons(her: Actor, officer: Actor, application: Application) -> None:
    world.asked(officer, application)

    message = Message.objects.filter(person_id=her.id).latest("created_at")
    assert "口座番号" in message.body
    assert "桁が足りません" not in message.body
    assert f"/applications/{application.id}/correction/" in message.body


def test_a_corrected_field_may_need_a_new_signature(
    her: Actor, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish(world.body(slug="signed", signature=True, resign_on=["account", "children/child"]))
    draft = world.filled(her, "signed")
    monkeypatch.setattr(actions.submitting, "is_signed", lambda **_: True)
    application = actions.submit(actor=her, draft_id=draft.id)
    correction = world.asked(officer, application, "account", "memo")

    actions.save_correction(actor=her, correction_id=correction.id, raw={"account": ["1234567"], "memo": ["直した"]})
    without = actions.corrections.correcting(Correction.objects.get()).needs_signature()
    actions.save_correction(actor=her, correction_id=correction.id, raw={"account": ["7654321"]})
    with pytest.raises(SignatureNeededError):
        actions.submit_correction(actor=her, correction_id=correction.id)

    assert not without
    assert Submission.objects.filter(application=application).count() == 1
