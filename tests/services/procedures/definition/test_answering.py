"""Pages as they are posted, the whole before it is sent, and what counts of the answers."""

from __future__ import annotations

from typing import Any

import pytest

from souto.services.procedures.definition import Definition, UnknownPageError, messages
from souto.services.procedures.definition.facts import FactMissingError
from tests.services.procedures.definition.samples import FACTS, TODAY, certificate, definition, field, page, stored_file

CARD = {**FACTS, "card.name": "髙﨑　花子", "card.birth_date": "1990-05-01"}
ADDRESS = {"postal_code": "1920051", "prefecture": "東京都", "city": "八王子市", "town": "元本郷町三丁目24番1号"}


def check(form: Definition, page_key: str, answers: dict[str, Any], facts: dict[str, Any] = FACTS, **raw: Any) -> Any:
    """Post a page; keywords are names, values are lists or single texts."""
    posted = {name: value if isinstance(value, list) else [value] for name, value in raw.items()}
    return form.check_page(page_key, posted, answers, facts=facts, today=TODAY)


def messages_of(problems: list[Any]) -> list[tuple[str, str]]:
    return [(problem.path, problem.message) for problem in problems]


def test_a_condition_opens_a_page_and_closes_it_again() -> None:
    form = certificate()

    assert "where" not in form.visible({"delivery": "counter"}, FACTS).pages
    assert "where" in form.visible({"delivery": "mail"}, FACTS).pages
    with pytest.raises(UnknownPageError):
        check(form, "where", {"delivery": "counter"}, **{"address.town": "元本郷町"})


def test_a_condition_on_the_same_page_sees_what_stands_above_it() -> None:
    form = certificate()

    opened = check(form, "what", {}, delivery="counter", copies="４")
    closed = check(form, "what", {}, delivery="counter", copies="3", reason="要るから")

    assert messages_of(opened.problems) == [("reason", messages.ENTER)]
    assert closed.ok
    assert closed.values == {"delivery": "counter", "copies": 3}


def test_what_is_posted_for_other_pages_is_left_aside() -> None:
    result = check(
        certificate(), "what", {"agree": True}, delivery="counter", copies="1", agree="", fee="0", born="1900-01-01"
    )

    assert result.values == {"delivery": "counter", "copies": 1}
    assert result.answers == {"agree": True, "delivery": "counter", "copies": 1}
    assert set(result.raw) == {"delivery", "copies"}


def test_an_answer_that_cannot_be_taken_leaves_no_old_value_behind() -> None:
    result = check(certificate(), "what", {"copies": 2}, delivery="counter", copies="たくさん")

    assert result.raw["copies"] == ["たくさん"]
    assert "copies" not in result.answers
    assert messages_of(result.problems) == [("copies", messages.NUMBER)]
    assert result.problems[0].page_key == "what"
    assert result.problems[0].control == "f-copies"


def test_what_the_card_proves_cannot_be_typed_over() -> None:
    form = certificate()

    posted = check(
        form, "who", {}, CARD, **{"name.full": "別人", "born.year": "2000", "born.month": "1", "born.day": "1"}
    )
    forged = form.check_all({"name": {"full": "別人"}, "born": "1990-05-01"}, facts=CARD, today=TODAY)

    assert posted.values == {"name": {"full": "髙﨑　花子"}, "born": "1990-05-01"}
    assert ("name", messages.CARD_DIFFERS) in messages_of(forged)


def test_without_a_card_the_same_fields_are_typed() -> None:
    result = check(certificate(), "who", {}, **{"name.family": "髙﨑", "name.given": "花子", "born": "平成2年5月1日"})

    assert result.values == {"name": {"family": "髙﨑", "given": "花子"}, "born": "1990-05-01"}


def test_facts_fill_in_what_they_know() -> None:
    partial = certificate().prefill({"card.name": "髙﨑　花子", "card.birth_date": "319400000"})

    assert partial == {"name": {"full": "髙﨑　花子"}, "born": "1940"}


def test_rows_are_checked_one_by_one_and_their_conditions_with_them() -> None:
    form = certificate()

    result = check(
        form,
        "family",
        {"children": [{"id": "aaaaaaaa", "proof": [stored_file()]}]},
        children=["aaaaaaaa", "bbbbbbbb", "not-an-id"],
        **{
            "children/aaaaaaaa/child_name": "一郎",
            "children/aaaaaaaa/apart": "yes",
            "children/bbbbbbbb/child_name": "",
            "children/bbbbbbbb/apart": "yes",
            "children/cccccccc/child_name": "いない行",
        },
    )

    assert messages_of(result.problems) == [
        ("children/bbbbbbbb/child_name", messages.ENTER),
        ("children/bbbbbbbb/proof", messages.CHOOSE_FILE),
    ]
    assert result.values["children"] == [
        {"id": "aaaaaaaa", "child_name": "一郎", "apart": True, "proof": [stored_file()]},
        {"id": "bbbbbbbb", "apart": True},
    ]
    assert form.file_paths(result.answers) == ["children/aaaaaaaa/proof"]


def test_a_row_that_no_longer_shows_its_file_loses_it() -> None:
    before = {"children": [{"id": "aaaaaaaa", "child_name": "一郎", "apart": True, "proof": [stored_file()]}]}

    result = check(
        certificate(),
        "family",
        before,
        children="aaaaaaaa",
        **{"children/aaaaaaaa/child_name": "一郎", "children/aaaaaaaa/apart": "no"},
    )

    assert result.ok
    assert result.values["children"] == [{"id": "aaaaaaaa", "child_name": "一郎", "apart": False}]


def test_too_many_rows_are_refused_and_none_is_fine_where_the_group_is_optional() -> None:
    rows = [f"{number:08x}" for number in range(4)]
    typed = {f"children/{row}/{key}": value for row in rows for key, value in (("child_name", "子"), ("apart", "no"))}

    assert messages_of(check(certificate(), "family", {}, children=rows, **typed).problems) == [
        ("children", messages.ROWS_AT_MOST)
    ]
    assert check(certificate(), "family", {}).ok


def test_the_fee_is_worked_out_and_what_is_posted_for_it_is_not_believed() -> None:
    form = certificate()
    answers = {"delivery": "mail", "copies": 2, "fee": 1}

    assert form.clean(answers, FACTS)["fee"] == 710
    assert form.fee_amount(answers, FACTS) == 710
    assert form.fee_amount({"delivery": "mail"}, FACTS) is None


def test_clean_drops_what_is_hidden_or_unknown() -> None:
    hidden = {"delivery": "counter", "copies": 1, "reason": "かくれた答え", "address": ADDRESS, "nonsense": 1}

    assert certificate().clean(hidden, FACTS) == {"delivery": "counter", "copies": 1, "fee": 300}


def test_the_whole_is_checked_in_the_order_of_the_pages() -> None:
    found = certificate().check_all(
        {"delivery": "mail", "copies": 1, "address": {"full": "八王子市"}}, facts=FACTS, today=TODAY
    )

    assert [(problem.page_key, problem.path) for problem in found] == [
        ("who", "name"),
        ("who", "born"),
        ("fee", "agree"),
    ]


def test_an_age_needs_to_know_the_day() -> None:
    form = definition(
        page("a", field("date", "born", partial=True)),
        page("b", field("text", "adult"), condition={"age_at_least": {"field": "born", "years": 18}}),
    )

    assert "b" in form.visible({"born": "2008-11-22"}, FACTS).pages
    assert "b" not in form.visible({"born": "2008-11-23"}, FACTS).pages
    # Of a date known in part, only what is sure counts.
    assert "b" not in form.visible({"born": "2008"}, FACTS).pages
    assert "b" in form.visible({"born": "2007"}, FACTS).pages
    with pytest.raises(FactMissingError):
        form.visible({"born": "2008-11-22"}, {})


def test_a_definition_that_runs_in_a_circle_still_ends() -> None:
    form = definition(
        page(
            "a",
            field("computed", "x", compute={"field": "y"}, condition={"answered": "y"}),
            field("computed", "y", compute={"field": "x"}),
        )
    )

    assert form.clean({}, FACTS) == {}


def test_problems_in_several_rows_say_which_row() -> None:
    rows = {"children": ["aaaaaaaa", "bbbbbbbb"], "children/aaaaaaaa/child_name": "一郎"}
    no = {"children/aaaaaaaa/apart": "no", "children/bbbbbbbb/apart": "no"}

    several = check(certificate(), "family", {}, **rows, **no)
    alone = check(certificate(), "family", {}, children="bbbbbbbb", **{"children/bbbbbbbb/apart": "no"})

    assert [problem.say("ja") for problem in several.problems] == ["お子さん 2：項目を入力してください"]
    assert [problem.say("ja") for problem in alone.problems] == ["項目を入力してください"]
