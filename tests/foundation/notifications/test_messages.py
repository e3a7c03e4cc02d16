"""Messages: written in the person's language, in the inbox at once, by e-mail through a real SMTP server, tried again."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from email.message import Message as Mail
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import Client, override_settings

from souto.foundation.identity.models import Person
from souto.foundation.notifications import actions, jobs, queries, wording
from souto.foundation.notifications.models import Delivery, DeliveryState, Message
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.errors import HiddenError
from souto.kernel.ids import new_id
from tests.jobs import run_all, waiting

SYSTEM = Actor.system("test")


class Mailbox:
    """Keeps what arrives; refuses addresses at `gone.example` for good and `busy.example` for now."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802
        if address.endswith("@gone.example"):
            return "550 no such mailbox"
        if address.endswith("@busy.example"):
            return "450 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    controller.stop()


@pytest.fixture(autouse=True)
def _templates(tmp_path: Path, settings: Any) -> None:
    folder = tmp_path / "messages" / "test"
    folder.mkdir(parents=True)
    (folder / "received.ja.txt").write_text("件名: 申請を受け付けました（{{ number }}）\n\n{{ name }} 様\n")
    (folder / "received.en.txt").write_text("件名: We received {{ number }}\n\nDear {{ name }},\n")
    (folder / "untitled.ja.txt").write_text("本文だけ\n")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]


def person(address: str = "") -> Person:
    made = Person()
    made.profile, made.contact = {}, {"email": address} if address else {}
    made.save()
    return made


def notify(to: Person | None, language: str = "ja", address: str | None = None) -> Message:
    return actions.notify(
        actor=SYSTEM,
        person_id=to.id if to else None,
        email=address,
        template="test/received",
        context={"number": "H26-1", "name": "<山田> & 花子"},
        language=language,
        subject=("test.application", new_id()),
    )


@pytest.mark.django_db
def test_message_stands_in_the_inbox_and_leaves_by_mail(mailbox: Mailbox) -> None:
    message = notify(person("hanako@example.jp"))

    assert run_all() == ["notifications.deliver"]

    assert (message.title, message.body) == ("申請を受け付けました（H26-1）", "<山田> & 花子 様\n")
    (mail,) = mailbox.mails
    assert mail["Subject"] == message.title
    assert mail["To"] == "hanako@example.jp"
    assert Delivery.objects.get().state == DeliveryState.SENT


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "title"), [("en", "We received H26-1"), ("ja-easy", "申請を受け付けました（H26-1）")]
)
def test_language_with_japanese_as_the_fallback(language: str, title: str) -> None:
    assert notify(person(), language).title == title
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_running_the_job_twice_sends_once(mailbox: Mailbox) -> None:
    notify(None, address="a@example.jp")
    run_all()

    jobs.deliver(delivery_id=str(Delivery.objects.get().id))

    assert len(mailbox.mails) == 1


@pytest.mark.django_db
def test_an_address_that_is_gone_fails_at_once_and_says_so(mailbox: Mailbox) -> None:
    notify(None, address="x@gone.example")

    run_all()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, 1)


@pytest.mark.django_db
def test_a_busy_server_is_tried_again_until_the_last_time(mailbox: Mailbox) -> None:
    notify(None, address="x@busy.example")
    delivery_id = str(Delivery.objects.get().id)

    for _ in range(jobs.ATTEMPTS - 1):
        with pytest.raises(jobs.NotDeliveredError):
            jobs.deliver(delivery_id=delivery_id)
    jobs.deliver(delivery_id=delivery_id)

    assert Delivery.objects.get().state == DeliveryState.FAILED
    actions.send_again(actor=SYSTEM, delivery_id=UUID(delivery_id))
    assert Delivery.objects.get().state == DeliveryState.WAITING
    assert len(waiting()) == 2


@pytest.mark.django_db
@override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=1, EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend")
def test_no_mail_server_keeps_the_message_in_the_inbox() -> None:
    owner = person("a@example.jp")
    notify(owner)
    with pytest.raises(jobs.NotDeliveredError):
        jobs.deliver(delivery_id=str(Delivery.objects.get().id))

    actor = Actor(kind=ActorKind.RESIDENT, id=owner.id)
    assert queries.unread_count(actor) == 1
    actions.mark_read(actor=actor, message_id=Message.objects.get().id)
    assert queries.unread_count(actor) == 0


@pytest.mark.django_db
def test_another_residents_message_is_hidden_and_stays_unread(client: Client) -> None:
    message = notify(person())

    with pytest.raises(HiddenError):
        actions.mark_read(actor=Actor(kind=ActorKind.RESIDENT, id=person().id), message_id=message.id)

    assert Message.objects.get().read_at is None
    assert queries.unread_count(Actor.anonymous()) is None


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["a@example.jp\nBcc: b@example.jp", "no address"])
def test_an_address_never_becomes_a_header(mailbox: Mailbox, address: str) -> None:
    notify(None, address=address)

    run_all()

    assert mailbox.mails == []
    assert Delivery.objects.get().state == DeliveryState.FAILED


def test_a_template_without_a_title_is_a_fault_to_see() -> None:
    with pytest.raises(wording.NoTitleError):
        wording.write("test/untitled", {}, "ja")
