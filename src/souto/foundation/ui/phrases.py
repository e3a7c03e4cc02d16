"""Line breaks between phrases (文節) in Japanese headings, buttons and cards, cut by BudouX on the server."""

from __future__ import annotations

import re
from functools import lru_cache

import budoux
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_MARKUP = re.compile(r"[<&]")
#: Words that the model cuts in two.
_TOGETHER = (("ただ", "いま"),)
#: Neither a number nor a word in letters is cut.
_INSIDE_WORD = re.compile(r"[0-9A-Za-z]{2}")
_parser = budoux.load_default_japanese_parser()


@lru_cache(maxsize=4096)
def cut(text: str) -> tuple[str, ...]:
    """The phrases of `text`; one piece when it is not Japanese."""
    if not _JAPANESE.search(text):
        return (text,)
    pieces: list[str] = []
    for piece in _parser.parse(text):
        if pieces and _belong_together(pieces[-1], piece):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return tuple(pieces)


def _belong_together(before: str, after: str) -> bool:
    if _INSIDE_WORD.fullmatch(before[-1:] + after[:1]):
        return True
    return any(before.endswith(head) and after.startswith(tail) for head, tail in _TOGETHER)


def mark(text: str) -> SafeString:
    """`text`, escaped, with `<wbr>` between its phrases in a span that breaks only there. Safe HTML comes back as it is; a template's own
    literals are safe strings too, but plain text.
    """
    if isinstance(text, SafeString) and _MARKUP.search(text):
        return text
    pieces = cut(str(text))
    if len(pieces) == 1:
        return conditional_escape(str(text))
    inner = "<wbr>".join(conditional_escape(piece) for piece in pieces)
    return mark_safe(f'<span class="s-phrases">{inner}</span>')  # noqa: S308 - every piece is escaped above
