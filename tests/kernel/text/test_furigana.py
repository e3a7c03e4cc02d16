import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.kernel.text import FuriganaEmptyError, FuriganaError, check_furigana

HIRAGANA = [chr(point) for point in range(0x3041, 0x3097)]


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("はちおうじ　はなこ", "ハチオウジ　ハナコ"),
        ("ﾊﾁｵｳｼﾞ ﾊﾅｺ", "ハチオウジ　ハナコ"),
        (" ヴァレンティナ ", "ヴァレンティナ"),
        ("ジョン・スミス", "ジョン・スミス"),
        ("さとー", "サトー"),
        ("サト－", "サトー"),
        ("サト-", "サトー"),
    ],
)
def test_readings_are_converted_not_refused(typed, kana):
    assert check_furigana(typed) == kana


@pytest.mark.parametrize("typed", ["八王子", "ハチoujiハ", "ハチ1", "-ハチ", "ー", "・ハチ", "ハチ\x00", "ハナ😀"])
def test_what_is_no_kana_is_refused_with_the_way_out(typed):
    with pytest.raises(FuriganaError, match="ひらがなかカタカナ"):
        check_furigana(typed)


@pytest.mark.parametrize("typed", ["", " ", "\u3000\u200b"])
def test_an_empty_reading_says_so(typed):
    with pytest.raises(FuriganaEmptyError):
        check_furigana(typed)


@given(st.lists(st.sampled_from(HIRAGANA), min_size=1, max_size=30).map("".join))
def test_every_hiragana_reading_is_accepted_and_stable(typed):
    kana = check_furigana(typed)

    assert len(kana) == len(typed)
    assert check_furigana(kana) == kana
