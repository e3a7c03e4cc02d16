"""The four items: masks are wildcards where they are set and nowhere else; what cannot be known is UNKNOWN."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from souto.foundation.identity import jpki
from souto.foundation.identity.jpki import Agreement, BirthDate, FourItems, Sex, compare_masked, der, oids
from tests.foundation.identity.jpki.conftest import PERSON, Bench

PLAIN = st.text("山田太郎花子吉高崎辺斎葛東京都八王子市元本郷町アイウエオがぎＡＢＣ０１２３", min_size=1, max_size=40)


@st.composite
def masked(draw: st.DrawFn) -> tuple[str, str]:
    text = draw(PLAIN)
    return text, draw(st.text("01", min_size=len(text), max_size=len(text)))


@given(masked())
def test_any_character_agrees_at_a_flagged_place(pair: tuple[str, str]) -> None:
    text, mask = pair
    assume("0" in mask and "1" in mask)

    other = "".join("𠮷" if flag == "1" else char for char, flag in zip(text, mask, strict=True))

    assert compare_masked(text, mask, other) is Agreement.WILDCARD_MATCH
    assert compare_masked(text, mask, text) is Agreement.WILDCARD_MATCH


@given(masked(), st.data())
def test_one_other_character_at_an_unflagged_place_is_a_mismatch(pair: tuple[str, str], data: st.DataObject) -> None:
    text, mask = pair
    assume("0" in mask)
    place = data.draw(st.sampled_from([i for i, flag in enumerate(mask) if flag == "0"]))

    other = text[:place] + "龍" + text[place + 1 :]

    assert compare_masked(text, mask, other) is Agreement.MISMATCH


@given(masked())
def test_one_character_more_or_less_is_a_mismatch(pair: tuple[str, str]) -> None:
    text, mask = pair
    assume("0" in mask)

    assert compare_masked(text, mask, text + "龍") is Agreement.MISMATCH
    if len(text) > 1:
        assert compare_masked(text, mask, text[1:]) is Agreement.MISMATCH


@given(PLAIN)
def test_without_flags_the_same_text_matches(text: str) -> None:
    assert compare_masked(text, "", text) is Agreement.MATCH
    assert compare_masked(text, "0" * len(text), text) is Agreement.MATCH


@given(st.text(max_size=20), st.text("012", max_size=20), st.text(max_size=20))
def test_no_text_raises(text: str, mask: str, other: str) -> None:
    assert compare_masked(text, mask, other) in Agreement


@pytest.mark.parametrize(
    ("text", "mask", "other"),
    [
        ("山田", "0", "山田"),  # too short
        ("山田", "000", "山田"),  # too long
        ("山田", "0x", "山田"),
        ("山田", "11", "山田"),  # nothing left to compare
        ("山　田", "101", "川　田"),
        ("山田", "00", None),
        ("山田", "00", ""),
        ("山田", "00", "　"),
        ("山\U0010fffd", "00", "山田"),  # the private mark of the comparison itself
    ],
)
def test_what_cannot_be_compared_is_unknown(text: str, mask: str, other: str | None) -> None:
    assert compare_masked(text, mask, other) is Agreement.UNKNOWN


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("山田　太郎", "山田 太郎"),  # the GIF vocabulary separates by a half-width space
        ("ＮＧＵＹＥＮ　ＶＡＮ　ＡＮ", "Nguyen Van An"),
        ("八王子市１－２－３", "八王子市1-2-3"),
        ("八王子市１‐２", "八王子市１−２"),
        ("葛城", "葛\U000e0100城"),  # with a variation selector
        ("ガギ", "ｶﾞｷﾞ"),
        ("山田　太郎", " 山田  太郎 "),
    ],
)
def test_spellings_of_one_text_match(text: str, other: str) -> None:
    assert compare_masked(text, "", other) is Agreement.MATCH


@pytest.mark.parametrize(
    ("text", "other"), [("山田太郎", "山田　太郎"), ("三丁目", "３丁目"), ("髙橋", "高橋"), ("ロ口", "口口")]
)
def test_different_texts_do_not(text: str, other: str) -> None:
    assert compare_masked(text, "", other) is Agreement.MISMATCH


def test_a_wildcard_is_one_character_and_no_space() -> None:
    assert compare_masked("吉田　花子", "10000", "𠮷田　花子") is Agreement.WILDCARD_MATCH
    assert compare_masked("吉田　花子", "10000", "𠮷𠮷田　花子") is Agreement.MISMATCH
    assert compare_masked("田吉花", "010", "田 花") is Agreement.MISMATCH
    assert compare_masked("吉㌔", "10", "龍キロ") is Agreement.WILDCARD_MATCH


def test_each_item_compares_by_itself() -> None:
    agreements = PERSON.matches(
        name="𠮷田 花子", address="東京都八王子市元本郷町4-1", birth_date=date(1985, 4, 1), sex=Sex.FEMALE
    )

    assert agreements.name is Agreement.WILDCARD_MATCH
    assert agreements.address is Agreement.MISMATCH
    assert agreements.birth_date is Agreement.MATCH
    assert agreements.sex is Agreement.MATCH
    assert agreements.contradicted


def test_items_not_given_are_unknown_and_contradict_nothing() -> None:
    agreements = PERSON.matches()

    assert {agreements.name, agreements.address, agreements.birth_date, agreements.sex} == {Agreement.UNKNOWN}
    assert not agreements.contradicted


@pytest.mark.parametrize(
    ("raw", "other", "expected"),
    [
        ("319850401", date(1985, 4, 2), Agreement.MISMATCH),
        ("319850400", date(1985, 4, 1), Agreement.UNKNOWN),
        ("319850400", date(1985, 5, 1), Agreement.MISMATCH),
        ("319850000", date(1985, 4, 1), Agreement.UNKNOWN),
        ("000000000", date(1985, 4, 1), Agreement.UNKNOWN),
        ("319850431", date(1985, 4, 30), Agreement.UNKNOWN),
    ],
)
def test_a_partial_birth_date_never_matches(raw: str, other: date, expected: Agreement) -> None:
    assert replace(PERSON, birth_date=BirthDate.parse(raw)).matches(birth_date=other).birth_date is expected


@pytest.mark.parametrize("mine", [Sex.UNKNOWN, None])
def test_an_unknown_sex_agrees_with_nothing(mine: Sex | None) -> None:
    assert replace(PERSON, sex=mine).matches(sex=Sex.FEMALE).sex is Agreement.UNKNOWN
    assert PERSON.matches(sex=Sex.UNKNOWN).sex is Agreement.UNKNOWN
    assert PERSON.matches(sex=Sex.MALE).sex is Agreement.MISMATCH


def test_the_items_travel_through_a_certificate(bench: Bench) -> None:
    person = FourItems(
        name="あ" * 39 + "　子",
        sex=Sex.UNKNOWN,
        birth_date=BirthDate.parse("319850000"),
        address="国外転出",
        name_mask="0" * 40 + "1",
        address_mask="0000",
    )

    read = jpki.JpkiCertificate.parse(bench.issue(person=person)).person

    assert read == person


@pytest.mark.parametrize(
    ("oid", "value"),
    [
        (oids.NAME, None),
        (oids.BIRTH_DATE, None),
        (oids.NAME, der.encode(der.UTF8_STRING, "　".encode())),
        (oids.ADDRESS, der.encode(der.UTF8_STRING, b"")),
        (oids.NAME, der.encode(der.UTF8_STRING, b"\xff\xfe")),
        (oids.NAME, der.encode(der.UTF8_STRING, b"a\x00b")),
        (oids.NAME, der.encode(der.OCTET_STRING, "山田".encode())),
        (oids.NAME, der.encode(der.UTF8_STRING, b"a") + b"\x00"),
        (oids.ADDRESS, der.encode(der.UTF8_STRING, b"a" * 1001)),
    ],
)
def test_items_not_written_as_the_profile_says_are_refused(oid: str, value: bytes | None) -> None:
    values = {**PERSON.to_other_names(), oid: value}
    given_values = {key: item for key, item in values.items() if item is not None}

    with pytest.raises(jpki.UnreadableItemsError):
        FourItems.from_other_names(given_values)


def test_a_digit_that_is_no_sex_is_none() -> None:
    values = {**PERSON.to_other_names(), oids.SEX: der.encode(der.UTF8_STRING, b"9")}

    assert FourItems.from_other_names(values).sex is None
