"""Every sentence with which a field refuses an answer is said in every language, and fills the same places."""

from __future__ import annotations

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext

from souto.services.procedures.definition import FieldProblem, Problem, messages
from tests.services.procedures.definition.samples import TODAY, one

SENTENCES = {name: text for name, text in vars(messages).items() if name.isupper()}


@pytest.mark.parametrize("language", ["en", "ja-easy"])
@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_every_sentence_is_translated_and_fills_the_same_places(name: str, language: str) -> None:
    text = SENTENCES[name]

    with translation.override(language):
        said = gettext(text)

    places = re.compile(r"%\(\w+\)s")
    assert said != text
    assert set(places.findall(said)) == set(places.findall(text))


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_no_sentence_blames(name: str) -> None:
    assert not re.search("正しく|不正|無効|申し訳|半角", SENTENCES[name])
    assert not SENTENCES[name].endswith("。")


def test_a_date_that_never_was_is_explained_in_the_language_of_the_page() -> None:
    raw = {"it.era": ["showa"], "it.year": ["65"], "it.month": ["1"], "it.day": ["1"]}
    with pytest.raises(FieldProblem) as caught:
        one("date").parse(raw, path="it", today=TODAY)
    problem = Problem("it", caught.value.message, caught.value.params)

    with translation.override("en"):
        english = problem.say("en", gettext)
    with translation.override("ja-easy"):
        easy = problem.say("ja-easy", gettext)

    assert english != easy != problem.say("ja", str)
    assert not english.endswith(".")


def test_a_label_is_said_in_the_language_of_the_page() -> None:
    problem = Problem("it", messages.ENTER, {"label": {"ja": "氏名", "en": "Name"}})

    with translation.override("en"):
        assert problem.say("en", gettext) == "Enter Name"
    assert problem.say("ja") == "氏名を入力してください"
