import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.kernel.text import fold_code, fold_kana, fold_widths, search_key, strip_outer

KATAKANA = [chr(point) for point in range(0x30A1, 0x30F7)]


@pytest.mark.parametrize("dash", list("-‐‑‒–—―−－ーｰ─〜～"))
def test_a_postal_code_with_any_dash_is_one_code(dash):
    assert fold_code(f"１９２{dash}００５１") == "192-0051"


def test_codes_lose_blanks_at_the_ends_and_invisible_characters():
    assert fold_code("　\u200bＡｂ１２\u00a0 ３４\ufeff\n") == "Ab12 34"


@given(st.text(max_size=60))
def test_folding_a_code_twice_changes_nothing_more(text):
    once = fold_code(text)

    assert fold_code(once) == once


@pytest.mark.parametrize("typed", ["はちおうじ", "ﾊﾁｵｳｼﾞ", "ハチオウジ", unicodedata.normalize("NFD", "はちおうじ")])
def test_kana_of_every_kind_become_full_width_katakana(typed):
    assert fold_kana(typed) == "ハチオウジ"


def test_kana_folding_leaves_kanji_and_compatibility_kanji_alone():
    assert fold_kana("\ufa19田さゞなみ") == "\ufa19田サヾナミ"


@given(st.lists(st.sampled_from(KATAKANA), max_size=20).map("".join))
def test_katakana_stays_as_it_is(kana):
    assert fold_kana(kana) == kana


@given(st.text(max_size=40))
def test_width_folding_never_touches_a_kanji(text):
    kanji = [ch for ch in text if "\u3400" <= ch <= "\ufaff" or ch >= "\U00020000"]

    assert [ch for ch in fold_widths(text) if "\u3400" <= ch <= "\ufaff" or ch >= "\U00020000"] == kanji


def test_outer_blanks_go_and_inner_ones_stay():
    assert strip_outer("\u3000 山田\u3000太郎\u200b\n") == "山田\u3000太郎"


@pytest.mark.parametrize(
    ("typed", "recorded"),
    [
        ("高崎ハナ", "髙﨑 はな"),
        ("ﾀｶﾊｼ", "たかはし"),
        ("吉野家", "𠮷野家"),
        ("渡辺", "渡邉"),
        ("渡邊", "渡邉"),
        ("smith john", "ＳＭＩＴＨ・ＪＯＨＮ"),
        ("絹ケ丘", "絹ヶ丘"),
        ("神田", "\ufa19田"),
        ("辻", "辻\U000e0100"),
    ],
)
def test_search_keys_meet(typed, recorded):
    assert search_key(typed) == search_key(recorded)


def test_search_keys_keep_different_names_apart():
    assert search_key("斉藤") != search_key("斎藤")
    assert search_key("太郎") != search_key("太朗")
    assert search_key("オノ") != search_key("オオノ")
    assert search_key("サトー") != search_key("サト")


@given(st.text(max_size=40))
def test_a_search_key_is_its_own_key(text):
    assert search_key(search_key(text)) == search_key(text)
