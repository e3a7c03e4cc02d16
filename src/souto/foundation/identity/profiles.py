"""What the city holds about a person, as other rooms read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's data. Everything but `email`, `phone` and `language` was proved with a card or comes from the register.

    `name` and `address` carry the real characters when the register is linked, else the card's, where `name_substituted` and
    `address_substituted` (`0` and `1`, one a character; "" when not known) say which places a card cannot write. `card_name`
    and `card_address` are the card's own. `birth_date`: ISO, or JPKI's nine digits where a part is unknown. `sex`: 1 男, 2 女,
    3 不明. `alias`: 通称. `register_number`: 宛名番号. "" where something is not known.
    """

    person_id: UUID
    name: str = ""
    name_kana: str = ""
    alias: str = ""
    address: str = ""
    postal_code: str = ""
    birth_date: str = ""
    sex: str = ""
    email: str = ""
    phone: str = ""
    language: str = "ja"
    verified_at: datetime | None = None
    card_name: str = ""
    card_address: str = ""
    name_substituted: str = ""
    address_substituted: str = ""
    register_number: str = field(default="", repr=False)
    is_demo: bool = False

    @property
    def birthday(self) -> date | None:
        """The birth date, when all of it is known."""
        return date.fromisoformat(self.birth_date) if "-" in self.birth_date else None

    @property
    def is_registered(self) -> bool:
        """True once the person is linked to the resident register."""
        return bool(self.register_number)
