"""The test residents (見本の住民) and their software cards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from souto.foundation.identity.jpki import BirthDate, FourItems, Sex
from souto.foundation.identity.jpki.testing import TestCard, TestHierarchy
from souto.kernel import clock


@dataclass(frozen=True, slots=True)
class Resident:
    """One test resident as the card describes her. `birth_date`: ISO, or nine digits where a part is unknown."""

    id: str
    name: str
    address: str
    birth_date: str
    sex: str
    password: str = field(repr=False)
    name_mask: str = ""
    address_mask: str = ""
    note: dict[str, str] = field(default_factory=dict)

    def four_items(self) -> FourItems:
        """As the signing certificate says them."""
        whole = "-" in self.birth_date
        born = BirthDate.of(date.fromisoformat(self.birth_date)) if whole else BirthDate.parse(self.birth_date)
        return FourItems(self.name, Sex(self.sex), born, self.address, self.name_mask, self.address_mask)

    def claims(self) -> dict[str, str]:
        """As userinfo says them, by scope."""
        return {"name": self.name, "address": self.address, "birthdate": self.birth_date, "gender": self.sex}

    def card(self, hierarchy: TestHierarchy) -> TestCard:
        """Her card; issued at the first use."""
        return hierarchy.card(self.id, self.four_items(), issued=clock.real_now())


def load(path: Path) -> dict[str, Resident]:
    """The residents of a YAML file by id, in the order of the file."""
    entries = yaml.safe_load(path.read_text())["residents"]
    return {entry["id"]: Resident(**entry) for entry in entries}
