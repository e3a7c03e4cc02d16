"""Versions of a service: imported, published for a day on, then frozen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from souto.foundation.audit.models import Entry
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, HiddenError, NotFoundError
from souto.services.transit import actions, queries
from souto.services.transit.models import ServiceVersion, VersionState
from tests.services.transit import service

pytestmark = pytest.mark.django_db


def test_a_published_version_holds_from_its_day_on_with_measured_ways() -> None:
    made = service.published()
    today = clock.today()

    assert queries.published_on(slug="south", day=today).id == made.id
    assert made.ways is not None
    ways = made.ways
    assert ways["stops"] == ["hall", "station", "clinic", "market"]
    assert [row[n] for n, row in enumerate(ways["seconds"])] == [0, 0, 0, 0]
    # At 10 to 40 km/h the straight 2.3 km between hall and station take 3 to 20 minutes.
    assert 180 < ways["seconds"][0][1] < 1200
    assert ways["metres"][0][1] > 2000
    assert ways["source"] == "synthetic"
    with pytest.raises(NotFoundError):
        queries.published_on(slug="south", day=today - timedelta(days=1))
    assert Entry.objects.filter(action="transit.publish", subject_id=made.id).count() == 1


def test_a_later_version_holds_from_its_own_day_and_the_days_before_keep_theirs() -> None:
    today = clock.today()
    first = service.published()
    second = service.published(today + timedelta(days=7), retention_days=60)

    assert queries.published_on(slug="south", day=today + timedelta(days=6)).id == first.id
    assert queries.published_on(slug="south", day=today + timedelta(days=7)).id == second.id
    assert [version.id for version in queries.services_on(day=today + timedelta(days=9))] == [second.id]
    assert second.number == first.number + 1


def test_the_same_text_makes_nothing_new_and_another_replaces_the_draft() -> None:
    first = actions.import_yaml(actor=service.SYSTEM, text=service.text(), is_demo=False)
    again = actions.import_yaml(actor=service.SYSTEM, text=service.text(), is_demo=False)
    other = actions.import_yaml(actor=service.SYSTEM, text=service.text(retention_days=9), is_demo=False)

    assert first.id == again.id == other.id
    assert ServiceVersion.objects.get().definition.retention_days == 9


def test_a_contradiction_is_not_published() -> None:
    draft = actions.import_yaml(actor=service.SYSTEM, text=service.text(vehicles=[]), is_demo=False)

    with pytest.raises(actions.PublishRefusedError, match="車両がありません"):
        actions.publish(actor=service.SYSTEM, version_id=draft.id, valid_from=clock.today())
    assert ServiceVersion.objects.get().state == VersionState.DRAFT


def test_no_version_reaches_into_the_past_or_before_a_later_one() -> None:
    today = clock.today()
    draft = actions.import_yaml(actor=service.SYSTEM, text=service.text(), is_demo=False)
    with pytest.raises(actions.TooSoonError):
        actions.publish(actor=service.SYSTEM, version_id=draft.id, valid_from=today - timedelta(days=1))
    actions.publish(actor=service.SYSTEM, version_id=draft.id, valid_from=today + timedelta(days=3))
    with pytest.raises(actions.NotADraftError):
        actions.publish(actor=service.SYSTEM, version_id=draft.id, valid_from=today + timedelta(days=4))
    with pytest.raises(actions.TooSoonError):
        service.published(today + timedelta(days=3), retention_days=9)


def test_the_database_keeps_what_is_published() -> None:
    made = service.published()

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        ServiceVersion.objects.filter(pk=made.pk).update(valid_from=clock.today() + timedelta(days=9))
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        made.delete()


@pytest.mark.parametrize("who", [Actor.anonymous(), service.resident(), service.staff("transit.operate")])
def test_only_those_who_may_publish_do(who: Actor) -> None:
    draft = actions.import_yaml(actor=service.SYSTEM, text=service.text(), is_demo=False)

    with pytest.raises(ForbiddenError):
        actions.import_yaml(actor=who, text=service.text(retention_days=9), is_demo=False)
    with pytest.raises(ForbiddenError):
        actions.publish(actor=who, version_id=draft.id, valid_from=clock.today())
    with pytest.raises(ForbiddenError):
        queries.versions(actor=who, slug="south")
    with pytest.raises(HiddenError):
        queries.access_version(actor=who, version_id=draft.id)
    kept = ServiceVersion.objects.get()
    assert (kept.state, kept.definition.retention_days) == (VersionState.DRAFT, 30)


def test_what_is_published_is_public() -> None:
    made = service.published()

    assert queries.access_version(actor=Actor.anonymous(), version_id=made.id) == made
    assert list(queries.versions(actor=service.staff("transit.publish"), slug="south")) == [made]
    with pytest.raises(NotFoundError):
        queries.versions(actor=service.SYSTEM, slug="north")
