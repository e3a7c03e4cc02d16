"""A web process killed in the middle of sending: the client tries again, and the application is there exactly once."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from souto.foundation.documents.models import Document
from souto.foundation.notifications.models import Message
from souto.services.applications import actions, queries
from souto.services.applications.models import Application, Draft, Submission, TransitionRecord
from tests.jobs import waiting
from tests.services.applications import world

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[3]
#: Sends the draft and stops inside the transaction, after everything was written and before it is committed.
SENDER = """
    import sys, time
    from uuid import UUID
    import django
    django.setup()
    from souto.kernel import events
    from souto.kernel.actor import Actor, ActorKind
    from souto.services.applications import actions
    from souto.services.applications.events import ApplicationSubmitted

    def stand_still(event, actor):
        print("written", flush=True)
        time.sleep(120)

    events.subscribe(ApplicationSubmitted)(stand_still)
    her = Actor(kind=ActorKind.RESIDENT, id=UUID(sys.argv[1]), assurance=2)
    actions.submit(actor=her, draft_id=UUID(sys.argv[2]))
"""


def _address() -> str:
    """The address of the database of this test."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def test_kill_9_while_sending_leaves_a_draft_that_is_sent_once() -> None:
    world.publish()
    her = world.resident()
    draft = world.filled(her)
    queued = len(waiting())
    env = {**os.environ, "DATABASE_URL": _address(), "DJANGO_SETTINGS_MODULE": "souto.config.settings"}
    sender = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(SENDER), str(her.id), str(draft.id)],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    try:
        assert sender.stdout is not None
        assert sender.stdout.readline() == b"written\n"
    finally:
        sender.kill()
        sender.communicate()

    nothing = (
        Application.objects.count(),
        Submission.objects.count(),
        Message.objects.count(),
        len(waiting()) - queued,
    )
    kept = Draft.objects.get().raw
    application = actions.submit(actor=her, draft_id=draft.id)
    again = actions.submit(actor=her, draft_id=draft.id)

    assert nothing == (0, 0, 0, 0)
    assert kept["account"] == ["1234567"]
    assert again.number == application.number
    assert Application.objects.count() == Submission.objects.count() == TransitionRecord.objects.count() == 1
    assert Message.objects.count() == Document.objects.count() == 1
    assert queries.is_intact(queries.current_submission(application))
