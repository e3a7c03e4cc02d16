"""Static checks before publication: each finding names the page and the field."""

from __future__ import annotations

from typing import Any

import pytest

from souto.services.procedures.definition import Severity, check
from tests.services.procedures.definition.samples import certificate, definition, field, page

OPTIONS = [{"code": "a", "label": "甲"}, {"code": "b", "label": "乙"}]


def found(*pages: dict[str, Any], **more: Any) -> list[tuple[str, str, str]]:
    return [(problem.page, problem.field, problem.message) for problem in check.errors(definition(*pages, **more))]


def only(*pages: dict[str, Any], **more: Any) -> tuple[str, str, str]:
    problems = found(*pages, **more)
    assert len(problems) == 1, problems
    return problems[0]


def test_a_sound_definition_has_no_errors() -> None:
    assert check.errors(certificate()) == []


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"answered": "nothing"}, "「nothing」という項目はありません"),
        ({"equals": {"field": "kind", "value": "z"}}, "「z」という選択肢はありません"),
        ({"in": {"field": "kind", "values": ["a", "z"]}}, "「z」という選択肢はありません"),
        ({"equals": {"field": "flag", "value": "yes"}}, "true か false"),
        ({"equals": {"field": "count", "value": "many"}}, "値を数に"),
        ({"equals": {"field": "born", "value": "x"}}, "この条件には使えません"),
        ({"greater": {"field": "kind", "than": 3}}, "数か日付の項目ではない"),
        ({"greater": {"field": "count", "than": "today"}}, "とは比べられません"),
        ({"less": {"field": "born", "than": 3}}, "2026-04-01"),
        ({"contains": {"field": "kind", "value": "a"}}, "複数選択の項目ではない"),
        ({"contains": {"field": "many", "value": "z"}}, "「z」という選択肢はありません"),
        ({"age_at_least": {"field": "count", "years": 18}}, "日付の項目ではない"),
        ({"any_row": {"group": "kind", "where": {"answered": "x"}}}, "くり返しの項目ではない"),
        ({"any_row": {"group": "rows", "where": {"answered": "nothing"}}}, "「nothing」という項目はありません"),
        ({"fact": {"name": "card.shoe_size"}}, "既知の情報はありません"),
        ({"all": [{"always": True}, {"not": {"answered": "nothing"}}]}, "「nothing」という項目はありません"),
    ],
)
def test_conditions_are_checked_against_what_they_look_at(condition: dict[str, Any], words: str) -> None:
    first = page(
        "first",
        field("choice", "kind", options=OPTIONS),
        field("multi_choice", "many", options=OPTIONS),
        field("yes_no", "flag"),
        field("number", "count"),
        field("date", "born"),
        field("group", "rows", row_label="行", fields=[field("text", "inner")]),
    )

    place, key, message = only(first, page("second", field("text", "asked", condition=condition)))

    assert (place, key) == ("second", "asked")
    assert words in message


@pytest.mark.parametrize(
    "condition",
    [
        {"equals": {"field": "count", "value": 3}},
        {"at_most": {"field": "born", "than": "today"}},
        {"at_least": {"field": "born", "than": "2026-04-01"}},
        {"every_row": {"group": "rows", "where": {"equals": {"field": "inner", "value": "x"}}}},
        {"any_row": {"group": "rows", "where": {"answered": "count"}}},
        {"fact": {"name": "assurance", "at_least": 2}},
        {"age_below": {"field": "born", "years": 20}},
    ],
)
def test_sound_conditions_pass(condition: dict[str, Any]) -> None:
    first = page(
        "first",
        field("number", "count"),
        field("date", "born"),
        field("group", "rows", row_label="行", fields=[field("text", "inner")]),
    )

    assert found(first, page("second", field("text", "asked", condition=condition))) == []


def test_a_condition_looks_back_never_ahead() -> None:
    ahead = {"answered": "later"}

    of_field = only(page("first", field("text", "now", condition=ahead), field("text", "later")))
    of_page = only(page("first", field("text", "now"), condition=ahead), page("second", field("text", "later")))
    of_itself = only(page("first", field("text", "later", condition=ahead)))

    assert of_field[:2] == ("first", "now")
    assert of_page[:2] == ("first", "")
    assert of_itself[:2] == ("first", "later")
    assert "後で聞く" in of_field[2]


def test_within_a_row_too_a_condition_looks_back() -> None:
    inner = [field("text", "one", condition={"answered": "two"}), field("text", "two")]

    assert only(page("first", field("group", "rows", row_label="行", fields=inner)))[:2] == ("first", "rows/one")


def test_computed_fields_that_run_in_a_circle_are_named_with_the_circle() -> None:
    place, key, message = only(
        page(
            "first",
            field("computed", "x", compute={"field": "y"}),
            field("computed", "y", compute={"sum": [{"field": "z"}, 1]}),
            field("computed", "z", compute={"field": "x"}),
        )
    )

    assert (place, key) == ("first", "x")
    assert "x → y → z → x" in message


def test_a_circle_over_a_condition_is_found() -> None:
    problems = found(
        page("first", field("computed", "x", compute={"field": "n"})),
        page("second", field("number", "n", condition={"greater": {"field": "x", "than": 3}})),
    )

    assert any("ひと回り" in message for _, _, message in problems)


@pytest.mark.parametrize(
    ("compute", "words"),
    [
        ({"field": "nothing"}, "「nothing」という項目はありません"),
        ({"product": [{"field": "text"}, 3]}, "整数の項目ではない"),
        ({"count": "text"}, "くり返しの項目ではない"),
        ({"total": {"group": "rows", "field": "inner"}}, "整数の項目ではない"),
        ({"cases": [{"if": {"answered": "nothing"}, "then": 3}]}, "「nothing」という項目はありません"),
    ],
)
def test_computed_fields_are_checked_against_what_they_need(compute: dict[str, Any], words: str) -> None:
    group = field("group", "rows", row_label="行", fields=[field("text", "inner")])

    place, key, message = only(page("first", field("text", "text"), group, field("computed", "x", compute=compute)))

    assert (place, key) == ("first", "x")
    assert words in message


def test_keys_are_unique_over_all_pages_and_rows() -> None:
    twice = found(page("first", field("text", "same")), page("second", field("text", "same")))
    shadowed = found(
        page("first", field("text", "same")),
        page("second", field("group", "rows", row_label="行", fields=[field("text", "same")])),
    )
    pages = found(page("first", field("text", "one")), page("first", field("text", "two")))

    assert ("second", "same") in [problem[:2] for problem in twice]
    assert ("second", "rows/same") in [problem[:2] for problem in shadowed]
    assert ("first", "") in [problem[:2] for problem in pages]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"category": "nothing"}, "分類"),
        ({"signature": True}, "assurance"),
        ({"needs_identity": True}, "assurance"),
        ({"resign_on": ["asked"]}, "署名を求めない"),
        ({"signature": True, "assurance": 2, "resign_on": ["nothing"]}, "「nothing」がありません"),
        ({"outcomes": []}, "outcomes"),
        (
            {
                "outcomes": [
                    {"code": "a", "label": "甲", "granted": True},
                    {"code": "a", "label": "乙", "granted": False},
                ]
            },
            "2回",
        ),
        ({"core_system": "x"}, "handover_at"),
        ({"handover_at": "payment"}, "支払い後"),
        ({"fee": {"amount": "asked", "account": "x", "due": "approval"}}, "計算項目"),
    ],
)
def test_the_whole_is_checked(more: dict[str, Any], words: str) -> None:
    assert words in only(page("first", field("text", "asked")), **more)[2]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (field("text", verified=True), "prefill が必要"),
        (field("text", prefill="card.shoe_size"), "既知の情報はありません"),
        (field("number", minimum=5, maximum=3), "大きくなって"),
        (field("text", length=3), "形式の項目にだけ"),
        (field("choice", options=[*OPTIONS, OPTIONS[0]]), "「a」が2回"),
        (field("multi_choice", options=OPTIONS, exclusive=["z"]), "「z」という選択肢はありません"),
        (field("date", earliest="2026-04-02", latest="2026-04-01"), "後になって"),
        (field("group", row_label="行", fields=[field("text", "id")]), "「id」は使えません"),
        (field("group", row_label="行", fields=[field("text", "x", prefill="card.name")]), "prefill を付けられません"),
    ],
)
def test_fields_are_checked_in_themselves(asked: dict[str, Any], words: str) -> None:
    place, _, message = only(page("first", asked), assurance=2)

    assert place == "first"
    assert words in message


def test_questions_of_eligibility_are_checked() -> None:
    question = {"key": "q1", "text": "しつもん", "options": OPTIONS}
    rule = {"when": {"equals": {"field": "q1", "value": "z"}}, "result": "no", "reason": "だめ"}
    eligibility = {"questions": [question, {**question, "key": "q2"}], "rules": [rule]}

    place, _, message = only(page("first", field("text", "asked")), eligibility=eligibility)

    assert place == "eligibility"
    assert "1番目の規則" in message


def test_missing_translations_are_warnings_with_their_place() -> None:
    asked = field("text", "asked")
    asked["label"] = {"ja": "理由", "ja-easy": "りゆう", "en": "Reason"}
    asked["help"] = {"ja": "くわしく"}

    warnings = check.problems(definition(page("first", asked)))
    of_field = [problem for problem in warnings if problem.field == "asked"]

    assert {problem.severity for problem in warnings} == {Severity.WARNING}
    assert [str(problem) for problem in of_field] == ["first › asked: help のやさしい日本語、Englishの文がありません"]
