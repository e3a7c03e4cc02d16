"""A declared table for core systems that take a line of CSV: which column comes from where, and in which encoding."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from souto.kernel.errors import SoutoError

Encoding = Literal["utf-8", "shift_jis"]
#: Windows' Shift_JIS, which is what core systems mean by the name.
_CODECS: dict[str, str] = {"utf-8": "utf-8", "shift_jis": "cp932"}


class UnwritableCharacterError(SoutoError):
    """A value holds a character that the encoding lacks: nothing is replaced in silence."""

    message = (
        "「%(column)s」の文字「%(character)s」は、連携先の文字コードにありません。連携先の担当と扱いを決めてください。"
    )


@dataclass(frozen=True, slots=True)
class Column:
    """`source`: `answer:PATH` (as displayed), `application:KEY` (number, procedure, submitted_on …) or `text:WORDS`."""

    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The table of one procedure: a header and one line, CRLF, quoted where needed."""

    columns: Sequence[Column]
    encoding: Encoding = "utf-8"
    header: bool = True
    name: str = "table.csv"

    def write(self, *, application: Mapping[str, object], answers: Mapping[str, str]) -> bytes:
        """The file's bytes; raises `UnwritableCharacterError`. What was not answered is an empty cell."""
        values = [self._value(c, application, answers) for c in self.columns]
        for column, value in zip(self.columns, values, strict=True):
            self._check(column, value)
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\r\n")
        if self.header:
            writer.writerow([c.title for c in self.columns])
        writer.writerow(values)
        return out.getvalue().encode(_CODECS[self.encoding])

    def _value(self, column: Column, application: Mapping[str, object], answers: Mapping[str, str]) -> str:
        kind, _, rest = column.source.partition(":")
        if kind == "text":
            return rest
        found = answers.get(rest, "") if kind == "answer" else application.get(rest, "")
        return str(found)

    def _check(self, column: Column, value: str) -> None:
        for character in value:
            try:
                character.encode(_CODECS[self.encoding])
            except UnicodeEncodeError:
                raise UnwritableCharacterError(column=column.title, character=character) from None
