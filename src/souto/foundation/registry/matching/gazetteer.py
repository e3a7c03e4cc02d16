"""The places of Japan to match against: all municipalities and towns of the postal book, and the fine towns of a city.

A fine town (町丁目 with a point) comes from the city's own table; it knows which 丁目 exist, the postal book only whether
some exist.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from souto.foundation.registry.codes import lg_code_of
from souto.foundation.registry.matching.postal import PostalBook
from souto.foundation.registry.matching.tokens import Hit, Kind, Token, find_name, name_pattern, place_key, skip_blanks

_COUNTY = re.compile(r"(?P<county>.+?郡)(?P<rest>.+[町村])")
_WARD = re.compile(r"(?P<city>.+?市)(?P<ward>.+区)")

_LONGEST_NAME = 24  # tokens of a town's name that are looked up without its municipality

Point = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality: `name` as the postal book writes it (`胆沢郡金ケ崎町`, `札幌市北区`), `lg_code` of 6 digits."""

    prefecture: str
    name: str
    lg_code: str

    @property
    def county(self) -> str:
        """`胆沢郡`, or ""."""
        match = _COUNTY.fullmatch(self.name)
        return match["county"] if match else ""

    @property
    def ward(self) -> str:
        """The ward of a designated city (`北区`), or ""; a ward of Tokyo is a municipality, not a ward."""
        match = _WARD.fullmatch(self.name)
        return match["ward"] if match else ""

    @property
    def city(self) -> str:
        """The name without county and ward: `金ケ崎町`, `札幌市`."""
        return self.name.removeprefix(self.county).removesuffix(self.ward)


@dataclass(frozen=True, slots=True)
class FineTown:
    """A 町丁目 of the city's own table. `chome` is None where the town is not divided; `koaza` is "" mostly."""

    lg_code: str
    name: str
    chome: int | None
    koaza: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Town:
    """A town with all that is known of its parts; `points` maps (丁目 or None, 小字) to the point of that part."""

    name: str
    has_chome: bool
    has_koaza: bool
    codes: tuple[str, ...] = ()
    points: dict[tuple[int | None, str], Point] = field(default_factory=dict)

    @property
    def is_fine(self) -> bool:
        """Whether the city's own table knows the parts of this town."""
        return bool(self.points)

    def knows_chome(self, chome: int) -> bool | None:
        """Whether a 丁目 exists; None where nobody knows."""
        if self.is_fine:
            return any(known == chome for known, _ in self.points)
        return None if self.has_chome else False

    def point(self, chome: int | None, koaza: str) -> Point | None:
        """The point of the part, else of its 丁目, else of the town as a whole if it is not divided."""
        return self.points.get((chome, koaza)) or self.points.get((chome, ""))


@dataclass(frozen=True, slots=True)
class CityHit:
    """Municipalities whose name stands at a place of the text; several share one name (府中市, 中央区)."""

    municipalities: tuple[Municipality, ...]
    hit: Hit
    whole: bool
    """False when only the city of a designated city was named (札幌市, without its ward)."""


@dataclass(frozen=True, slots=True)
class TownHit:
    """A town whose name stands at a place of the text."""

    town: Town
    hit: Hit
    completed: bool = False
    """True when the text left out the 町, 村 or 番町 at the end of the name."""
    street: str = ""
    """The crossing of streets written before a town of old Kyoto (寺町通御池上る)."""


class Gazetteer:
    """Names to match against. Building one is cheap; towns are read when their municipality is first asked for."""

    def __init__(self, book: PostalBook, fine: Iterable[FineTown] = ()) -> None:
        self._book = book
        self._fine: dict[str, list[FineTown]] = defaultdict(list)
        for town in fine:
            self._fine[town.lg_code].append(town)
        self._towns: dict[str, tuple[Town, ...]] = {}

    @cached_property
    def municipalities(self) -> tuple[Municipality, ...]:
        """All municipalities of Japan."""
        return tuple(Municipality(pref, name, lg_code_of(five)) for pref, name, five in self._book.municipalities)

    @cached_property
    def prefectures(self) -> tuple[str, ...]:
        """The 47 prefectures."""
        return tuple(dict.fromkeys(one.prefecture for one in self.municipalities))

    def municipality(self, lg_code: str) -> Municipality | None:
        """The municipality of a code."""
        return next((one for one in self.municipalities if one.lg_code == lg_code), None)

    @cached_property
    def _spellings(self) -> tuple[tuple[tuple[str, ...], Municipality, bool], ...]:
        """Every way to write a municipality: in full, without its county, without its ward."""
        return tuple(
            (name_pattern(written), one, whole)
            for one in self.municipalities
            for written, whole in (
                (one.name, True),
                *(((one.name.removeprefix(one.county), True),) if one.county else ()),
                *(((one.city, False),) if one.ward else ()),
            )
        )

    def find_prefecture(self, tokens: Sequence[Token], at: int) -> tuple[str, Hit] | None:
        """The prefecture whose name stands at `at`."""
        for prefecture in self.prefectures:
            hit = find_name(name_pattern(prefecture), tokens, at)
            if hit:
                return prefecture, hit
        return None

    def find_city(self, tokens: Sequence[Token], at: int, prefecture: str | None) -> CityHit | None:
        """The longest municipality name at `at`, inside a prefecture if one is given."""
        found: list[tuple[Hit, Municipality, bool]] = []
        for pattern, one, whole in self._spellings:
            if prefecture in (None, one.prefecture):
                hit = find_name(pattern, tokens, at)
                if hit and hit.length > hit.bridged:
                    found.append((hit, one, whole))
        if not found:
            return None
        best = max(found, key=lambda item: (item[0].end, item[0].length, item[2]))
        same = [one for hit, one, whole in found if (hit, whole) == (best[0], best[2])]
        return CityHit(tuple(dict.fromkeys(same)), best[0], best[2])

    def towns(self, municipality: Municipality) -> tuple[Town, ...]:
        """The towns of a municipality, the postal book's and the fine ones as one list."""
        known = self._towns.get(municipality.lg_code)
        if known is None:
            known = self._towns[municipality.lg_code] = self._merge(municipality)
        return known

    def _merge(self, municipality: Municipality) -> tuple[Town, ...]:
        towns: dict[str, Town] = {}
        for entry in self._book.towns(municipality.prefecture, municipality.name):
            towns.setdefault(place_key(entry.name), Town(entry.name, entry.has_chome, entry.has_koaza, entry.codes))
        for part in self._fine.get(municipality.lg_code, ()):
            key = place_key(part.name)
            town = towns.get(key) or Town(part.name, has_chome=False, has_koaza=False)
            towns[key] = replace(
                town,
                name=part.name,
                has_chome=town.has_chome or part.chome is not None,
                has_koaza=town.has_koaza or bool(part.koaza),
                points=town.points | {(part.chome, part.koaza): (part.lat, part.lon)},
            )
        return tuple(towns.values())

    def find_town(self, tokens: Sequence[Token], at: int, municipality: Municipality) -> TownHit | None:
        """The longest town name at `at`; with 大字 or 字 before it, or without its last 町 or 村."""
        best: TownHit | None = None
        for town in self.towns(municipality):
            for start in _town_starts(tokens, at):
                found = _town_at(town, tokens, start)
                if found and (best is None or _rank(found) > _rank(best)):
                    best = found
        return best

    def find_town_anywhere(self, tokens: Sequence[Token], at: int) -> list[tuple[Municipality, TownHit]]:
        """Every municipality of Japan with a town whose name stands at `at`, as long as possible."""
        keys = tuple(token.key for token in tokens[at : at + 40] if token.kind is not Kind.SPACE)
        for length in range(min(len(keys), _LONGEST_NAME), 1, -1):
            codes = self._index.get("".join(keys[:length]), ())
            if codes:
                owners = [one for one in self.municipalities if one.lg_code in codes]
                hits = [(one, self.find_town(tokens, at, one)) for one in owners]
                return [(one, hit) for one, hit in hits if hit]
        return []

    @cached_property
    def _index(self) -> dict[str, frozenset[str]]:
        """Town keys to the codes of their municipalities; takes about two seconds, once, when first needed."""
        owners: dict[str, set[str]] = defaultdict(set)
        codes = {(one.prefecture, one.name): one.lg_code for one in self.municipalities}
        for prefecture, city, name in self._book.all_towns():
            owners[place_key(name)].add(codes[prefecture, city])
        for lg_code, parts in self._fine.items():
            for part in parts:
                owners[place_key(part.name)].add(lg_code)
        return {key: frozenset(found) for key, found in owners.items()}


def _town_starts(tokens: Sequence[Token], at: int) -> tuple[int, ...]:
    """`at`, and after 大字 or 字."""
    for head in (("大", "字"), ("字",)):
        hit = find_name(head, tokens, at)
        if hit and not hit.repaired and hit.end < len(tokens):
            return at, hit.end
    return (at,)


def _town_at(town: Town, tokens: Sequence[Token], at: int) -> TownHit | None:
    pattern = name_pattern(town.name)
    hit = find_name(pattern, tokens, at)
    if hit and hit.length > hit.bridged:
        return TownHit(town, hit)
    if len(pattern) > 2 and pattern[-1] in ("町", "村"):
        short = find_name(pattern[:-1], tokens, at)
        if short and not short.repaired and _stands_before(tokens, short.end, Kind.NUMBER):
            return TownHit(town, short, completed=True)
    if len(pattern) > 3 and pattern[-2:] == ("番", "町"):
        short = find_name(pattern[:-2], tokens, at)
        if short and not short.repaired and _stands_before(tokens, short.end, Kind.DASH):
            return TownHit(town, short, completed=True)
    return None


def _stands_before(tokens: Sequence[Token], at: int, kind: Kind) -> bool:
    at = skip_blanks(tokens, at)
    return at < len(tokens) and tokens[at].kind is kind


def _rank(found: TownHit) -> tuple[int, bool, int]:
    return found.hit.end, not found.completed, found.hit.length
