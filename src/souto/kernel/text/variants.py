"""Old and new forms of kanji, from the MJ shrink map (MJ縮退マップ) that the package `jntajis` carries.

The map says which characters a character *may* be written as, and by which rule; it is evidence, not a conversion.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from jntajis import MJShrinkSchemeCombo, mj_shrink_candidates

_CJK_START = 0x2E80


class VariantSource(Enum):
    """The rule by which two characters are forms of one another; the value is its name for a person."""

    UNIFICATION = "JIS包摂規準・UCS統合規則"
    FAMILY_REGISTER = "法務省戸籍法関連通達・通知"
    NOTICE_582 = "法務省告示582号別表第四"
    RESEMBLANCE = "読み・字形による類推"


_COMBOS = {
    VariantSource.UNIFICATION: MJShrinkSchemeCombo.JIS_INCORPORATION_UCS_UNIFICATION_RULE,
    VariantSource.FAMILY_REGISTER: MJShrinkSchemeCombo.MOJ_FAMILY_REGISTER_ACT_RELATED_NOTICE,
    VariantSource.NOTICE_582: MJShrinkSchemeCombo.MOJ_NOTICE_582,
    VariantSource.RESEMBLANCE: MJShrinkSchemeCombo.INFERENCE_BY_READING_AND_GLYPH,
}
OFFICIAL_SOURCES = (VariantSource.UNIFICATION, VariantSource.FAMILY_REGISTER, VariantSource.NOTICE_582)
"""The rules that count as evidence of equality; mere resemblance does not."""


@lru_cache(maxsize=20_000)
def forms_of(ch: str, source: VariantSource) -> frozenset[str]:
    """The characters that one character may be written as by one rule; always contains the character itself."""
    if len(ch) != 1 or ord(ch) < _CJK_START:
        return frozenset((ch,))
    found = mj_shrink_candidates(ch, int(_COMBOS[source]))
    return frozenset(one for one in found if len(one) == 1) | {ch}


def variant_sources(a: str, b: str) -> tuple[VariantSource, ...]:
    """The rules by which two single characters are forms of one another, official ones first; empty if none.

    Two characters also agree when both may be written as a common third one (濵 and 濱 as 浜).
    """
    if a == b:
        return ()
    return tuple(source for source in VariantSource if forms_of(a, source) & forms_of(b, source))


@lru_cache(maxsize=20_000)
def plainest_form(ch: str) -> str:
    """The form of a character that search keys use: follow the official rules to their end.

    Where rules lead round in a circle, the smallest code point of the circle stands for it; so the plainest form of
    a plainest form is itself.
    """
    path = [ch]
    while (following := _plainer(path[-1])) not in path:
        path.append(following)
    return min(path[path.index(following) :])


def _plainer(ch: str) -> str:
    """The next plainer form: one that has no plainer form itself, if there is such a one; else the character."""
    others = sorted(_official_forms(ch) - {ch})
    return next((form for form in others if _official_forms(form) == {form}), others[0] if others else ch)


def _official_forms(ch: str) -> frozenset[str]:
    return frozenset().union(*(forms_of(ch, source) for source in OFFICIAL_SOURCES))
