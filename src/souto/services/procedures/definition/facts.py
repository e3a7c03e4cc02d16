"""Facts (既知の情報): what the city knows besides the answers, by name.

A caller passes those it has; a prefill or a condition names one of these. `today` is always added by the checks.
"""

from __future__ import annotations

from souto.kernel.errors import SoutoError
from souto.services.procedures.definition.base import Kind

#: Every fact that a definition may name, and what its value is.
KNOWN: dict[str, Kind] = {
    "today": Kind.DATE,  # ISO date in Asia/Tokyo
    "assurance": Kind.NUMBER,  # 0 none, 1 e-mail, 2 card authentication, 3 card signature
    "on_behalf": Kind.FLAG,  # somebody files for another person
    "card.name": Kind.TEXT,  # as the card says it, parts separated by U+3000
    "card.address": Kind.TEXT,  # the whole address in one line
    "card.birth_date": Kind.DATE,  # ISO date, or nine digits of a JPKI certificate where a part is unknown
    "card.sex": Kind.CODE,  # 1 男, 2 女, 3 不明
    "register.name_kana": Kind.TEXT,
    "register.address": Kind.RECORD,  # with postal code, where the city's register answers
    "contact.email": Kind.TEXT,
    "contact.phone": Kind.TEXT,
}


class FactMissingError(SoutoError):
    """A condition asks for a fact that the caller did not pass."""

    message = "手続の条件に必要な情報（%(fact)s）がありません。市役所に連絡してください。"
