"""Japanese text: folding for codes and kana, checks of what was typed, and evidence that two names agree.

A name is stored exactly as it was given. Nothing here turns a name into one "normal" form: NFKC and even NFC rewrite
compatibility kanji (U+FA19 神 becomes 神), and a wrong kanji on a certificate is a wrong certificate. Folding is for
codes, searching and comparing only.
"""

from souto.kernel.text.characters import (
    Problem,
    ProblemKind,
    contains_emoji,
    find_emoji,
    find_problems,
    grapheme_length,
    graphemes,
)
from souto.kernel.text.folding import fold_code, fold_kana, fold_widths, search_key, strip_outer
from souto.kernel.text.furigana import FuriganaEmptyError, FuriganaError, check_furigana
from souto.kernel.text.names import Agreement, AgreementLevel, CharacterEvidence, EvidenceKind, names_agree
from souto.kernel.text.numerals import from_kanji_number, to_kanji_number
from souto.kernel.text.variants import VariantSource, variant_sources

__all__ = [
    "Agreement",
    "AgreementLevel",
    "CharacterEvidence",
    "EvidenceKind",
    "FuriganaEmptyError",
    "FuriganaError",
    "Problem",
    "ProblemKind",
    "VariantSource",
    "check_furigana",
    "contains_emoji",
    "find_emoji",
    "find_problems",
    "fold_code",
    "fold_kana",
    "fold_widths",
    "from_kanji_number",
    "grapheme_length",
    "graphemes",
    "names_agree",
    "search_key",
    "strip_outer",
    "to_kanji_number",
    "variant_sources",
]
