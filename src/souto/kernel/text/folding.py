"""Folding of width, dashes, spaces and kana; for codes, kana and search keys, never for a stored name."""

from __future__ import annotations

import re
import unicodedata

from souto.kernel.text.characters import without_selectors
from souto.kernel.text.variants import plainest_form

DASHES = "-‐‑‒–—―−﹘﹣－ー─━ｰ〜～~"
"""Everything people type where a code has a hyphen, the long vowel mark and the wave dash included."""

_DASH_TABLE = str.maketrans(dict.fromkeys(DASHES, "-"))
_OUTER = " \t\r\n\u3000\u00a0\u200b\u2060\ufeff\u2002\u2003\u2009\u202f"
_HALF_KANA = re.compile("[\uff61-\uff9f]+")
_LOOSE_MARK = re.compile("[\u3041-\u30ff][\u3099\u309a]")
_SEARCH_DROP = re.compile(r"[\s・･.,'’\-]+")


def strip_outer(text: str) -> str:
    """`text` without blanks at its ends: ASCII, full-width, no-break, zero-width. The inside stays as typed."""
    return text.strip(_OUTER)


def fold_code(text: str) -> str:
    """A code as machines write it: `fold_code("１９２ー００５１") == "192-0051"`.

    Digits and Latin letters become ASCII, every kind of dash becomes `-`, every blank one space, invisible format
    characters go, outer blanks go. For postal codes, phone numbers, receipt numbers, e-mail addresses: whatever has
    one right spelling. Not for names, and not for free text (`ー` becomes `-`).
    """
    folded = unicodedata.normalize("NFKC", text.translate(_DASH_TABLE)).translate(_DASH_TABLE)
    visible = "".join(ch for ch in folded if unicodedata.category(ch) != "Cf")
    return re.sub(r"\s+", " ", visible).strip()


def fold_kana(text: str) -> str:
    """Kana as full-width katakana: half-width kana widened, hiragana converted, loose voicing marks joined.

    `fold_kana("はちおうじ") == fold_kana("ﾊﾁｵｳｼﾞ") == "ハチオウジ"`. Other characters stay.
    """
    return "".join(_to_katakana(ch) for ch in _join_marks(widen_kana(text)))


def widen_kana(text: str) -> str:
    """Half-width kana and their voicing marks become full-width; hiragana and everything else stay."""
    return _HALF_KANA.sub(lambda run: unicodedata.normalize("NFKC", run.group()), text)


def fold_widths(text: str) -> str:
    """Full-width Latin letters, digits and signs become ASCII, half-width kana full-width; kanji stay as they are.

    Unlike NFKC it leaves compatibility kanji, ligatures and circled numbers alone.
    """
    narrow = "".join(chr(ord(ch) - 0xFEE0) if "！" <= ch <= "～" else ch for ch in text)
    return _join_marks(widen_kana(narrow)).replace("\u3000", " ").replace("\u00a0", " ")


def search_key(text: str) -> str:
    """A key under which spellings that people confuse meet: for search indexes, never for equality of persons.

    Width, case, kana kind, blanks, small ヶ and ヵ, variation selectors and old kanji forms are folded:
    `search_key("髙﨑 はな") == search_key("高崎ハナ")`. One key may stand for several names, so a hit is a candidate.
    """
    folded = unicodedata.normalize("NFKC", without_selectors(text)).casefold()
    folded = _SEARCH_DROP.sub("", "".join("-" if ch in DASHES and ch != "ー" else ch for ch in folded))
    folded = unicodedata.normalize("NFKC", folded).casefold()  # what stood apart before may now join
    folded = fold_kana(folded).replace("ヶ", "ケ").replace("ヵ", "カ")
    return "".join(plainest_form(ch) for ch in folded)


def _to_katakana(ch: str) -> str:
    return chr(ord(ch) + 0x60) if "ぁ" <= ch <= "ゖ" or ch in "ゝゞ" else ch


def _join_marks(text: str) -> str:
    """か + U+3099 (as some computers send it) becomes が; kanji are not touched."""
    return _LOOSE_MARK.sub(lambda pair: unicodedata.normalize("NFC", pair.group()), text)
