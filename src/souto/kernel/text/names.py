"""Do two spellings of a name agree, and by what evidence?

The card says 髙﨑, the register 高崎, the form ﾀｶｻｷ: the answer is a level and a list, character by character, that an
officer can read. No spelling becomes "the right one"; both stay stored as they were given.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum, IntEnum

from souto.kernel.text.characters import graphemes, without_selectors
from souto.kernel.text.folding import DASHES, fold_widths, strip_outer
from souto.kernel.text.variants import OFFICIAL_SOURCES, VariantSource, variant_sources

MAX_NAME = 400
"""Names longer than this (code points) are compared as wholes only."""


class AgreementLevel(IntEnum):
    """How far two names agree, weakest first."""

    DIFFERENT = 0
    """At least one character has no rule that joins it."""
    NEEDS_A_LOOK = 1
    """All agrees except where the card holds a substitute character (代替文字): a person decides."""
    SAME_BY_VARIANT = 2
    """Old and new forms of kanji, or a variation selector."""
    SAME_BY_WIDTH = 3
    """Only ways of typing differ: width, blanks, letter case, dashes, composed marks."""
    EXACT = 4
    """The same code points."""


class EvidenceKind(Enum):
    """How one character of a name meets its counterpart; the value is for a person."""

    IDENTICAL = "同じ文字"
    WIDTH = "全角・半角の違い"
    SPACING = "空白の違い"
    CASE = "大文字・小文字の違い"
    DASH = "横棒の種類の違い"
    COMPOSITION = "濁点などの符号の違い"
    SELECTOR = "異体字セレクタの違い"
    VARIANT = "字体の違い"
    SUBSTITUTE = "カードの代替文字"
    RESEMBLANCE = "似ているが別の文字"
    DIFFERENT = "別の文字"
    MISSING = "片方にだけある文字"


_INVISIBLE = {"\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad"}
"""Characters of no width that come along when a name is pasted; they count as a difference in spacing."""

_LEVELS = {
    EvidenceKind.IDENTICAL: AgreementLevel.EXACT,
    EvidenceKind.WIDTH: AgreementLevel.SAME_BY_WIDTH,
    EvidenceKind.SPACING: AgreementLevel.SAME_BY_WIDTH,
    EvidenceKind.CASE: AgreementLevel.SAME_BY_WIDTH,
    EvidenceKind.DASH: AgreementLevel.SAME_BY_WIDTH,
    EvidenceKind.COMPOSITION: AgreementLevel.SAME_BY_WIDTH,
    EvidenceKind.SELECTOR: AgreementLevel.SAME_BY_VARIANT,
    EvidenceKind.VARIANT: AgreementLevel.SAME_BY_VARIANT,
    EvidenceKind.SUBSTITUTE: AgreementLevel.NEEDS_A_LOOK,
    EvidenceKind.RESEMBLANCE: AgreementLevel.DIFFERENT,
    EvidenceKind.DIFFERENT: AgreementLevel.DIFFERENT,
    EvidenceKind.MISSING: AgreementLevel.DIFFERENT,
}


@dataclass(frozen=True, slots=True)
class CharacterEvidence:
    """One character of the first name, its counterpart, and what joins or parts them ("" = nothing stands there)."""

    first: str
    second: str
    kind: EvidenceKind
    sources: tuple[VariantSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """The answer: a level, and the evidence in the order of the characters."""

    level: AgreementLevel
    evidence: tuple[CharacterEvidence, ...]

    @property
    def agrees(self) -> bool:
        """Whether the names may be taken for the same without a person's look."""
        return self.level >= AgreementLevel.SAME_BY_VARIANT

    @property
    def differences(self) -> tuple[CharacterEvidence, ...]:
        """The evidence without the identical characters: what an officer is shown."""
        return tuple(one for one in self.evidence if one.kind is not EvidenceKind.IDENTICAL)


@dataclass(frozen=True, slots=True)
class _Unit:
    """One character as seen, with the blanks that stood before it and the card's substitute flag."""

    text: str
    blank: str
    substitute: bool


def names_agree(a: str, b: str, *, substituted: str = "") -> Agreement:
    """Compare two spellings of one name.

    `substituted` is the card's mask for `a`: one `0` or `1` per code point, `1` = a substitute character stands
    there (JPKI 代替文字の使用位置情報). Such a place agrees with any one character, but only up to `NEEDS_A_LOOK`.
    A blank between two Japanese parts may be missing (JPKI writes 山田　太郎, a form 山田太郎); between Latin letters
    it counts. Hiragana and katakana are different letters in a name, and so are 斉 and 斎.
    """
    if a == b and "1" not in substituted:
        same = tuple(CharacterEvidence(one, one, EvidenceKind.IDENTICAL) for one in graphemes(a))
        return Agreement(AgreementLevel.EXACT, same)
    if len(a) > MAX_NAME or len(b) > MAX_NAME:
        return Agreement(AgreementLevel.DIFFERENT, (CharacterEvidence(a[:20], b[:20], EvidenceKind.DIFFERENT),))
    left, right = _units(a, substituted), _units(b, "")
    if len(left) == len(right):
        evidence = [item for one, other in zip(left, right, strict=True) for item in _compare(one, other)]
    else:
        evidence = _align(left, right)
    if a != b and all(item.kind is EvidenceKind.IDENTICAL for item in evidence):
        evidence.append(CharacterEvidence("", "", EvidenceKind.SPACING))
    level = min((_LEVELS[item.kind] for item in evidence), default=AgreementLevel.EXACT)
    return Agreement(level, tuple(evidence))


def _units(text: str, mask: str) -> list[_Unit]:
    units: list[_Unit] = []
    blank, at = "", 0
    outer = strip_outer(text)
    start = text.find(outer) if outer else 0
    for cluster in graphemes(text):
        inside, flagged = start <= at < start + len(outer), "1" in mask[at : at + len(cluster)]
        at += len(cluster)
        if cluster.isspace():
            blank += cluster if inside else ""
            continue
        if cluster in _INVISIBLE:
            continue
        if inside:
            units.append(_Unit(cluster, blank, flagged))
            blank = ""
    return units


def _compare(one: _Unit, other: _Unit) -> list[CharacterEvidence]:
    found = []
    if one.blank != other.blank:
        latin = _is_latin(one.text) or _is_latin(other.text)
        gone = not one.blank or not other.blank
        kind = EvidenceKind.MISSING if latin and gone else EvidenceKind.SPACING
        found.append(CharacterEvidence(one.blank, other.blank, kind))
    kind, sources = (EvidenceKind.SUBSTITUTE, ()) if one.substitute else _meet(one.text, other.text)
    return [*found, CharacterEvidence(one.text, other.text, kind, sources)]


def _meet(a: str, b: str) -> tuple[EvidenceKind, tuple[VariantSource, ...]]:
    """What joins or parts two characters, the weakest difference that explains them first."""
    if a == b:
        return EvidenceKind.IDENTICAL, ()
    wide_a, wide_b = fold_widths(a), fold_widths(b)
    if wide_a == wide_b:
        return EvidenceKind.WIDTH, ()
    if _compose(wide_a) == _compose(wide_b):
        return EvidenceKind.COMPOSITION, ()
    if _compose(wide_a).casefold() == _compose(wide_b).casefold():
        return EvidenceKind.CASE, ()
    if wide_a in DASHES and wide_b in DASHES and "ー" not in (wide_a, wide_b):
        return EvidenceKind.DASH, ()
    bare_a, bare_b = without_selectors(wide_a), without_selectors(wide_b)
    if bare_a == bare_b:
        return EvidenceKind.SELECTOR, ()
    sources = variant_sources(bare_a, bare_b)
    if any(source in OFFICIAL_SOURCES for source in sources):
        return EvidenceKind.VARIANT, tuple(source for source in sources if source in OFFICIAL_SOURCES)
    return (EvidenceKind.RESEMBLANCE, sources) if sources else (EvidenceKind.DIFFERENT, ())


def _compose(text: str) -> str:
    """NFC for letters and kana; a kanji stays, because NFC too rewrites compatibility kanji."""
    kanji = text >= "\u2e80" and not "\u3040" <= text[:1] <= "\u30ff"
    return text if kanji else unicodedata.normalize("NFC", text)


def _is_latin(text: str) -> bool:
    return text[:1].isascii() or unicodedata.name(text[0], "").startswith(("LATIN", "FULLWIDTH LATIN"))


def _align(left: list[_Unit], right: list[_Unit]) -> list[CharacterEvidence]:
    """Names of unequal length differ; the evidence shows where."""
    keys = [without_selectors(fold_widths(unit.text)) for unit in left]
    other = [without_selectors(fold_widths(unit.text)) for unit in right]
    evidence: list[CharacterEvidence] = []
    for _tag, i1, i2, j1, j2 in SequenceMatcher(None, keys, other, autojunk=False).get_opcodes():
        paired = min(i2 - i1, j2 - j1)
        for offset in range(paired):
            evidence += _compare(left[i1 + offset], right[j1 + offset])
        evidence += [CharacterEvidence(unit.text, "", EvidenceKind.MISSING) for unit in left[i1 + paired : i2]]
        evidence += [CharacterEvidence("", unit.text, EvidenceKind.MISSING) for unit in right[j1 + paired : j2]]
    return evidence
