"""The four items (基本4情報) of a signing certificate and how they compare with what a register says.

Name and address are written with the characters of JIS X 0208 and 0212; a character outside them is replaced by a
substitute (代替文字), and a mask of `0` and `1`, one digit a character, says where. At a flagged place the certificate does
not know the real character, so there any single character agrees, and the result says that it was so: `WILDCARD_MATCH`.

Before comparing, both sides are brought to one form that changes no meaning: Unicode NFKC (full width and half width),
letters without case (a register writes foreign names in capitals), variation selectors dropped, any run of spaces as one
(JPKI separates names by U+3000, the GIF vocabulary by a half-width space), the many hyphens as one. 三丁目 and ３丁目 stay
different: reading addresses is the work of the registry room.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Final

from souto.foundation.identity.jpki import der, oids
from souto.foundation.identity.jpki.birthdate import BirthDate, Precision
from souto.kernel.errors import SoutoError

MAX_LENGTH: Final = 1000
"""Characters that an item may have. The profile allows 200 for an address; more than this is no item but an attack."""


class UnreadableItemsError(SoutoError):
    """The four items are missing from the certificate or are not written as the profile says."""

    message = "電子証明書から氏名などの情報を読み取れませんでした。職員が確認します。"


class Sex(StrEnum):
    """The sex digit (性別) of the certificate. GIF and ISO 5218 use 0/1/2/9: the same 1 and 2, another unknown."""

    MALE = "1"
    FEMALE = "2"
    UNKNOWN = "3"


class Agreement(StrEnum):
    """How one item compares. Only MATCH says that the two are the same text; UNKNOWN says that nothing can be said."""

    MATCH = "match"
    WILDCARD_MATCH = "wildcard_match"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Agreements:
    """The comparison of the four items, each by itself."""

    name: Agreement
    sex: Agreement
    birth_date: Agreement
    address: Agreement

    @property
    def contradicted(self) -> bool:
        """Whether any item is known to differ."""
        return Agreement.MISMATCH in (self.name, self.sex, self.birth_date, self.address)


@dataclass(frozen=True, slots=True)
class FourItems:
    """Name, sex, birth date and address (氏名, 性別, 生年月日, 住所) as the certificate says them.

    `name` separates family and given name by U+3000. `sex` is None when the digit is none of the three. A mask is "" when
    the certificate carries none; a mask that does not fit its text makes a comparison UNKNOWN, never a match.
    """

    name: str
    sex: Sex | None
    birth_date: BirthDate
    address: str
    name_mask: str = ""
    address_mask: str = ""

    def matches(
        self,
        *,
        name: str | None = None,
        address: str | None = None,
        birth_date: date | None = None,
        sex: Sex | None = None,
    ) -> Agreements:
        """Compare with what a register says; an item that is not given (None or empty) is UNKNOWN."""
        return Agreements(
            name=compare_masked(self.name, self.name_mask, name),
            sex=self._compare_sex(sex),
            birth_date=self._compare_birth_date(birth_date),
            address=compare_masked(self.address, self.address_mask, address),
        )

    def _compare_sex(self, other: Sex | None) -> Agreement:
        if self.sex in (None, Sex.UNKNOWN) or other in (None, Sex.UNKNOWN):
            return Agreement.UNKNOWN
        return Agreement.MATCH if self.sex is other else Agreement.MISMATCH

    def _compare_birth_date(self, other: date | None) -> Agreement:
        if other is None or self.birth_date.precision is Precision.UNREADABLE:
            return Agreement.UNKNOWN
        if self.birth_date.contradicts(other):
            return Agreement.MISMATCH
        return Agreement.MATCH if self.birth_date.exact == other else Agreement.UNKNOWN

    @classmethod
    def from_other_names(cls, values: Mapping[str, bytes]) -> FourItems:
        """Read the otherName values (OID to the DER inside `[0] EXPLICIT`) of a subjectAltName.

        Raises `UnreadableItemsError` when an item is missing, is not a UTF8String, has control characters, is longer
        than `MAX_LENGTH`, or when name or address is blank.
        """
        texts = {}
        for oid, value in values.items():
            try:
                text = der.utf8(der.parse(value))
            except der.MalformedDerError:
                raise UnreadableItemsError from None
            if len(text) > MAX_LENGTH or any(unicodedata.category(char) == "Cc" for char in text):
                raise UnreadableItemsError
            texts[oid] = text
        missing = {oids.NAME, oids.SEX, oids.BIRTH_DATE, oids.ADDRESS} - texts.keys()
        if missing or not texts[oids.NAME].strip() or not texts[oids.ADDRESS].strip():
            raise UnreadableItemsError
        return cls(
            name=texts[oids.NAME],
            sex=Sex(texts[oids.SEX]) if texts[oids.SEX] in set(Sex) else None,
            birth_date=BirthDate.parse(texts[oids.BIRTH_DATE]),
            address=texts[oids.ADDRESS],
            name_mask=texts.get(oids.NAME_MASK, ""),
            address_mask=texts.get(oids.ADDRESS_MASK, ""),
        )

    def to_other_names(self) -> dict[str, bytes]:
        """The otherName values in the order that real certificates show (.1 .4 .3 .5 .2 .6), for test certificates."""
        texts = {
            oids.NAME: self.name,
            oids.BIRTH_DATE: self.birth_date.raw,
            oids.SEX: (self.sex or Sex.UNKNOWN).value,
            oids.ADDRESS: self.address,
            oids.NAME_MASK: self.name_mask or "0" * len(self.name),
            oids.ADDRESS_MASK: self.address_mask or "0" * len(self.address),
        }
        return {oid: der.encode(der.UTF8_STRING, text.encode()) for oid, text in texts.items()}


def compare_masked(text: str, mask: str, other: str | None) -> Agreement:
    """Compare `text`, whose characters at the `1`s of `mask` are substitutes, with `other`.

    UNKNOWN when there is nothing to compare: `other` empty, a mask that does not fit, or no character left unflagged.
    """
    if other is None or not other.strip() or not text.strip():
        return Agreement.UNKNOWN
    if _PLACE in text or (mask and (len(mask) != len(text) or set(mask) - {"0", "1"})):
        return Agreement.UNKNOWN
    pattern = _pattern(text, mask or "0" * len(text))
    if all(symbol in (_Wild.ANY, " ") for symbol in pattern):
        return Agreement.UNKNOWN
    candidate = _canonical(other)
    if len(candidate) != len(pattern):
        return Agreement.MISMATCH
    for symbol, char in zip(pattern, candidate, strict=True):
        if symbol != char and not (symbol is _Wild.ANY and char != " "):
            return Agreement.MISMATCH
    return Agreement.WILDCARD_MATCH if _Wild.ANY in pattern else Agreement.MATCH


class _Wild(Enum):
    """The place of a substitute character in a pattern."""

    ANY = "any one character"


_HYPHENS: Final = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SPACES: Final = re.compile(r"\s+")


def _canonical(text: str) -> str:
    """The one form in which texts are compared; see the module."""
    folded = unicodedata.normalize("NFKC", _SELECTORS.sub("", text)).casefold().translate(_HYPHENS)
    return _SPACES.sub(" ", folded).strip()


def _pattern(text: str, mask: str) -> list[str | _Wild]:
    """The canonical characters of `text`, a wildcard in each flagged place.

    A private-use character stands for the substitutes while the text is folded: folding leaves it alone, so places stay
    right even where NFKC makes one character into several.
    """
    marked = "".join(
        _PLACE if flag == "1" and not char.isspace() else char for char, flag in zip(text, mask, strict=True)
    )
    return [_Wild.ANY if char == _PLACE else char for char in _canonical(marked)]


_PLACE: Final = "\U0010fffd"
