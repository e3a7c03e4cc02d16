"""The city as data (`city.toml` in the city folder): read once, used by pages, letters and slips."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from souto.kernel.errors import SoutoError
from souto.kernel.language import LocalText, say


class CityFileError(SoutoError):
    """`city.toml` is missing, is no TOML, or lacks something."""

    message = "市の設定ファイル（%(path)s）を読めません：%(reason)s"


@dataclass(frozen=True, slots=True)
class Section:
    """A section (課) that residents can call. Without a `phone` of its own it is reached through the city hall's."""

    code: str
    name: LocalText
    phone: str
    hours: LocalText
    place: str


@dataclass(frozen=True, slots=True)
class OpenData:
    """As whom and under which licence the city publishes data: its corporate number (法人番号, 13 digits) and website, the licence by name and address."""

    corporate_number: str
    url: str
    licence: str
    licence_url: str


@dataclass(frozen=True, slots=True)
class City:
    """The city: `lg_code` is the six-digit local government code (全国地方公共団体コード), `unverified` names samples (見本). Without `open_data` it publishes none. `navigation_url`: how
    a driver's device opens a maps app at a place, with `{lat}` and `{lng}` in degrees (`[navigation]` of the file; empty: no such link).
    """

    name: str
    name_kana: str
    name_en: str
    name_easy: str
    lg_code: str
    postal_code: str
    address: str
    address_en: str
    phone: str
    hours: str
    hours_easy: str
    hours_en: str
    source_url: str
    unverified: frozenset[str]
    sections: tuple[Section, ...]
    open_data: OpenData | None
    navigation_url: str

    @property
    def names(self) -> LocalText:
        """The name in every language."""
        return {"ja": self.name, "ja-easy": self.name_easy, "en": self.name_en}

    @property
    def all_hours(self) -> LocalText:
        """When the city hall answers, in every language."""
        return {"ja": self.hours, "ja-easy": self.hours_easy, "en": self.hours_en}

    def named(self, language: str) -> str:
        """The name in `language`."""
        return say(self.names, language)

    def section(self, code: str) -> Section | None:
        """The section of this code."""
        return next((section for section in self.sections if section.code == code), None)


@cache
def city() -> City:
    """The city of `settings.CITY_DIR`. Raises `CityFileError`."""
    return load(Path(settings.CITY_DIR) / "city.toml")


def load(path: Path) -> City:
    """Read a `city.toml`. Raises `CityFileError`, which names what is missing."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CityFileError(path=path, reason=error) from error
    try:
        return _city(data)
    except KeyError as error:
        raise CityFileError(path=path, reason=f"「{error.args[0]}」がありません") from error


def _city(data: dict[str, Any]) -> City:
    hours = {"ja": data["hours"], "ja-easy": data.get("hours_easy", ""), "en": data.get("hours_en", "")}
    return City(
        name=data["name"],
        name_kana=data["name_kana"],
        name_en=data["name_en"],
        name_easy=data.get("name_easy", data["name"]),
        lg_code=data["lg_code"],
        postal_code=data["postal_code"],
        address=data["address"],
        address_en=data.get("address_en", data["address"]),
        phone=data["phone"],
        hours=hours["ja"],
        hours_easy=hours["ja-easy"] or hours["ja"],
        hours_en=hours["en"] or hours["ja"],
        source_url=data.get("source_url", ""),
        unverified=frozenset(data.get("unverified", ())),
        sections=tuple(_section(row, data["phone"], hours) for row in data.get("department", ())),
        open_data=_open_data(data["open_data"]) if "open_data" in data else None,
        navigation_url=data.get("navigation", {}).get("url", ""),
    )


def _open_data(row: dict[str, Any]) -> OpenData:
    return OpenData(
        corporate_number=row["corporate_number"],
        url=row["url"],
        licence=row["licence"],
        licence_url=row["licence_url"],
    )


def _section(row: dict[str, Any], phone: str, hours: LocalText) -> Section:
    return Section(
        code=row["code"],
        name={"ja": row["name"], "ja-easy": row.get("name_easy", ""), "en": row.get("name_en", "")},
        phone=row.get("phone", phone),
        hours={"ja": row["hours"]} if "hours" in row else hours,
        place=row.get("place", ""),
    )
