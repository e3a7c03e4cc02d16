import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.kernel.text import ProblemKind, contains_emoji, find_emoji, find_problems, grapheme_length, graphemes


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("山\x00田", ProblemKind.CONTROL),
        ("山\x1b田", ProblemKind.CONTROL),
        ("山\n田", ProblemKind.CONTROL),
        ("山\u2028田", ProblemKind.CONTROL),
        ("山\ud842田", ProblemKind.SURROGATE),
        ("山\uffff田", ProblemKind.NONCHARACTER),
        ("山\ufdd0田", ProblemKind.NONCHARACTER),
        ("山\u202e田", ProblemKind.DIRECTION),
        ("山\ue000田", ProblemKind.PRIVATE_USE),
    ],
)
def test_characters_that_must_not_enter_a_record(text, kind):
    (problem,) = find_problems(text)

    assert (problem.index, problem.kind) == (1, kind)


def test_ordinary_text_and_the_newest_kanji_pass():
    assert find_problems("髙𠮷辻\U000e0100 \u3000é\U00031350\U00032000\t👍") == []
    assert find_problems("一行目\r\n二行目\n", multiline=True) == []


def test_the_list_of_problems_is_short_however_long_the_text():
    assert len(find_problems("\x00" * 10_000)) == 20


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("亜" * 40, 40),
        ("𠮷田", 2),
        ("辻\U000e0100葛\U000e0100", 2),
        ("か\u3099", 1),
        ("ｶﾞ", 1),
        ("👨‍👩‍👧‍👦", 1),
        ("👍🏽", 1),
        ("🇯🇵🇰🇷", 2),
        ("e\u0301", 1),
        ("\r\n", 1),
        ("\na", 2),
    ],
)
def test_length_is_what_a_person_counts(text, length):
    assert grapheme_length(text) == length


@given(st.text(max_size=80))
def test_graphemes_lose_nothing(text):
    assert "".join(graphemes(text)) == text
    assert grapheme_length(text) <= len(text)


@pytest.mark.parametrize("text", ["😀", "はい👍🏽", "⭐", "🇯🇵", "☎\ufe0f", "1\ufe0f\u20e3", "🫠"])
def test_emoji_are_found(text):
    assert contains_emoji(text)
    assert len(find_emoji(text)) == 1


@pytest.mark.parametrize("text", ["", "①☎※♨〒㈱々〆ヶ→", "髙﨑𠮷", "辻\U000e0100", "1番3号 #2", "©®"])
def test_signs_of_japanese_text_are_no_emoji(text):
    assert not contains_emoji(text)
