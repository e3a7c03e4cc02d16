from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.foundation.identity.oidc import CardItems, normalise

WHOLE = {"name": "山田　花子", "address": "東京都八王子市", "birthdate": "1990-04-12", "gender": "2"}


def test_the_four_items_are_read():
    assert normalise(WHOLE) == CardItems("山田　花子", "東京都八王子市", "1990-04-12", "2")


@pytest.mark.parametrize("text", ["1990-04-12", "19900412", "419900412"])
def test_the_known_forms_of_a_birth_date(text):
    assert normalise({"birthdate": text}).birth_date == "1990-04-12"


def test_a_partial_birth_date_stays_as_it_is_written():
    assert normalise({"birthdate": "319430000"}).birth_date == "319430000"


@pytest.mark.parametrize(
    "text", ["1990/04/12", "1990-02-30", "平成2年4月12日", "", "499900412", 19900412, ["1990-04-12"]]
)
def test_another_birth_date_is_left_to_staff(text):
    found = normalise({**WHOLE, "birthdate": text})

    assert found.birth_date == ""
    assert [problem.item for problem in found.problems] == ["birth_date"]
    assert found.name == "山田　花子"


@pytest.mark.parametrize(("given_as", "read"), [("1", "1"), (2, "2"), ("3", "3"), ("male", "1"), ("FEMALE", "2")])
def test_the_known_forms_of_sex(given_as, read):
    assert normalise({"gender": given_as}).sex == read


@pytest.mark.parametrize("text", ["9", "女", "", True, {"x": 1}])
def test_another_sex_is_left_to_staff(text):
    assert [problem.item for problem in normalise({"gender": text}).problems] == ["sex"]


def test_an_address_may_be_an_object():
    assert normalise({"address": {"formatted": "東京都八王子市"}}).address == "東京都八王子市"


@pytest.mark.parametrize("text", [{"street": "x"}, 5, "", " ", "a\x00b", "あ" * 301])
def test_another_address_is_left_to_staff(text):
    assert [problem.item for problem in normalise({"address": text}).problems] == ["address"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from(["name", "address", "birthdate", "gender"]), JSON))
def test_whatever_a_provider_sends_never_raises(claims):
    found = normalise(claims)

    assert all(isinstance(value, str) for value in (found.name, found.address, found.birth_date, found.sex))
