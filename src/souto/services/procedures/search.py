"""Finding a procedure by the words that people use.

A city has some hundreds of procedures, so each is looked at: a word counts where it stands in the title, the synonyms, the reading, the summary,
in this order; width, case and kana are folded (ゴミ, ごみ, ｺﾞﾐ). Where no whole word is found, pairs of characters decide, so that 「住民票が
ほしい」 finds 住民票.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

from souto.kernel.language import say
from souto.kernel.text import search_key
from souto.services.procedures.definition import Definition

MAX_WORDS = 10
MAX_LENGTH = 100
_TITLE, _SYNONYM, _KANA, _SUMMARY = 100, 80, 70, 20
_PAIRS = 60
#: The share of a word's pairs that a text must hold to be a likely answer.
_LIKELY = 0.34


class Searchable(Protocol):
    """What can be ranked."""

    @property
    def definition(self) -> Definition:
        """The procedure."""


T = TypeVar("T", bound=Searchable)


def rank(found: Sequence[T], words: str, *, language: str) -> list[T]:
    """Those that match, best first; all in the order of their titles where there are no words."""
    wanted = [key for key in map(search_key, words[:MAX_LENGTH].split()[:MAX_WORDS]) if key]
    if not wanted:
        return sorted(found, key=lambda one: say(one.definition.title, language))
    scored = [(sum(_score(one.definition, word) for word in wanted), one) for one in found]
    every = [(score, one) for score, one in scored if all(_score(one.definition, word) for word in wanted)]
    hits = every or [(score, one) for score, one in scored if score]
    return [one for _, one in sorted(hits, key=lambda hit: (-hit[0], say(hit[1].definition.title, language)))]


def matches(text: str, words: str) -> bool:
    """True when every word stands in the text."""
    key = search_key(text)
    return all(search_key(word) in key for word in words[:MAX_LENGTH].split()[:MAX_WORDS])


@lru_cache(maxsize=2000)
def _texts(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(search_key(text) for text in texts)


def _weighted(definition: Definition) -> list[tuple[int, str]]:
    texts = [(_TITLE, text) for text in definition.title.values()]
    texts += [(_SYNONYM, text) for text in definition.synonyms]
    texts += [(_KANA, definition.kana)] if definition.kana else []
    texts += [(_SUMMARY, text) for text in definition.summary.values()]
    keys = _texts(tuple(text for _, text in texts))
    return [(weight, key) for (weight, _), key in zip(texts, keys, strict=True)]


def _score(definition: Definition, word: str) -> int:
    texts = _weighted(definition)
    whole = [weight + (weight // 2 if key == word else 0) for weight, key in texts if word in key]
    if whole:
        return max(whole)
    # A synonym inside a longer phrase: 「ごみの出し方が知りたい」.
    inside = [weight for weight, key in texts if weight >= _KANA and len(key) >= 2 and key in word]
    if inside:
        return max(inside) - 10
    pairs = {word[i : i + 2] for i in range(len(word) - 1)}
    shared = (
        max((len([p for p in pairs if p in key]) / len(pairs) for weight, key in texts if weight > _SUMMARY), default=0)
        if pairs
        else 0
    )
    return round(_PAIRS * shared) if shared >= _LIKELY else 0
