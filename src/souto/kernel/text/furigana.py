"""Readings (フリガナ): hiragana and half-width kana are converted, not refused."""

from __future__ import annotations

import re

from souto.kernel.errors import SoutoError
from souto.kernel.text.folding import DASHES, fold_kana, strip_outer

_KANA = re.compile("[ァ-ヶー・ヽヾ\u3000]+")
_DASH_AFTER_KANA = re.compile(f"(?<=[ァ-ヶー])[{re.escape(DASHES)}]")


class FuriganaError(SoutoError):
    """The reading holds a character that is no kana."""

    message = "フリガナは、ひらがなかカタカナで入力してください。"


class FuriganaEmptyError(SoutoError):
    """There is no reading."""

    message = "フリガナを入力してください。"


def check_furigana(text: str) -> str:
    """The reading in full-width katakana, its parts separated by one U+3000.

    `check_furigana("はちおうじ　ﾊﾅｺ") == "ハチオウジ　ハナコ"`. A dash after a kana is taken for the long vowel mark ー.
    Raises `FuriganaEmptyError`, `FuriganaError`.
    """
    kana = re.sub(r"\s+", "\u3000", fold_kana(strip_outer(text)))
    kana = _DASH_AFTER_KANA.sub("ー", kana)
    if not kana:
        raise FuriganaEmptyError
    if not _KANA.fullmatch(kana) or kana[0] in "ー・ヽヾ":
        raise FuriganaError
    return kana
