"""Versions: drafts, publication, and that what is published never changes."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from souto.foundation.audit.models import Entry
from souto.kernel import events
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, HiddenError, NotFoundError
from souto.kernel.ids import new_id
from souto.services.procedures import actions, bodies, queries
from souto.services.procedures.definition.canonical import body_hash
from souto.services.procedures.events import ProcedurePublished
from souto.services.procedures.models import Procedure, ProcedureVersion
from tests.services.procedures.definition.samples import field, page
from tests.services.procedures.helpers import editor, published, resident, sample_yaml, staff

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def test_importing_makes_a_draft_that_nobody_but_editors_can_open() -> None:
    someone = editor()

    draft = actions.import_yaml(actor=someone, text=sample_yaml())

    assert (draft.state, draft.number) == ("draft", 1)
    assert queries.access_version(actor=someone, version_id=draft.id) == draft
    with pytest.raises(NotFoundError):
        queries.get_published("sample")
    for other in (Actor.anonymous(), resident(), staff()):
        with pytest.raises(HiddenError):
            queries.access_version(actor=other, version_id=draft.id)


def test_the_same_content_makes_no_new_draft_and_other_content_does() -> None:
    first = published()

    same = actions.import_yaml(actor=SYSTEM, text="# a comment changes nothing\n" + sample_yaml())
    changed = actions.import_yaml(actor=SYSTEM, text=sample_yaml(minutes=5))
    again = actions.import_yaml(actor=SYSTEM, text=sample_yaml(minutes=6))

    assert same == first
    assert (changed.id, changed.state, changed.number) == (again.id, "draft", 2)
    assert ProcedureVersion.objects.count() == 2
    assert queries.get_published("sample") == first


def test_an_edit_is_taken_back_by_importing_what_is_published() -> None:
    first = published()
    actions.import_yaml(actor=SYSTEM, text=sample_yaml(minutes=5))

    back = actions.import_yaml(actor=SYSTEM, text=sample_yaml())

    assert (back.state, back.body_hash) == ("draft", first.body_hash)


def test_publishing_supersedes_the_version_before_in_one_step() -> None:
    first = published()
    second = actions.import_yaml(actor=SYSTEM, text=sample_yaml(minutes=5))

    actions.publish(actor=SYSTEM, version_id=second.id)

    first.refresh_from_db()
    assert first.state == "superseded"
    assert first.superseded_at == queries.get_published("sample").published_at
    assert queries.get_version(first.id).definition.minutes is None
    assert queries.get_published("sample").definition.minutes == 5


def test_publishing_is_recorded_and_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[ProcedurePublished] = []
    monkeypatch.setitem(events._handlers, ProcedurePublished, [lambda event, actor: heard.append(event)])
    someone = editor()

    version = published(someone)

    assert heard == [ProcedurePublished(version_id=version.id, slug="sample")]
    assert version.published_by_id == someone.id
    entry = Entry.objects.get(action="procedures.publish")
    assert (entry.actor_id, entry.subject_id) == (someone.id, version.id)
    assert entry.facts["hash"] == body_hash(version.body)


def test_errors_keep_a_draft_from_being_published_and_name_their_place() -> None:
    wrong = [page("first", field("text", "reason", condition={"answered": "nothing"}))]
    draft = actions.import_yaml(actor=SYSTEM, text=sample_yaml(pages=wrong))

    with pytest.raises(actions.PublishRefusedError) as refused:
        actions.publish(actor=SYSTEM, version_id=draft.id)

    assert (refused.value.problems[0].page, refused.value.problems[0].field) == ("first", "reason")
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_only_those_who_may_do_so_import_publish_or_discard() -> None:
    draft = actions.import_yaml(actor=SYSTEM, text=sample_yaml())

    for other in (Actor.anonymous(), resident(), staff()):
        for attempt in (
            lambda other=other: actions.import_yaml(actor=other, text=sample_yaml(minutes=9)),
            lambda other=other: actions.publish(actor=other, version_id=draft.id),
            lambda other=other: actions.discard_draft(actor=other, version_id=draft.id),
        ):
            with pytest.raises(ForbiddenError):
                attempt()

    draft.refresh_from_db()
    assert (draft.state, draft.definition.minutes) == ("draft", None)


def test_a_version_is_published_once() -> None:
    version = published()

    with pytest.raises(actions.NotADraftError):
        actions.publish(actor=SYSTEM, version_id=version.id)
    with pytest.raises(actions.NotADraftError):
        actions.discard_draft(actor=SYSTEM, version_id=version.id)
    with pytest.raises(NotFoundError):
        actions.publish(actor=SYSTEM, version_id=new_id())


def test_a_discarded_draft_is_gone() -> None:
    draft = actions.import_yaml(actor=SYSTEM, text=sample_yaml())

    actions.discard_draft(actor=SYSTEM, version_id=draft.id)

    assert not ProcedureVersion.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        "update procedures_procedureversion set body = jsonb_set(body, '{minutes}', '99')",
        "update procedures_procedureversion set body_hash = 'x'",
        "update procedures_procedureversion set number = 7",
        "update procedures_procedureversion set state = 'draft', published_at = null",
        "update procedures_procedureversion set published_at = now()",
        "update procedures_procedureversion set state = 'superseded', superseded_at = now(), body = '{}'",
        "update procedures_procedureversion set state = 'superseded'",
        "delete from procedures_procedureversion",
    ],
)
def test_the_database_itself_keeps_what_was_published(change: str) -> None:
    version = published()

    with pytest.raises(DatabaseError, match="published"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)

    kept = ProcedureVersion.objects.get()
    assert (kept.body, kept.body_hash, kept.state) == (version.body, version.body_hash, "published")


def test_a_superseded_version_does_not_come_back() -> None:
    first = published()
    published(minutes=5)

    with pytest.raises(DatabaseError, match="published"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update procedures_procedureversion set state = 'published' where id = %s", [first.id])


def test_what_is_stored_is_canonical_and_reads_back_equal() -> None:
    version = published()

    stored = ProcedureVersion.objects.get()

    assert body_hash(stored.body) == stored.body_hash == version.body_hash
    assert stored.definition.body() == stored.body


@pytest.mark.django_db(transaction=True)
def test_two_editors_publishing_at_once_leave_one_published_version() -> None:
    draft = actions.import_yaml(actor=SYSTEM, text=sample_yaml())
    outcomes: list[str] = []

    def press() -> None:
        try:
            actions.publish(actor=SYSTEM, version_id=draft.id)
            outcomes.append("published")
        except actions.NotADraftError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    both = [threading.Thread(target=press) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(outcomes) == ["published", "refused"]
    assert Procedure.objects.get().versions.filter(state="published").count() == 1


def test_a_list_of_procedures_reads_each_body_once(django_assert_num_queries: Any) -> None:
    for number in range(3):
        published(slug=f"p{number}", summary=f"はじめて {new_id()}")
    bodies._parsed.clear()

    with django_assert_num_queries(2):
        first = [version.definition.slug for version in queries.list_published()]
    with django_assert_num_queries(1):
        again = [(version.slug, version.definition.slug) for version in queries.search_published("", language="ja")]

    assert first == ["p0", "p1", "p2"]
    assert again == [(slug, slug) for slug in first]
