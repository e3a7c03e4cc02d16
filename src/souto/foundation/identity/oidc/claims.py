"""Reading the four items (基本4情報) of userinfo. Their exact forms are not published, so each known form is read and
anything else is reported, never guessed: the sign-in goes on and a member of staff looks at that item.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from souto.foundation.identity.jpki import BirthDate, Precision, Sex

_MAX_LENGTH: Final = 300
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_COMPACT: Final = re.compile(r"\d{8}", re.ASCII)
_SEXES: Final = {"1": Sex.MALE, "2": Sex.FEMALE, "3": Sex.UNKNOWN, "male": Sex.MALE, "female": Sex.FEMALE}


@dataclass(frozen=True, slots=True)
class ClaimProblem:
    """An item that could not be read: its name in the profile and the provider's text, for the staff."""

    item: str
    raw: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardItems:
    """The four items as the provider says them; "" where an item was not given or could not be read.

    `birth_date`: ISO, or JPKI's nine digits where a part of the date is unknown. `sex`: 1 男, 2 女, 3 不明.
    """

    name: str = ""
    address: str = ""
    birth_date: str = ""
    sex: str = ""
    problems: tuple[ClaimProblem, ...] = ()


class _UnreadError(ValueError):
    """The value has none of the known forms."""


def normalise(claims: Mapping[str, Any]) -> CardItems:
    """The four items of a userinfo answer. Never raises: what cannot be read is a `ClaimProblem`."""
    read: dict[str, str] = {}
    problems = []
    for item, claim, reader in (
        ("name", "name", _text),
        ("address", "address", _address),
        ("birth_date", "birthdate", _birth_date),
        ("sex", "gender", _sex),
    ):
        value = claims.get(claim)
        if value is None:
            continue
        try:
            read[item] = reader(value)
        except _UnreadError:
            problems.append(ClaimProblem(item, json.dumps(value, ensure_ascii=False, default=str)[:_MAX_LENGTH]))
    return CardItems(**read, problems=tuple(problems))


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_LENGTH:
        raise _UnreadError
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in value):
        raise _UnreadError
    return value.strip()


def _address(value: object) -> str:
    """A string, or OIDC's address object with `formatted`."""
    if isinstance(value, Mapping):
        value = value.get("formatted")
    return _text(value)


def _birth_date(value: object) -> str:
    """`YYYY-MM-DD`, `YYYYMMDD`, or JPKI's `EYYYYMMDD`."""
    if not isinstance(value, str):
        raise _UnreadError
    if _ISO.fullmatch(value) or _COMPACT.fullmatch(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise _UnreadError from None
    found = BirthDate.parse(value)
    if found.precision is Precision.UNREADABLE:
        raise _UnreadError
    return found.exact.isoformat() if found.exact else found.raw


def _sex(value: object) -> str:
    """`1` 男, `2` 女, `3` 不明, or `male`, `female`."""
    text = str(value).lower() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if text not in _SEXES:
        raise _UnreadError
    return _SEXES[text].value
