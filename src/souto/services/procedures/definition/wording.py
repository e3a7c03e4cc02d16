"""Texts of a definition: Japanese always there, other wordings where the editor wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from souto.kernel.language import LANGUAGES
from souto.kernel.text import find_problems

#: No label, help or explanation needs more; a longer one is a page of its own.
MAX_WORDING = 4000


def _from_short_form(value: Any) -> Any:
    return {"ja": value} if isinstance(value, str) else value


def _check(value: dict[str, str]) -> dict[str, str]:
    if not value.get("ja", "").strip():
        raise ValueError("日本語（ja）の文が必要です")
    for language, text in value.items():
        if language not in LANGUAGES:
            raise ValueError(f"言語「{language}」は使えません（{'、'.join(LANGUAGES)}）")
        if len(text) > MAX_WORDING:
            raise ValueError(f"文は{MAX_WORDING}字までです（{language}）")
        if find_problems(text, multiline=True):
            raise ValueError(f"文に使えない文字があります（{language}）")
    return value


#: `{"ja": …, "ja-easy": …, "en": …}`; a plain string in YAML is the Japanese wording. The same as `kernel.language.LocalText`.
Wording = Annotated[dict[str, str], BeforeValidator(_from_short_form), AfterValidator(_check)]


def ja(text: str, *, easy: str = "", en: str = "") -> Mapping[str, str]:
    """A wording written in code."""
    return {"ja": text} | ({"ja-easy": easy} if easy else {}) | ({"en": en} if en else {})
