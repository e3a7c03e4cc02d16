"""What templates draw of a page: every field type in every language, with what was typed and what is wrong."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from souto.services.procedures.definition import Definition
from souto.services.procedures.queries import UploadUrls, Widget, widgets_of
from tests.services.procedures.definition.samples import FACTS, TODAY, definition, field, page, stored_file

OPTIONS = [{"code": "a", "label": {"ja": "甲", "en": "A"}}, {"code": "b", "label": "乙", "help": "せつめい"}]
BOX = {"south": 35.5, "west": 139.1, "north": 35.8, "east": 139.5}
EVERY: dict[str, dict[str, Any]] = {
    "text": {},
    "kana": {"parts": "family_given"},
    "name": {},
    "date": {"partial": True},
    "address": {},
    "phone": {},
    "email": {},
    "number": {"unit": "通"},
    "yen": {},
    "choice": {"options": OPTIONS},
    "multi_choice": {"options": OPTIONS},
    "yes_no": {"required": False},
    "consent": {"statement": "よく読んでください"},
    "file": {"max_files": 2},
    "map_point": {"box": BOX, "landmarks": [{"code": "s", "label": "駅", "lat": 35.6, "lng": 139.3}]},
    "computed": {"compute": 300, "result": "yen"},
    "group": {"row_label": "人", "fields": [field("text", "inner"), field("date", "day")]},
}


class Page(HTMLParser):
    """The ids, names, targets and headings of a rendered page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.names: list[str] = []
        self.refers: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags.append(tag)
        self.ids += [known["id"]] if known.get("id") else []
        self.names += [known["name"]] if known.get("name") else []
        for name in ("for", "aria-describedby", "aria-labelledby"):
            self.refers += (known.get(name) or "").split()


def form() -> Definition:
    return definition(
        page("all", *(field(type_, f"f_{type_}", help="たすけ", **more) for type_, more in EVERY.items()))
    )


def widgets(asked: Definition, raw: dict[str, list[str]], answers: dict[str, Any], **more: Any) -> list[Widget]:
    check = asked.check_page("all", raw, answers, facts=FACTS, today=TODAY)
    return widgets_of(
        asked,
        asked.page("all"),
        raw=raw,
        answers=answers,
        facts=FACTS,
        problems=check.problems if more.get("problems") else [],
        language=more.get("language", "ja"),
        uploads=lambda path: UploadUrls(f"/up/{path}", lambda file_id: f"/file/{file_id}"),
    )


def draw(found: list[Widget]) -> str:
    return render_to_string("procedures/page_fields.html", {"widgets": found})


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
@pytest.mark.parametrize("problems", [False, True])
def test_every_type_is_drawn_and_every_reference_leads_somewhere(language: str, problems: bool) -> None:
    raw = {"f_group": ["aaaaaaaa"], "f_date.day": ["31"]}

    with translation.override(language):
        found = widgets(form(), raw, {"f_file": [stored_file()]}, problems=problems, language=language)
        html = draw(found)

    drawn = Page(html)
    assert len(drawn.ids) == len(set(drawn.ids))
    assert set(drawn.refers) <= set(drawn.ids)
    assert {problem.control for widget in found for problem in widget.problems} <= set(drawn.ids)
    assert not re.search(r"<script|\sstyle=|\son[a-z]+=", html)


def test_what_was_typed_is_shown_again_and_escaped() -> None:
    html = draw(widgets(form(), {"f_text": ['"><script>alert(1)</script>'], "f_choice": ["b"]}, {}))

    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert 'value="b" id="f-f_choice-b" checked' in html


def test_names_in_the_html_are_those_that_are_parsed() -> None:
    drawn = Page(draw(widgets(form(), {"f_group": ["aaaaaaaa"]}, {})))

    assert {"f_name.family", "f_date.era", "f_address.postal_code", "f_map_point.landmark", "file:f_file"} <= set(
        drawn.names
    )
    assert {"f_group", "f_group/aaaaaaaa/inner", "f_group/aaaaaaaa/day.year", "add:f_group"} <= set(drawn.names)


def test_a_single_question_is_the_heading_of_its_page() -> None:
    single = definition(page("all", field("text", "only")))
    several = definition(page("all", field("text", "one"), field("text", "two")))

    assert Page(draw(widgets(single, {}, {}))).tags.count("h1") == 1
    assert Page(draw(widgets(several, {}, {}))).tags.count("h1") == 0


def test_a_value_from_the_card_is_printed_and_not_an_input() -> None:
    asked = definition(page("all", field("name", "name", prefill="card.name", verified=True), field("text", "more")))

    found = widgets_of(
        asked,
        asked.page("all"),
        raw={},
        answers={},
        facts={**FACTS, "card.name": "髙﨑　花子"},
        problems=[],
        language="ja",
    )

    html = draw(found)
    assert "髙﨑　花子" in html
    assert Page(html).names == ["more"]


def test_hidden_fields_are_not_drawn() -> None:
    asked = definition(
        page(
            "all",
            field("yes_no", "first"),
            field("text", "then", condition={"equals": {"field": "first", "value": True}}),
        )
    )

    assert [widget.path for widget in widgets(asked, {}, {"first": False})] == ["first"]
    assert [widget.path for widget in widgets(asked, {}, {"first": True})] == ["first", "then"]


def test_rows_can_go_only_while_enough_are_left() -> None:
    two = Page(draw(widgets(form(), {"f_group": ["aaaaaaaa", "bbbbbbbb"]}, {})))
    one = Page(draw(widgets(form(), {"f_group": ["aaaaaaaa"]}, {})))

    assert "remove:f_group/aaaaaaaa" in two.names
    assert not [name for name in one.names if name.startswith("remove:")]


def test_a_problem_of_the_whole_field_marks_each_of_its_controls_and_one_of_a_part_only_that() -> None:
    asked = definition(page("all", field("date", "day")))

    whole = draw(widgets(asked, {}, {}, problems=True))
    part = draw(widgets(asked, {"day.year": ["2026"], "day.month": ["2"], "day.day": ["30"]}, {}, problems=True))

    assert whole.count('aria-invalid="true"') == 4
    assert part.count('aria-invalid="true"') == 1
