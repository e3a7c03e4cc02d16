"""Finding a procedure by the words that people use."""

from __future__ import annotations

import pytest

from souto.services.procedures import queries
from tests.services.procedures.helpers import published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three() -> None:
    published(
        slug="juminhyo",
        title={"ja": "住民票の写しの交付請求", "en": "Copy of Residence Record"},
        kana="じゅうみんひょうのうつし",
        synonyms=["住民票", "住所の証明"],
        summary="住所を証明する書類を請求します",
    )
    published(
        slug="sodai",
        title="粗大ごみの申し込み",
        kana="そだいごみ",
        synonyms=["ゴミ", "家具を捨てる"],
        summary="大きなごみの収集",
        category="waste",
    )
    published(
        slug="teate",
        title="児童手当の認定請求",
        kana="じどうてあて",
        synonyms=["子ども手当"],
        summary="住民票のある市で請求します",
    )


def found(words: str, language: str = "ja", category: str | None = None) -> list[str]:
    return [version.slug for version in queries.search_published(words, language=language, category=category)]


@pytest.mark.parametrize(
    "words", ["ゴミ", "ごみ", "ｺﾞﾐ", "粗大ごみ", "そだいごみ", "ソダイゴミ", "ごみを出したい", "家具"]
)
def test_one_thing_is_found_under_all_its_names(words: str) -> None:
    assert found(words)[0] == "sodai"


def test_the_title_weighs_more_than_the_summary() -> None:
    assert found("住民票") == ["juminhyo", "teate"]


def test_a_phrase_without_blanks_is_understood() -> None:
    assert found("住民票の写しがほしい")[0] == "juminhyo"


def test_every_language_is_searched() -> None:
    assert found("residence record", "en") == ["juminhyo"]
    assert found("RESIDENCE", "en") == ["juminhyo"]


def test_all_words_must_be_there_where_any_text_has_them_all() -> None:
    assert found("住民票 証明") == ["juminhyo"]
    assert set(found("住民票 ごみ")) == {"juminhyo", "teate", "sodai"}


def test_nothing_is_found_for_nonsense_and_everything_for_no_words() -> None:
    assert found("ＸＹＺ") == []
    assert found("ｱ" * 100_000) == []
    assert len(found("")) == 3
    assert found("", category="waste") == ["sodai"]
