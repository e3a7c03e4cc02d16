from __future__ import annotations

from typing import Any

import pytest

from souto.foundation.identity.models import Identifier
from souto.foundation.vault.keys import keyed_hash
from souto.kernel import clock
from souto.services.applications.known import facts_for
from tests.services.applications import world

pytestmark = pytest.mark.django_db


def _registered(address: str, postal_code: str = "") -> Any:
    who = world.person(register={"name": "山田　花子", "address": address, "postal_code": postal_code})
    number = Identifier(person=who, scheme="jp.city.register-number", value_hash=keyed_hash(address, purpose="test"))
    number.value = "1"
    number.save()
    return who


def test_what_the_card_proved_is_known_and_what_nobody_knows_is_left_out() -> None:
    her = world.resident()

    facts = facts_for(her, her.id)

    assert facts == {
        "today": clock.today().isoformat(),
        "assurance": 2,
        "on_behalf": False,
        "card.name": "山田　花子",
        "card.address": "東京都八王子市元本郷町三丁目24番1号",
        "card.birth_date": "1990-04-27",
        "card.sex": "2",
        "register.name_kana": "ヤマダ　ハナコ",
        "contact.email": "hanako@example.jp",
    }


def test_a_profile_that_no_card_proved_fills_nothing_in() -> None:
    who = world.person()
    who.profile_verified_at = None
    who.save()

    facts = facts_for(world.resident(who), who.id)

    assert not [name for name in facts if name.startswith(("card.", "register."))]


def test_nothing_is_known_of_anybody() -> None:
    assert set(facts_for(world.ANYBODY, None)) == {"today", "assurance", "on_behalf"}


def test_the_registers_address_comes_in_its_parts() -> None:
    who = _registered("東京都八王子市元本郷町三丁目24番1号 市役所ハイツ101", "192-0051")

    parts = facts_for(world.resident(who), who.id)["register.address"]

    assert parts == {
        "postal_code": "1920051",
        "prefecture": "東京都",
        "city": "八王子市",
        "town": "元本郷町三丁目24番1号",
        "building": "市役所ハイツ101",
    }


def test_an_address_that_cannot_be_cut_surely_is_not_cut() -> None:
    who = _registered("アメリカ合衆国ハワイ州ホノルル市1番")

    assert "register.address" not in facts_for(world.resident(who), who.id)
