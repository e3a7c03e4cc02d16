import pytest

from souto.foundation.documents.typesetting import (
    FontSet,
    FontsMissingError,
    MissingGlyphsError,
    missing_glyphs,
    printable,
    require_glyphs,
    with_geta,
)
from tests import paper


@pytest.mark.parametrize(
    "text",
    ["桑都", "𠮷野", "髙﨑 祐", "𡈽 𡌛 𩸽", "ヷ ゟ", "①㈱㊞", "Nguyễn Văn Ánh", "葛󠄀城", "二行\n目\t"],
)
def test_names_of_residents_can_be_printed(text):
    assert missing_glyphs(text, paper.fonts()) == set()


def test_what_cannot_be_printed_is_named():
    assert missing_glyphs("山田🙂\0한", paper.fonts()) >= {"🙂", "\0"}


def test_the_second_font_carries_what_the_first_lacks():
    fonts = paper.fonts()
    first_only = FontSet(fonts.folder, fonts.names[:1])

    assert missing_glyphs("𠮷", first_only) == {"𠮷"}
    assert missing_glyphs("𠮷", fonts) == set()


def test_a_refusal_lists_characters_a_person_cannot_see_by_their_code():
    with pytest.raises(MissingGlyphsError, match=r"U\+0000"):
        require_glyphs("a\0", paper.fonts())


def test_kana_with_a_separate_voicing_mark_are_composed():
    assert printable("か\u3099") == "が"


def test_half_width_kana_are_printed_in_full_width_and_kanji_stay_as_they_are():
    assert printable("ﾊﾞﾃﾞｨ･ｱｰ") == "バディ・アー"
    assert printable("髙﨑\ufa19\ufa11①ＡＢ") == "髙﨑\ufa19\ufa11①ＡＢ"
    assert printable("e\u0301") == "é"


def test_geta_stand_for_what_no_font_has_and_nothing_else_changes():
    fonts = paper.fonts()

    given = {"a": "道路🙂👍に穴", "b": ["𠮷", {"c": "]^\\-\U0001f642"}], "n": 3, "none": None}

    assert with_geta(given, fonts) == {"a": "道路〓に穴", "b": ["𠮷", {"c": "]^\\-〓"}], "n": 3, "none": None}


def test_a_folder_without_the_build_is_named(tmp_path):
    (tmp_path / "BIZUDPGothic-Regular.ttf").write_bytes(b"")

    with pytest.raises(FontsMissingError, match=r"BIZUDPGothic-Bold.ttf、NotoSansJP-Regular.ttf"):
        FontSet.at(tmp_path)
