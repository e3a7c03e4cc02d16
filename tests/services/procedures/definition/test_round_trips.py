"""Properties: what is parsed can be shown and parsed again; checking is idempotent; no input breaks a field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from souto.services.procedures.definition import FieldProblem
from tests.services.procedures.definition.samples import TODAY, field, one, stored_file

OPTIONS = [{"code": code, "label": code} for code in ("a", "b", "c", "d")]
KANJI = st.text(st.sampled_from("山田髙﨑神辻葛𠮷邊邉渡々ー"), min_size=1, max_size=20)
DIGITS = st.text(st.sampled_from("0123456789"), min_size=1, max_size=10)

#: For each type: how the field is made, and values that it may hold.
TYPES: dict[str, tuple[dict[str, Any], st.SearchStrategy[Any]]] = {
    "text": ({"multiline": True}, st.text(max_size=50)),
    "kana": ({}, st.text(st.sampled_from("アイウガギパヴャッー　"), min_size=1, max_size=20)),
    "name": (
        {},
        st.one_of(
            st.fixed_dictionaries({"family": KANJI, "given": KANJI}),
            st.fixed_dictionaries({"full": st.text(max_size=40)}),
        ),
    ),
    "date": (
        {"partial": True},
        st.dates(date(1873, 1, 1), date(2100, 1, 1)).map(date.isoformat) | st.just("1980-05") | st.just("1950"),
    ),
    "address": (
        {"postal_code_required": False},
        st.fixed_dictionaries(
            {"prefecture": KANJI, "city": KANJI, "town": KANJI},
            optional={"postal_code": st.from_regex(r"[0-9]{7}", fullmatch=True), "building": KANJI},
        ),
    ),
    "phone": ({}, st.from_regex(r"0[1-9]0?-?[0-9]{4}-?[0-9]{4}", fullmatch=True)),
    "email": ({}, st.from_regex(r"[a-z0-9.+_-]{1,20}@[a-z0-9]{1,10}\.(jp|example)", fullmatch=True)),
    "number": ({}, st.integers(-(2**53) + 1, 2**53 - 1)),
    "yen": ({}, st.integers(0, 10**12)),
    "choice": ({"options": OPTIONS}, st.sampled_from("abcd")),
    "multi_choice": ({"options": OPTIONS}, st.sets(st.sampled_from("abcd"), min_size=1).map(sorted)),
    "yes_no": ({}, st.booleans()),
    "consent": ({"statement": "同意"}, st.just(value=True)),
    "map_point": (
        {},
        st.fixed_dictionaries({"lat": st.floats(-90, 90), "lng": st.floats(-180, 180)}, optional={"note": KANJI}),
    ),
}


@cache
def field_of(type_: str) -> tuple[Any, Any]:
    """The field of a type, and a validator of its JSON Schema."""
    asked = one(type_, **TYPES.get(type_, ({}, None))[0])
    return asked, jsonschema_rs.Draft202012Validator(asked.json_schema())


@pytest.mark.parametrize("type_", TYPES)
@given(data=st.data())
def test_a_value_shown_again_is_parsed_to_itself(type_: str, data: st.DataObject) -> None:
    asked, validator = field_of(type_)
    values = TYPES[type_][1]
    try:
        value = asked.check(data.draw(values), today=TODAY)
    except FieldProblem:
        assume(condition=False)

    again = asked.parse(asked.raw_of(value, "it"), path="it", today=TODAY)

    assert again == value
    assert asked.check(again, today=TODAY) == again
    assert validator.is_valid(again)
    assert all(isinstance(line, str) for line in asked.display(again, language="en"))


@given(names=st.lists(KANJI, min_size=1, max_size=4), answers=st.lists(st.booleans(), min_size=4, max_size=4))
def test_rows_keep_their_ids_through_the_form(names: list[str], answers: list[bool]) -> None:
    group = one("group", row_label="人", max_rows=4, fields=[field("text", "name"), field("yes_no", "adult")])
    rows = [
        {"id": f"{number:08x}", "name": name, "adult": adult}
        for number, (name, adult) in enumerate(zip(names, answers, strict=False))
    ]

    assert group.parse(group.raw_of(rows), path="it", today=TODAY) == rows
    assert group.check(rows, today=TODAY) == rows


def taken(read: Callable[[], Any]) -> Any:
    """What was read, None where the field refuses it; any other exception is a fault."""
    try:
        return read()
    except FieldProblem:
        return None


ANYTHING = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(), max_size=10),
    DIGITS,
    st.sampled_from(["\x00", "令和", "1e999", "٣", "²", "-", "NaN"]),
)
PARTS = (
    "",
    ".year",
    ".month",
    ".day",
    ".era",
    ".family",
    ".given",
    ".full",
    ".lat",
    ".lng",
    ".landmark",
    ".note",
    ".town",
)


@pytest.mark.parametrize("type_", [*TYPES, "file"])
@given(
    raw=st.dictionaries(st.sampled_from([f"it{part}" for part in PARTS]), st.lists(ANYTHING, max_size=3), max_size=5)
)
def test_whatever_is_posted_gives_a_value_that_checks_or_a_problem(type_: str, raw: dict[str, list[str]]) -> None:
    asked, _ = field_of(type_)

    value = taken(lambda: asked.parse(raw, path="it", today=TODAY))

    assert value is None or asked.check(value, today=TODAY) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "lat", "lng", "full", "family", "town", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("type_", [*TYPES, "file"])
@given(value=JSON)
def test_whatever_was_stored_checks_or_gives_a_problem(type_: str, value: Any) -> None:
    asked, _ = field_of(type_)

    checked = taken(lambda: asked.check(value, today=TODAY))

    assert checked is None or asked.check(checked, today=TODAY) == checked


def test_a_stored_file_shows_its_id_again() -> None:
    assert one("file").raw_of([stored_file(7)]) == {"it": [stored_file(7)["file_id"]]}
