from __future__ import annotations

import pytest
from django.test import Client

from souto.foundation.audit.models import Entry
from souto.foundation.identity import queries
from souto.foundation.identity.events import ContactChanged, ContactConfirmationRequested
from souto.foundation.identity.models import Person
from souto.kernel import events
from tests.foundation.identity.people import enrol, make_staff
from tests.foundation.identity.provider import path_of, sign_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def hanako(client, provider):
    sign_in(client, "hanako")
    return Person.objects.get()


def test_the_page_says_what_the_card_proved(client, hanako):
    page = words(client.get("/me"))

    for text in (
        "山田　花子",
        "ヤマダ　ハナコ",
        "東京都八王子市元横山町三丁目９９番９号",
        "1990年（平成2年）4月12日",
        "女",
    ):
        assert text in page


@pytest.mark.parametrize(
    ("resident", "text"),
    [("misaki", "𠮷田　美咲"), ("lan", "田中　蘭"), ("kiku", "1943年？月？日（一部が不明）"), ("aoi", "不明")],
)
def test_every_kind_of_person_has_a_page(client, provider, resident, text):
    sign_in(client, resident)

    assert text in words(client.get("/me"))


@pytest.mark.parametrize("path", ["/me", "/me/email", "/me/language", "/me/sessions", "/me/email/remove"])
def test_a_visitor_is_sent_to_sign_in(client, path, db):
    answer = client.get(path) if path in ("/me", "/me/email") else client.post(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=%2Fme")


def test_staff_have_no_page_of_their_own_here(client, db):
    enrol(client, make_staff())

    assert client.get("/me").status_code == 302
    assert not Person.objects.exists()


def test_an_address_counts_once_its_link_was_followed(client, hanako):
    heard = []
    for kind in (ContactConfirmationRequested, ContactChanged):
        events.subscribe(kind)(lambda event, actor: heard.append(type(event).__name__))

    client.post("/me/email", {"email": " hanako@example.jp "})

    assert queries.contact_email(hanako.id) is None
    email, link, language = queries.contact_confirmation(hanako.id)
    assert (email, language) == ("hanako@example.jp", "ja")
    elsewhere = Client()
    assert elsewhere.get(path_of(link)).status_code == 200
    assert queries.contact_email(hanako.id) is None
    elsewhere.post(path_of(link))
    assert queries.contact_email(hanako.id) == "hanako@example.jp"
    assert heard == ["ContactConfirmationRequested", "ContactChanged"]
    assert "hanako@example.jp" not in str([entry.facts for entry in Entry.objects.all()])


def test_a_link_counts_once_and_a_newer_one_replaces_it(client, hanako):
    client.post("/me/email", {"email": "one@example.jp"})
    _, first, _ = queries.contact_confirmation(hanako.id)
    client.post("/me/email", {"email": "two@example.jp"})
    _, second, _ = queries.contact_confirmation(hanako.id)

    assert client.post(path_of(first)).status_code == 400
    client.post(path_of(second))
    assert client.post(path_of(second)).status_code == 400
    assert queries.contact_email(hanako.id) == "two@example.jp"


def test_an_invented_link_changes_nothing(client, hanako):
    assert client.post("/me/email/invented").status_code == 400


@pytest.mark.parametrize("text", ["", "hanako", "a@b@c", "x" * 400 + "@example.jp"])
def test_what_is_no_address_is_said_beside_the_field(client, hanako, text):
    answer = client.post("/me/email", {"email": text})

    assert answer.status_code == 422
    assert "name@example.jp" in words(answer)
    assert queries.contact_confirmation(hanako.id) is None


def test_the_language_of_messages_is_kept(client, hanako):
    client.post("/me/language", {"language": "ja-easy"})
    client.post("/me/language", {"language": "tlh"})

    assert queries.profile_of(hanako.id).language == "ja-easy"


def test_the_address_can_be_removed(client, hanako):
    client.post("/me/email", {"email": "one@example.jp"})
    client.post(path_of(queries.contact_confirmation(hanako.id)[1]))
    client.post("/me/email/remove")

    assert queries.contact_email(hanako.id) is None


def test_names_are_sealed_in_the_database(client, hanako):
    row = Person.objects.values().get()

    assert "花子" not in str(row)
    assert "花子".encode() not in bytes(row["profile_sealed"])
