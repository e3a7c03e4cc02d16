"""The demo's resident register: a YAML file of the city folder (`demo/register.yaml`), matched as a real one would be.

Rule: the four items agree exactly, except that a place whose real character a card cannot write may show any substitute.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from souto.foundation.identity.jpki import Agreement, compare_masked
from souto.foundation.identity.oidc import CardItems
from souto.foundation.identity.register.characters import mask_of
from souto.foundation.identity.seams import RegisterDiffersError, RegisterEntry

_SAME = (Agreement.MATCH, Agreement.WILDCARD_MATCH)


class DemoRegister:
    """Answers from the city folder's file."""

    def find(self, profile: CardItems) -> RegisterEntry | None:
        """See `ResidentRegister.find`."""
        exact, near = [], False
        for entry in _entries(settings.CITY_DIR / "demo" / "register.yaml"):
            name, address = _same(entry["name"], profile.name), _same(entry["address"], profile.address)
            born, sex = entry["birth_date"] == profile.birth_date, entry["sex"] == profile.sex
            if name and address and born and sex:
                exact.append(entry)
            near = near or (name and (born or address))
        if len(exact) > 1 or (near and not exact):
            raise RegisterDiffersError
        return _entry(exact[0]) if exact else None

    def get(self, number: str) -> RegisterEntry | None:
        """See `ResidentRegister.get`."""
        entries = _entries(settings.CITY_DIR / "demo" / "register.yaml")
        return next((_entry(entry) for entry in entries if entry["number"] == number), None)


def _same(real: str, shown: str) -> bool:
    """Whether a card that writes `real` could show `shown`; the mask is the real text's, place by place."""
    return compare_masked(real, mask_of(real), shown) in _SAME


def _entry(found: dict[str, Any]) -> RegisterEntry:
    return RegisterEntry(
        number=found["number"],
        name=found["name"],
        name_kana=found["name_kana"],
        address=found["address"],
        birth_date=found["birth_date"],
        sex=found["sex"],
        postal_code=found.get("postal_code", ""),
        alias=found.get("alias", ""),
        name_substituted=mask_of(found["name"]),
        address_substituted=mask_of(found["address"]),
    )


@cache
def _entries(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text())["entries"]
    return entries
