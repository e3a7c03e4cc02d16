from __future__ import annotations

from datetime import timedelta

import pytest

from souto.foundation.documents.models import StoredFile
from souto.foundation.notifications.models import Message
from souto.foundation.vault.keys import KeyDestroyedError, create_key, read_key
from souto.kernel import clock
from souto.kernel.jobs import registered
from souto.services.applications import actions, jobs
from souto.services.applications.models import Draft
from tests.services.applications import world

pytestmark = pytest.mark.django_db


def test_a_draft_is_announced_once_then_removed_with_its_files() -> None:
    world.publish(world.report_body())
    her = world.resident()
    ending, ended, young = (world.started(her, "road") for _ in range(3))
    actions.attach_file(actor=her, draft_id=ended.id, path="photo", name="a.jpg", content=world.photo())
    Draft.objects.filter(id=ending.id).update(expires_on=clock.today() + timedelta(days=7))
    Draft.objects.filter(id=ended.id).update(expires_on=clock.today() - timedelta(days=1))

    jobs.expire_drafts()
    jobs.expire_drafts()

    assert set(Draft.objects.values_list("id", flat=True)) == {ending.id, young.id}
    message = Message.objects.get(person_id=her.id)
    assert "書きかけの「道路の通報」" in message.title
    assert StoredFile.objects.get().discarded_at is not None


def test_saving_gives_a_draft_new_time_and_a_new_warning() -> None:
    world.publish()
    her = world.resident()
    draft = world.started(her)
    Draft.objects.update(expires_on=clock.today() + timedelta(days=3))
    jobs.expire_drafts()

    actions.save_page(actor=her, draft_id=draft.id, page_key="last", raw={"memo": ["まだ書いています"]})

    after = Draft.objects.get()
    assert after.warned_at is None
    assert after.expires_on == clock.today() + timedelta(days=30)


def test_the_last_day_counts() -> None:
    world.publish()
    world.started(world.resident())
    Draft.objects.update(expires_on=clock.today())

    jobs.expire_drafts()

    assert Draft.objects.count() == 1


def test_a_key_in_use_is_never_destroyed() -> None:
    world.publish()
    draft = world.started(world.resident())
    orphan = create_key()

    for _ in range(2):
        jobs.forget_key(key_id=str(orphan))
    jobs.forget_key(key_id=str(draft.key_id))

    assert read_key(draft.key_id)
    with pytest.raises(KeyDestroyedError):
        read_key(orphan)


def test_expiry_runs_by_itself_every_night() -> None:
    assert registered()["applications.expire_drafts"].cron == "20 4 * * *"
