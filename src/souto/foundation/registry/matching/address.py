"""Splits a typed Japanese address into prefecture, municipality, town, 丁目, number and building.

Problem: the same place is typed as 東京都八王子市元本郷町三丁目24番1号, 八王子市元本郷町３ー２４ー１, 元本郷町3の24の1. Method: tokens (see
`tokens`), longest name of the gazetteer first, one level after the other; what follows the town is read by `number`.
Nothing is thrown away: `original` keeps what was typed, `building` what was left over, `notes` every repair.
The level tells how sure the town is: MATCH (一致), CANDIDATE (候補: something was mended, guessed or is not in the
register; a person looks), NONE (不一致: not even a municipality). Whether a number exists is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from souto.foundation.registry.matching.gazetteer import CityHit, Gazetteer, Municipality, Point, Town, TownHit
from souto.foundation.registry.matching.number import LOT_LETTERS, NO_NUMBER, begins_word, read_number
from souto.foundation.registry.matching.tokens import Kind, Token, prepare, skip_blanks, tokenise
from souto.kernel.text import to_kanji_number

MAX_ADDRESS = 300
"""Addresses longer than this many code points are answered with NONE, unread; the card allows 200."""

_HEAD_REMARK = re.compile(r"^\s*[（(〔][^）)〕]{0,20}[）)〕]\s*")
_POSTAL_HEAD = re.compile(r"^\s*〒?\s*[0-9]{3}\s*[-‐‑–—―−ー－]?\s*[0-9]{4}(?![0-9])\s*")
_QUOTES = "\"'“”「」"
_KYOTO_TURN = re.compile("上[るルが]|下[るルが]|[東西]入[るル]?")
_PLAIN_KOAZA = re.compile("[぀-ゟ一-鿿々ヶケノ㐀-䶿]{1,10}")


_MOST_CHOME = 30  # a first number above it is a 番地: only Hokkaido has more 丁目, and there they are written out
_COUNTED_KOAZA = ("地割", "番町", "番丁")
_NO_TOWN = Town("", has_chome=False, has_koaza=False)


class MatchLevel(Enum):
    """How far the town is certain; the value is the word on a staff page."""

    MATCH = "一致"
    CANDIDATE = "候補"
    NONE = "不一致"


class Note(Enum):
    """What was mended, guessed or not found; the value is for a person."""

    CITY_ASSUMED = "市区町村が書かれていないため、町名から補いました。"
    CITY_AMBIGUOUS = "同じ名前の市区町村がほかにもあります。"
    WARD_MISSING = "区が書かれていません。"
    TOWN_UNKNOWN = "町名が台帳にありません。"
    TOWN_MISSING = "町名が書かれていません。"
    TOWN_COMPLETED = "町名の終わりの「町」などを補いました。"
    LOST_CHARACTER = "読み取れない文字を補いました。"
    SPELLING = "町名の書き方が台帳と少し違います。"
    CHOME_UNKNOWN = "この丁目は台帳で確かめられません。"
    CHOME_MISSING = "丁目が書かれていません。"
    CHOME_NOT_USED = "この町に丁目はありません。番地として読みました。"
    NUMBER_UNREAD = "番地を読み取れませんでした。"
    KOAZA_UNKNOWN = "小字は台帳で確かめられません。"
    TOO_LONG = "住所が長すぎます。"


@dataclass(frozen=True, slots=True)
class NormalisedAddress:
    """The parts of an address. Unknown parts are "" or None.

    `municipality` is written as the register writes it (`胆沢郡金ケ崎町`, `札幌市北区`); `county`, `city`, `ward` are its parts.
    `lg_code` 6 digits; `street` is the crossing written before a town of old Kyoto; `number` hyphenated without 番地; `point` latitude and longitude in degrees, of the town part, where
    the city's table has one; `postal_codes` those of the town.
    """

    original: str
    level: MatchLevel = MatchLevel.NONE
    prefecture: str = ""
    municipality: str = ""
    county: str = ""
    city: str = ""
    ward: str = ""
    lg_code: str = ""
    street: str = ""
    town: str = ""
    chome: int | None = None
    koaza: str = ""
    number: str = ""
    building: str = ""
    notes: tuple[Note, ...] = ()
    point: Point | None = None
    postal_codes: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    """Other municipalities that the text may mean, as `東京都府中市`."""

    @property
    def chome_text(self) -> str:
        """`三丁目`, or ""."""
        return f"{to_kanji_number(self.chome)}丁目" if self.chome else ""

    @property
    def town_text(self) -> str:
        """`元本郷町三丁目`: town, 丁目 and 小字."""
        return f"{self.town}{self.chome_text}{self.koaza}"

    @property
    def line(self) -> str:
        """The address without its building: `東京都八王子市元本郷町三丁目24-1`."""
        return f"{self.prefecture}{self.municipality}{self.street}{self.town_text}{self.number}"

    @property
    def text(self) -> str:
        """The whole address, the building after a full-width blank."""
        return f"{self.line}\u3000{self.building}" if self.building else self.line


def normalise(text: str, gazetteer: Gazetteer, *, home: str = "") -> NormalisedAddress:
    """Split an address; `home` is the code (6 digits) of the municipality to prefer when none is named."""
    if len(text) > MAX_ADDRESS:
        return NormalisedAddress(text[:MAX_ADDRESS], notes=(Note.TOO_LONG,))
    prepared = _without_head(prepare(text)).strip().strip(_QUOTES)
    tokens = tokenise(prepared)
    reading = _Reading(gazetteer, prepared, tokens, home)
    return replace(reading.address(), original=text)


def _without_head(text: str) -> str:
    """Without a remark in brackets and a postal code at the beginning."""
    return _POSTAL_HEAD.sub("", _HEAD_REMARK.sub("", text))


@dataclass(frozen=True, slots=True)
class _Place:
    """How far the text was understood: municipality, perhaps a town, and the index behind them."""

    municipality: Municipality
    town: TownHit | None
    end: int
    notes: tuple[Note, ...]
    alternatives: tuple[Municipality, ...] = ()
    named: bool = True
    """False for a designated city without its ward."""


@dataclass(frozen=True, slots=True)
class _Reading:
    gazetteer: Gazetteer
    prepared: str
    tokens: tuple[Token, ...]
    home: str

    def address(self) -> NormalisedAddress:
        at = skip_blanks(self.tokens, 0)
        prefecture = self.gazetteer.find_prefecture(self.tokens, at)
        after = prefecture[1].end if prefecture else at
        bridged = bool(prefecture and prefecture[1].bridged)
        city = self.gazetteer.find_city(self.tokens, after, prefecture[0] if prefecture else None)
        place = self._best(city) if city else self._without_city(after, prefecture[0] if prefecture else None)
        if place is None:
            return NormalisedAddress("", prefecture=prefecture[0] if prefecture else "", building=self._rest(after))
        if bridged:
            place = replace(place, notes=(*place.notes, Note.LOST_CHARACTER))
        return self._parts(place)

    def _best(self, city: CityHit) -> _Place:
        """Among municipalities of one name: the one whose town stands next, then home, then one of its prefecture."""
        home = self.gazetteer.municipality(self.home)

        def rank(item: tuple[Municipality, TownHit | None]) -> tuple[int, bool, bool]:
            one, town = item
            return (town.hit.end if town else -1, one == home, bool(home and one.prefecture == home.prefecture))

        towns = [(one, self._town(city.hit.end, one)) for one in city.municipalities]
        one, town = max(towns, key=rank)
        end = town.hit.end if town else city.hit.end
        rivals = [
            other for other, hit in towns if other is not one and (hit.hit.end if hit else -1) == (end if town else -1)
        ]
        notes: list[Note] = []
        if not city.whole:
            notes.append(Note.WARD_MISSING)
        elif rivals:
            notes.append(Note.CITY_AMBIGUOUS)
        if city.hit.bridged:
            notes.append(Note.LOST_CHARACTER)
        certain = city.whole or town is not None
        return _Place(one, town, end, tuple(notes), tuple(rivals), named=certain)

    def _town(self, at: int, municipality: Municipality) -> TownHit | None:
        found = self.gazetteer.find_town(self.tokens, at, municipality)
        if found or not municipality.name.startswith("京都市"):
            return found
        # In the old town of Kyoto the crossing of two streets stands before the town: 下立売通新町西入薮ノ内町.
        for turn in reversed(list(_KYOTO_TURN.finditer(self.prepared))):
            index = next((n for n, token in enumerate(self.tokens) if token.start >= turn.end()), None)
            found = self.gazetteer.find_town(self.tokens, index, municipality) if index is not None else None
            if found and index is not None:
                street = self.prepared[self.tokens[at].start : self.tokens[index].start].strip()
                return replace(found, street=street)
        return None

    def _without_city(self, at: int, prefecture: str | None) -> _Place | None:
        """No municipality is named: try the home one, then a town that only one municipality has."""
        home = self.gazetteer.municipality(self.home)
        if home and prefecture in (None, home.prefecture):
            town = self._town(at, home)
            if town and town.hit.length > 1:
                return _Place(home, town, town.hit.end, (Note.CITY_ASSUMED,))
        found = [
            (one, hit)
            for one, hit in self.gazetteer.find_town_anywhere(self.tokens, at)
            if prefecture in (None, one.prefecture)
        ]
        if not found:
            return None
        one, town = found[0]
        others = tuple(other for other, _ in found[1:])
        if others:
            return None
        return _Place(one, town, town.hit.end, (Note.CITY_ASSUMED,))

    def _parts(self, place: _Place) -> NormalisedAddress:
        notes = list(place.notes)
        one, hit = place.municipality, place.town
        base = NormalisedAddress(
            "",
            prefecture=one.prefecture,
            municipality=one.name if place.named else one.city,
            county=one.county,
            city=one.city,
            ward=one.ward if place.named else "",
            lg_code=one.lg_code if place.named else "",
            alternatives=tuple(f"{other.prefecture}{other.name}" for other in place.alternatives),
        )
        if hit is None:
            koaza, at = self._koaza(_NO_TOWN, place.end, notes)
            number = read_number(self.tokens, self.prepared, at, most=3)
            rest = self._rest(number.end)
            if koaza or (rest and not number.text):
                notes.append(Note.TOWN_UNKNOWN)
            elif self.gazetteer.towns(one):
                notes.append(Note.TOWN_MISSING)
            level = MatchLevel.CANDIDATE if notes else MatchLevel.MATCH
            return replace(base, level=level, koaza=koaza, number=number.text, building=rest, notes=tuple(notes))
        if hit.completed:
            notes.append(Note.TOWN_COMPLETED)
        if hit.hit.bridged:
            notes.append(Note.LOST_CHARACTER)
        if hit.hit.dropped:
            notes.append(Note.SPELLING)
        chome, at = self._chome(hit.town, place.end, notes)
        koaza, at = self._koaza(hit.town, at, notes)
        number = read_number(self.tokens, self.prepared, at, most=2 if chome else 3)
        if hit.town.is_fine and chome is None and number.text and hit.town.point(None, koaza) is None:
            notes.append(Note.CHOME_MISSING)
        if not number.text and at < len(self.tokens) and self.tokens[at].kind is not Kind.SPACE and self._rest(at):
            notes.append(Note.NUMBER_UNREAD)
        return replace(
            base,
            level=MatchLevel.CANDIDATE if notes else MatchLevel.MATCH,
            street=hit.street,
            town=hit.town.name,
            chome=chome,
            koaza=koaza,
            number=number.text,
            building=self._rest(number.end),
            notes=tuple(dict.fromkeys(notes)),
            point=hit.town.point(chome, koaza),
            postal_codes=hit.town.codes,
        )

    def _chome(self, town: Town, at: int, notes: list[Note]) -> tuple[int | None, int]:
        """The 丁目 behind a town: written out, or the first of several joined numbers where the town is divided."""
        index = skip_blanks(self.tokens, at)
        value = self.tokens[index].number if index < len(self.tokens) else None
        if not value:
            return None, at
        written = self._word(index + 1, "丁目") or self._word(index + 1, "丁")
        known = town.knows_chome(value)
        if written and known is False:
            if self._number_at(written) or written >= len(self.tokens):
                notes.append(Note.CHOME_UNKNOWN if town.has_chome else Note.CHOME_NOT_USED)
                return (value, written) if town.has_chome else (None, at)
            notes.append(Note.CHOME_UNKNOWN)
        if written:
            return value, written
        if known is False or not town.has_chome or value > _MOST_CHOME:
            return None, at
        joint = skip_blanks(self.tokens, index + 1)
        joined = joint < len(self.tokens) and (self.tokens[joint].kind is Kind.DASH or self.tokens[joint].key == "ノ")
        return (value, joint + 1) if joined and self._number_at(joint + 1) else (None, at)

    def _number_at(self, at: int) -> bool:
        at = skip_blanks(self.tokens, at)
        return at < len(self.tokens) and self.tokens[at].number is not None

    def _koaza(self, town: Town, at: int, notes: list[Note]) -> tuple[str, int]:
        """The 小字 between town and number: a known one, `字…`, `4地割`, or plain characters right before a number."""
        counted = self._counted_koaza(at)
        if counted:
            notes.append(Note.KOAZA_UNKNOWN)
            return counted
        marked = self._word(at, "小字") or self._word(at, "字")
        index = stop = marked or at
        while stop < len(self.tokens) and self._is_letter(self.tokens[stop]):
            stop += 1
        written = self.prepared[self.tokens[index].start : self.tokens[stop - 1].end] if stop > index else ""
        if written and any(written == koaza for _, koaza in town.points):
            return written, stop
        if written in (*NO_NUMBER, *LOT_LETTERS, "の", "ノ") or not _PLAIN_KOAZA.fullmatch(written):
            return "", at
        if not marked and not (self._number_at(stop) and read_number(self.tokens, self.prepared, stop, most=3).text):
            return "", at
        notes.append(Note.KOAZA_UNKNOWN)
        return written, stop

    def _counted_koaza(self, at: int) -> tuple[str, int] | None:
        """`第10地割`, `1番町`."""
        start = self._word(at, "第") or at
        number = self.tokens[start].number if start < len(self.tokens) else None
        ends = [self._word(start + 1, word) for word in _COUNTED_KOAZA] if number is not None else []
        end = next((found for found in ends if found), None)
        if end is None:
            return None
        return self.prepared[self.tokens[at].start : self.tokens[end - 1].end], end

    def _is_letter(self, token: Token) -> bool:
        return token.kind is Kind.CHARACTER or begins_word(token, self.prepared)

    def _word(self, at: int, word: str) -> int | None:
        """The index behind a word that stands at token `at`, or None."""
        index = skip_blanks(self.tokens, at)
        if index >= len(self.tokens) or not self.prepared.startswith(word, self.tokens[index].start):
            return None
        end = self.tokens[index].start + len(word)
        while index < len(self.tokens) and self.tokens[index].start < end:
            index += 1
        return index

    def _rest(self, at: int) -> str:
        if at >= len(self.tokens):
            return ""
        return self.prepared[self.tokens[at].start :].strip().lstrip("-‐‑–—−ーのノ,、").strip()


def agree(a: NormalisedAddress, b: NormalisedAddress) -> MatchLevel:
    """Do two addresses name the same place, as far as the register knows? Buildings are not compared.

    MATCH: town, 丁目, 小字 and number are equal and both certain. CANDIDATE: same municipality and town, the rest
    differs or is uncertain; or too little is known. NONE: another municipality or another town.
    """
    if not a.lg_code or not b.lg_code or not a.town or not b.town:
        different = a.lg_code and b.lg_code and a.lg_code != b.lg_code
        return MatchLevel.NONE if different else MatchLevel.CANDIDATE
    if (a.lg_code, a.town) != (b.lg_code, b.town):
        return MatchLevel.NONE
    same = (a.chome, a.koaza, a.number) == (b.chome, b.koaza, b.number)
    certain = a.level is b.level is MatchLevel.MATCH
    return MatchLevel.MATCH if same and certain else MatchLevel.CANDIDATE


def parts_of_town(name: str) -> tuple[str, int | None]:
    """`暁町一丁目` as (`暁町`, 1); a name without 丁目 as it is. 八丁目 alone is a town's name."""
    match = re.fullmatch(r"(?P<town>.+?)(?P<chome>[0-9０-９]+|[一二三四五六七八九十]+)丁目", name)
    if not match:
        return name, None
    values: Sequence[Token] = tokenise(prepare(match["chome"]))
    value = values[0].number if len(values) == 1 else None
    return (match["town"], value) if value else (name, None)
