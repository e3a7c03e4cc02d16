"""Texts that people define: one wording a language, Japanese always there."""

from __future__ import annotations

from collections.abc import Mapping

#: The languages that Souto speaks; `ja-easy` is やさしい日本語 and is Japanese to a screen reader.
LANGUAGES = ("ja", "ja-easy", "en")

#: `{"ja": "…", "ja-easy": "…", "en": "…"}`; `ja` is mandatory.
LocalText = Mapping[str, str]


def say(text: LocalText, language: str) -> str:
    """The wording in `language`, the Japanese one where there is a gap."""
    return text.get(language) or text["ja"]


def gaps(text: LocalText) -> tuple[str, ...]:
    """The languages that have no wording: shown to the editor at publish."""
    return tuple(code for code in LANGUAGES if not text.get(code))
