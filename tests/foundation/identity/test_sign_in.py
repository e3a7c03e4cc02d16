from __future__ import annotations

import pytest

from souto.foundation.audit.models import Entry
from souto.foundation.identity import queries
from souto.foundation.identity.models import Account, Credential, Identifier, Person, ProfileReview
from tests.foundation.identity.provider import choose_card, path_of, query_of, sign_in

pytestmark = pytest.mark.django_db


def profile():
    return queries.profile_of(Person.objects.get().id)


def test_a_card_opens_a_session_and_fills_the_profile(client, provider):
    answer = sign_in(client, "hanako", next_path="/procedures/juminhyo")

    assert (answer.status_code, answer["Location"]) == (303, "/procedures/juminhyo")
    held = profile()
    assert (held.name, held.name_kana, held.birth_date, held.sex) == ("山田　花子", "ヤマダ　ハナコ", "1990-04-12", "2")
    assert held.address == "東京都八王子市元横山町三丁目９９番９号"
    assert held.register_number == "1000000017"
    assert held.verified_at is not None
    account = Account.objects.get()
    assert str(account.id) == client.session["_auth_user_id"]
    assert client.session["assurance"] == 2
    entry = Entry.objects.get(action="identity.sign_in")
    assert entry.actor_id == held.person_id
    assert "花子" not in str(entry.facts) + str(entry.fields)


def test_the_second_sign_in_finds_the_same_person(client, provider):
    sign_in(client, "hanako")
    client.post("/sign-out")
    sign_in(client, "hanako")

    assert Person.objects.count() == Credential.objects.count() == Identifier.objects.count() == 1


def test_a_character_that_the_card_cannot_write_comes_from_the_register(client, provider):
    sign_in(client, "misaki")

    held = profile()
    assert (held.name, held.card_name, held.name_substituted) == ("𠮷田　美咲", "吉田　美咲", "10000")
    assert not ProfileReview.objects.exists()


def test_a_long_name_is_kept_whole(client, provider):
    sign_in(client, "jugemu")

    assert len(profile().name) == 40


def test_a_foreign_resident_has_her_alias(client, provider):
    sign_in(client, "lan")

    assert (profile().name, profile().alias) == ("NGUYEN THI NGOC LAN", "田中　蘭")


def test_a_partial_birth_date_is_never_filled_in(client, provider):
    sign_in(client, "kiku")

    assert profile().birth_date == "319430000"
    assert profile().birthday is None


def test_a_resident_of_another_city_is_not_in_the_register(client, provider):
    sign_in(client, "aoi")

    assert profile().register_number == ""
    assert not ProfileReview.objects.exists()


def test_the_session_key_changes_at_sign_in(client, provider):
    begun = client.post("/sign-in/start")
    before = client.session.session_key

    client.get(path_of(choose_card(begun["Location"], "hanako")))

    assert client.session.session_key != before


def test_the_request_carries_every_parameter_of_the_standard(client, provider):
    asked = query_of(client.post("/sign-in/start")["Location"])

    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid name address birthdate gender"
    assert asked["redirect_uri"] == "http://testserver/sign-in/callback"
    assert asked["acr_values"] == "aal3 crl"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
