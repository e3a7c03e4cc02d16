"""From the resident's form over the mail to the confirmed address."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from souto.foundation.identity import actions, queries
from souto.foundation.identity.models import Person
from souto.foundation.identity.oidc import CardItems
from souto.foundation.identity.queries import actor_for_person
from souto.foundation.notifications.models import Message
from souto.kernel.actor import Actor
from tests.jobs import run_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident():
    items = CardItems("山田　花子", "東京都八王子市", "1990-04-12", "2")
    signed_in = actions.sign_in_with_claims(actor=Actor.anonymous(), issuer="i", subject="s", items=items)
    return actor_for_person(Person.objects.get(pk=signed_in.person_id), assurance=2)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ja", "メールアドレスの確認のお願い"),
        ("ja-easy", "メールアドレスを 確かめて ください"),
        ("en", "Please confirm your e-mail address"),
    ],
)
def test_the_link_in_the_mail_confirms_the_address(resident, language, title):
    actions.set_language(actor=resident, language=language)
    actions.ask_contact(actor=resident, email="hanako@example.jp")

    run_all()

    sent = mail.outbox[-1]
    assert (sent.to, title in sent.subject) == (["hanako@example.jp"], True)
    link = re.search(r"http://localhost:8000(/me/email/[^\s]+)", sent.body)[1]
    assert Client().post(link).status_code == 200
    assert queries.contact_email(resident.id) == "hanako@example.jp"


def test_the_link_is_in_no_inbox(resident):
    actions.ask_contact(actor=resident, email="hanako@example.jp")

    assert Message.objects.get().person_id is None
