"""Properties of whole forms: hidden answers never survive, cleaning is idempotent, pages and the whole agree."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from souto.services.procedures.definition import Definition, json_schema, rows
from souto.services.procedures.definition.fields import GroupField
from tests.services.procedures.definition.samples import FACTS, TODAY, certificate, definition, field, page, stored_file

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 20)
    | st.text(max_size=5)
    | st.sampled_from(["mail", "counter", "1990-05-01"])
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"id": st.from_regex(r"[0-9a-f]{8}", fullmatch=True)},
        optional={
            "child_name": st.text(max_size=5),
            "apart": st.booleans(),
            "proof": st.just([stored_file()]),
            "gone": st.integers(),
        },
    ),
    max_size=4,
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.fixed_dictionaries({"full": st.text(max_size=5)}) | SCALARS,
        "born": st.sampled_from(["1990-05-01", "1990", "x"]) | SCALARS,
        "delivery": st.sampled_from(["mail", "counter", "z"]),
        "copies": st.integers(-1, 12) | SCALARS,
        "reason": SCALARS,
        "address": st.just({"full": "八王子市"}) | SCALARS,
        "children": ROWS | SCALARS,
        "fee": SCALARS,
        "agree": st.booleans(),
        "unknown": SCALARS,
    },
)
FORM = certificate()


@given(answers=ANSWERS)
def test_hidden_and_unknown_answers_never_survive(answers: dict[str, Any]) -> None:
    cleaned = FORM.clean(answers, FACTS)
    visible = FORM.visible(answers, FACTS)

    for key, value in cleaned.items():
        assert key in visible.paths
        item = FORM.field_at(key)
        if isinstance(item, GroupField) and isinstance(value, list):
            for row in value:
                assert all(f"{key}/{row['id']}/{part}" in visible.paths for part in row if part != "id")
    assert "unknown" not in cleaned


@given(answers=ANSWERS)
def test_cleaning_twice_changes_nothing_and_shows_the_same(answers: dict[str, Any]) -> None:
    cleaned = FORM.clean(answers, FACTS)

    assert FORM.clean(cleaned, FACTS) == cleaned
    assert FORM.visible(cleaned, FACTS).pages == FORM.visible(answers, FACTS).pages


@given(answers=ANSWERS)
def test_no_stored_answers_break_the_checks(answers: dict[str, Any]) -> None:
    problems = FORM.check_all(answers, facts=FACTS, today=TODAY)

    assert all(problem.page_key and problem.say("ja") for problem in problems)
    assert {problem.path for problem in problems} <= FORM.visible(answers, FACTS).paths | {"children"}


@given(answers=ANSWERS, more=st.dictionaries(st.from_regex(r"x_[a-z]{1,5}", fullmatch=True), SCALARS, max_size=3))
def test_what_no_condition_looks_at_changes_nothing(answers: dict[str, Any], more: dict[str, Any]) -> None:
    assert FORM.visible({**answers, **more}, FACTS) == FORM.visible(answers, FACTS)


LADDER = definition(
    *(page(f"p{n}", field("text", f"f{n}"), condition={"answered": f"f{n - 1}"} if n else None) for n in range(5))
)


@given(fewer=st.sets(st.integers(0, 4)), more=st.sets(st.integers(0, 4)))
def test_where_conditions_only_ask_for_answers_more_answers_never_hide_anything(
    fewer: set[int], more: set[int]
) -> None:
    some = {f"f{n}": "x" for n in fewer}
    all_of_them = {f"f{n}": "x" for n in fewer | more}

    assert LADDER.visible(some, {}).paths <= LADDER.visible(all_of_them, {}).paths


TYPED = st.fixed_dictionaries(
    {},
    optional={
        "name.full": st.sampled_from(["髙﨑花子", "", "😀"]),
        "born": st.sampled_from(["平成2年5月1日", "2099-01-01", "", "1990"]),
        "delivery": st.sampled_from(["mail", "counter", "z", ""]),
        "copies": st.sampled_from(["1", "４", "11", "x", ""]),
        "reason": st.sampled_from(["理由", ""]),
        "address.postal_code": st.sampled_from(["1920051", "12"]),
        "address.prefecture": st.sampled_from(["東京都", ""]),
        "address.city": st.just("八王子市"),
        "address.town": st.just("元本郷町"),
        "children": st.sampled_from(["aaaaaaaa", ""]),
        "children/aaaaaaaa/child_name": st.sampled_from(["一郎", ""]),
        "children/aaaaaaaa/apart": st.sampled_from(["yes", "no", ""]),
        "agree": st.sampled_from(["yes", ""]),
    },
)


def walk(form: Definition, raw: dict[str, list[str]]) -> tuple[dict[str, Any], bool]:
    """Post every page that the answers open; the answers, and whether every page was taken."""
    answers: dict[str, Any] = {}
    fine = True
    for one in form.pages:
        if one.key in form.visible(answers, FACTS).pages:
            result = form.check_page(one.key, raw, answers, facts=FACTS, today=TODAY)
            answers, fine = result.answers, fine and result.ok
    return answers, fine


@given(typed=TYPED)
def test_the_whole_agrees_with_page_by_page(typed: dict[str, str]) -> None:
    raw = {name: [text] for name, text in typed.items()}

    answers, fine = walk(FORM, raw)

    whole = FORM.check_all(answers, facts=FACTS, today=TODAY)
    # A form whose every page was taken can be sent, and the other way round: what was refused on a page is missing in the whole.
    assert (whole == []) == fine
    if fine:
        assert FORM.check_all(FORM.clean(answers, FACTS), facts=FACTS, today=TODAY) == []


@given(typed=TYPED)
def test_showing_answers_again_and_posting_them_changes_nothing(typed: dict[str, str]) -> None:
    answers, fine = walk(FORM, {name: [text] for name, text in typed.items()})
    shown: dict[str, list[str]] = {}
    for _, item in FORM.all_fields():
        if answers.get(item.key) is not None:
            shown |= item.raw_of(answers[item.key])

    again, _ = walk(FORM, shown)

    if fine:
        assert FORM.clean(again, FACTS) == FORM.clean(answers, FACTS)


@given(pressed=st.lists(st.sampled_from(["add", "remove"]), max_size=6))
def test_row_buttons_keep_within_the_bounds_and_keep_what_was_typed(pressed: list[str]) -> None:
    raw: dict[str, list[str]] = {"children": ["aaaaaaaa"], "children/aaaaaaaa/child_name": ["一郎"], "copies": ["2"]}
    for number, button in enumerate(pressed):
        ids = raw["children"]
        name = "add:children" if button == "add" else f"remove:children/{ids[-1] if ids else 'ffffffff'}"
        after = rows.press(FORM, {**raw, name: ["1"]}, row_id=f"{number:08x}")
        assert after is not None
        raw = after

    assert raw["copies"] == ["2"]
    assert len(raw["children"]) == len(set(raw["children"])) <= 3
    assert ("children/aaaaaaaa/child_name" in raw) == ("aaaaaaaa" in raw["children"])


def test_without_a_row_button_nothing_was_pressed() -> None:
    assert rows.press(FORM, {"copies": ["2"]}) is None
    assert rows.press(FORM, {"add:nothing": ["1"], "copies": ["2"]}) == {"copies": ["2"]}


def test_a_required_group_opens_with_its_first_rows() -> None:
    group = definition(page("p", field("group", "rows", row_label="行", min_rows=2, fields=[field("text", "x")])))
    asked = group.field_at("rows")
    assert isinstance(asked, GroupField)

    opened = rows.opened(asked, {}, path="rows")

    assert len(set(opened["rows"])) == 2
    assert rows.opened(asked, opened, path="rows") == opened


def test_the_json_schema_says_what_must_be_there() -> None:
    schema = json_schema.derive(FORM)

    assert schema["required"] == ["name", "born", "delivery", "copies", "agree"]
    assert schema["properties"]["address"]["x-souto-condition"] == {"equals": {"field": "delivery", "value": "mail"}}
    assert schema["properties"]["fee"]["readOnly"] is True
    assert schema["additionalProperties"] is False
