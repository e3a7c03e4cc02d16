"""What is wrong in a feed: file, line, field, value and what it means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum


class Severity(IntEnum):
    """How bad it is."""

    INFO = 0  # worth knowing
    WARNING = 1  # against the rules, and nothing is lost
    ERROR = 2  # a row or a value cannot be used


def gettext_noop(text: str) -> str:
    """Marks a text for translation; engines do not translate."""
    return text


#: Severity and meaning of each code; `value` and `more` fill their places.
MEANINGS: dict[str, tuple[Severity, str]] = {
    "missing_file": (Severity.ERROR, gettext_noop("必要なファイルがありません。")),
    "missing_jp_file": (Severity.WARNING, gettext_noop("標準的なバス情報フォーマットで必要なファイルがありません。")),
    "missing_calendar": (
        Severity.ERROR,
        gettext_noop("calendar.txtもcalendar_dates.txtもないため、運行日が分かりません。"),
    ),
    "unknown_file": (Severity.INFO, gettext_noop("仕様にないファイルです。読みません。")),
    "former_file": (Severity.INFO, gettext_noop("第4版で標準から外れたファイルです。")),
    "in_folder": (
        Severity.WARNING,
        gettext_noop("ファイルがフォルダーの中にあります。zipの直下に置いてください。"),
    ),
    "not_utf8": (
        Severity.WARNING,
        gettext_noop("文字コードがUTF-8ではありません（%(value)sとして読みました）。UTF-8で保存してください。"),
    ),
    "undecodable": (Severity.ERROR, gettext_noop("文字コードが分からず、一部の文字を読めません。")),
    "empty_file": (Severity.INFO, gettext_noop("データの行がありません。")),
    "no_header": (Severity.ERROR, gettext_noop("項目名の行がありません。")),
    "repeated_column": (
        Severity.ERROR,
        gettext_noop("同じ項目名が2回あります（%(value)s）。はじめの列だけを読みます。"),
    ),
    "unknown_column": (Severity.INFO, gettext_noop("仕様にない項目です（%(value)s）。")),
    "missing_column": (Severity.ERROR, gettext_noop("必要な項目の列がありません。")),
    "missing_jp_column": (
        Severity.WARNING,
        gettext_noop("標準的なバス情報フォーマットで必要な項目に値がありません。"),
    ),
    "wrong_number_of_columns": (
        Severity.WARNING,
        gettext_noop("列の数が項目名の行と違います（%(value)s列）。足りない値は空として読みます。"),
    ),
    "bad_csv": (Severity.ERROR, gettext_noop("CSVとして読めません（%(value)s）。ここから先を読んでいません。")),
    "blanks_around_value": (
        Severity.WARNING,
        gettext_noop("値の前後に空白があります（%(value)s）。取り除いて読みました。"),
    ),
    "missing_value": (Severity.ERROR, gettext_noop("必要な値が空です。")),
    "not_a_number": (Severity.ERROR, gettext_noop("数ではありません（%(value)s）。")),
    "not_a_date": (
        Severity.ERROR,
        gettext_noop("日付ではありません（%(value)s）。20260401のように8桁で書いてください。"),
    ),
    "not_a_time": (
        Severity.ERROR,
        gettext_noop("時刻ではありません（%(value)s）。08:05:00のように書いてください。24時以降は25:10:00と書けます。"),
    ),
    "not_a_coordinate": (Severity.ERROR, gettext_noop("緯度または経度ではありません（%(value)s）。")),
    "not_an_option": (Severity.ERROR, gettext_noop("選べる値ではありません（%(value)s）。")),
    "not_well_formed": (Severity.WARNING, gettext_noop("書き方が正しくありません（%(value)s）。")),
    "repeated_key": (
        Severity.ERROR,
        gettext_noop("同じ識別子の行がすでにあります（%(value)s）。"),
    ),
    "broken_reference": (Severity.ERROR, gettext_noop("参照先がありません（%(value)s）。")),
    "outside_japan": (
        Severity.WARNING,
        gettext_noop("日本の外の位置です（%(value)s）。緯度と経度が逆ではありませんか。"),
    ),
    "no_position": (Severity.ERROR, gettext_noop("停留所の位置がありません（%(value)s）。")),
    "time_goes_back": (
        Severity.ERROR,
        gettext_noop("前の停留所より早い時刻です（%(value)s）。"),
    ),
    "no_time_at_the_ends": (Severity.ERROR, gettext_noop("始発または終着の停留所に時刻がありません（%(value)s）。")),
    "one_stop_only": (Severity.WARNING, gettext_noop("停留所が1つだけの便です（%(value)s）。")),
    "trip_without_stops": (Severity.WARNING, gettext_noop("停留所の時刻がない便です（%(value)s）。")),
    "dates_reversed": (Severity.ERROR, gettext_noop("終わりの日が始まりの日より前です（%(value)s）。")),
    "unknown_service": (Severity.ERROR, gettext_noop("運行日の定義がありません（%(value)s）。")),
    "window_and_time": (
        Severity.ERROR,
        gettext_noop("予約乗降の時間帯と発着時刻の両方があります。どちらか一方にしてください。"),
    ),
    "window_incomplete": (Severity.ERROR, gettext_noop("予約乗降の時間帯の片方がないか、逆です（%(value)s）。")),
    "place_not_one": (
        Severity.ERROR,
        gettext_noop("stop_id、location_group_id、location_idのうち、ちょうど1つが必要です（%(value)s）。"),
    ),
    "booking_notice": (
        Severity.ERROR,
        gettext_noop("予約方法に合わない項目があるか、必要な項目がありません（%(value)s）。"),
    ),
    "no_reading": (Severity.WARNING, gettext_noop("よみがな（ja-Hrkt）がありません（%(value)s）。")),
    "bad_geojson": (Severity.ERROR, gettext_noop("GeoJSONとして読めません（%(value)s）。")),
    "more_like_this": (Severity.INFO, gettext_noop("同じ種類の指摘が、ほかに%(value)s件あります。")),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One finding. `line`: as an editor counts, from 1; 0 where it belongs to the file as a whole."""

    code: str
    file: str
    line: int = 0
    field: str = ""
    value: str = ""

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return MEANINGS[self.code][0]

    @property
    def meaning(self) -> str:
        """What it means, in Japanese."""
        return MEANINGS[self.code][1] % {"value": self.value}


@dataclass
class Findings:
    """The notices of one reading, in the order of their finding; of one kind in one field at most `most`, the rest is counted."""

    most: int = 200
    notices: list[Notice] = field(default_factory=list)
    _counted: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, code: str, file: str, line: int = 0, field: str = "", value: object = "") -> None:
        """Note one."""
        kind = (code, file, field)
        self._counted[kind] += 1
        if self._counted[kind] <= self.most:
            self.notices.append(Notice(code, file, line, field, str(value)[:200]))

    def add_lines(self, code: str, file: str, lines: Iterable[tuple[int, object]], field: str) -> None:
        """Note several lines of one field: (line, value)."""
        for line, value in lines:
            self.add(code, file, line, field, value)

    def all(self) -> tuple[Notice, ...]:
        """Everything, with a last word on what was only counted."""
        rest = [
            Notice("more_like_this", file, 0, field, f"{code} {count - self.most}")
            for (code, file, field), count in self._counted.items()
            if count > self.most
        ]
        return (*self.notices, *rest)
