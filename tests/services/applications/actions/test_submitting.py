from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import IntegrityError, InternalError, connection, connections, transaction

from souto.foundation.audit.models import Entry
from souto.foundation.documents.models import Document, StoredFile
from souto.foundation.identity.models import Person
from souto.foundation.notifications.models import Message
from souto.foundation.vault.keys import KeyDestroyedError, read_key
from souto.kernel import events
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError
from souto.services.applications import actions, numbers, queries
from souto.services.applications.actions import ChangedSinceReviewError, IncompleteError, SignatureNeededError
from souto.services.applications.events import ApplicationSubmitted
from souto.services.applications.models import AccessGrant, Application, Draft, Submission, TransitionRecord
from tests.jobs import run_all, waiting
from tests.services.applications import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def her() -> Actor:
    world.publish()
    return world.resident()


def test_a_draft_becomes_an_application_with_number_record_grant_copy_and_message(her: Actor) -> None:
    draft = world.filled(her)

    application = actions.submit(actor=her, draft_id=draft.id, revision=draft.revision)

    assert application.id == draft.id
    assert numbers.read(application.number) == application.number
    assert application.number.startswith("H")
    assert (application.state, application.kind, application.channel) == ("submitted", "application", "online")
    assert (application.person_id, application.submitter_id) == (her.id, her.id)
    assert not Draft.objects.filter(id=draft.id).exists()
    assert [r.name for r in TransitionRecord.objects.filter(application=application)] == ["submit"]
    assert AccessGrant.objects.get(application=application).department.code == world.SECTION
    assert Document.objects.get(subject_id=application.id).purpose == "applications.receipt"
    message = Message.objects.get(person_id=her.id)
    assert application.number in message.title


def test_the_submission_holds_what_was_sent_and_can_be_proved(her: Actor) -> None:
    application = world.submitted(her)
    submission = queries.current_submission(application)

    assert submission.revision == 1
    assert submission.payload["answers"] == {
        "name": {"full": "山田　花子"},
        "email": "hanako@example.jp",
        "way": "bank",
        "account": "1234567",
        "children": [{"id": world.ROW, "child": "山田空", "apart": False}],
        "memo": "よろしくお願いします",
    }
    assert queries.is_intact(submission)
    assert Entry.objects.get(action="applications.submit").facts["commitment"] == submission.commitment
    assert "1234567" not in str(Entry.objects.values())


def test_two_taps_make_one_application(her: Actor) -> None:
    draft = world.filled(her)

    first = actions.submit(actor=her, draft_id=draft.id)
    second = actions.submit(actor=her, draft_id=draft.id, revision=0)

    assert first.id == second.id
    assert first.number == second.number
    assert Application.objects.count() == 1
    assert Message.objects.filter(person_id=her.id).count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_taps_at_once_make_one_application() -> None:
    world.publish()
    her = world.resident()
    draft = world.filled(her)

    def tap(_: int) -> str:
        try:
            return actions.submit(actor=her, draft_id=draft.id).number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(tap, range(8)))

    assert len(seen) == 1
    assert Application.objects.count() == 1
    assert Submission.objects.count() == 1
    assert TransitionRecord.objects.count() == 1


def test_another_person_gets_nothing_by_tapping_after_her(her: Actor) -> None:
    draft = world.filled(her)
    for other in (world.resident(), world.ANYBODY, world.staff(department="childcare")):
        with pytest.raises(HiddenError):
            actions.submit(actor=other, draft_id=draft.id)
    application = actions.submit(actor=her, draft_id=draft.id)

    for other in (world.resident(), world.ANYBODY, world.staff()):
        with pytest.raises(HiddenError):
            actions.submit(actor=other, draft_id=application.id)
    with pytest.raises(NotFoundError):
        actions.submit(actor=her, draft_id=UUID(int=1))


def test_what_is_missing_is_named_and_nothing_is_sent(her: Actor) -> None:
    draft = world.started(her)

    with pytest.raises(IncompleteError) as caught:
        actions.submit(actor=her, draft_id=draft.id)

    assert [(p.page_key, p.path) for p in caught.value.problems] == [("way", "way"), ("family", "children")]
    assert Application.objects.count() == 0
    assert Draft.objects.filter(id=draft.id).exists()


def test_hidden_answers_are_not_sent(her: Actor) -> None:
    draft = world.filled(her)
    actions.save_page(actor=her, draft_id=draft.id, page_key="way", raw={"way": ["cash"]})

    application = actions.submit(actor=her, draft_id=draft.id)

    assert "account" not in queries.current_submission(application).payload["answers"]


def test_a_newer_draft_is_not_sent_unseen(her: Actor) -> None:
    draft = world.filled(her)
    actions.save_page(actor=her, draft_id=draft.id, page_key="last", raw={"memo": ["別の画面から"]})

    with pytest.raises(ChangedSinceReviewError):
        actions.submit(actor=her, draft_id=draft.id, revision=draft.revision)

    assert Application.objects.count() == 0


def test_the_card_of_today_counts_not_that_of_the_first_day(her: Actor) -> None:
    draft = world.filled(her)
    person = Person.objects.get(id=her.id)
    person.profile = {**person.profile, "name": "鈴木　花子"}
    person.save()

    application = actions.submit(actor=her, draft_id=draft.id)

    assert queries.current_submission(application).payload["answers"]["name"] == {"full": "鈴木　花子"}


def test_a_signature_is_asked_for_where_the_procedure_says_so(her: Actor) -> None:
    world.publish(world.body(slug="signed", signature=True))
    draft = world.filled(her, "signed")

    with pytest.raises(SignatureNeededError):
        actions.submit(actor=her, draft_id=draft.id)

    assert Application.objects.count() == 0


def test_whoever_fails_afterwards_leaves_everything_as_it_was(her: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.filled(her)

    def fail(_event: object, _actor: Actor) -> None:
        raise RuntimeError("the room above is broken")

    monkeypatch.setitem(events._handlers, ApplicationSubmitted, [fail])
    with pytest.raises(RuntimeError):
        actions.submit(actor=her, draft_id=draft.id)
    monkeypatch.undo()

    assert Application.objects.count() == 0
    assert Message.objects.count() == 0
    assert waiting() == []
    assert actions.submit(actor=her, draft_id=draft.id).id == draft.id


def test_the_draft_is_erased_in_backups_too(her: Actor) -> None:
    draft = world.filled(her)
    actions.submit(actor=her, draft_id=draft.id)

    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where task_name <> 'applications.forget_key'")
    run_all()

    with pytest.raises(KeyDestroyedError):
        read_key(draft.key_id)


@pytest.mark.parametrize("statement", ["update {} set commitment = 'x'", "delete from {}"])
def test_the_database_refuses_to_change_a_submission(her: Actor, statement: str) -> None:
    world.submitted(her)

    with pytest.raises((InternalError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("applications_submission"))

    assert queries.is_intact(Submission.objects.get())


def test_files_go_with_the_application_and_count_in_what_is_proved() -> None:
    world.publish(world.report_body())
    begun = actions.start_draft(actor=world.ANYBODY, slug="road", language="en")
    token = begun.token
    actions.save_page(
        actor=world.ANYBODY,
        draft_id=begun.draft.id,
        page_key="what",
        raw={"what": ["穴"], "email": ["a@example.jp"]},
        uploads=[
            actions.Upload("photo", "穴.jpg", world.photo()),
            actions.Upload("photo", "b.png", world.photo("PNG")),
        ],
        token=token,
    )

    application = actions.submit(actor=world.ANYBODY, draft_id=begun.draft.id, token=token)

    submission = queries.current_submission(application)
    stored = {f.sha256 for f in StoredFile.objects.filter(subject_id=application.id)}
    assert {a["sha256"] for a in queries.attachments_of(submission)} == stored
    assert all(sha.encode() in queries.content_of(submission) for sha in stored)
    assert queries.access_own_application(actor=world.ANYBODY, application_id=application.id, token=token)
    assert Message.objects.get().language == "en"
    assert Message.objects.get().person_id is None
