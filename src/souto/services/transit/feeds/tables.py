"""Tables of a feed: rows as they stand, with their line numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from souto.services.transit.feeds.notices import Findings

csv.field_size_limit(1_000_000)


@dataclass(frozen=True, slots=True)
class Table:
    """A file: names of columns, rows of as many texts each (blanks around them removed), and the line on which each row begins."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, field: str) -> list[str]:
        """All values of a column; empty texts where the file has no such column."""
        if field not in self.header:
            return [""] * len(self.rows)
        place = self.header.index(field)
        return [row[place] for row in self.rows]

    def records(self) -> Iterator[dict[str, str]]:
        """Each row by name of column."""
        for row in self.rows:
            yield dict(zip(self.header, row, strict=True))


def parse(name: str, text: str, findings: Findings) -> Table:
    """A table out of the text of a file. A damaged row is noted and kept as far as it goes; after one that is no CSV at all nothing more is read."""
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), strict=True)
    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    padded: dict[str, tuple[int, str]] = {}
    line = 0
    try:
        for values in reader:
            first, line = line + 1, reader.line_num
            if not values or (len(values) == 1 and not values[0].strip()):
                continue
            if not header:
                header = _header(name, values, findings)
                continue
            if len(values) != len(header):
                findings.add("wrong_number_of_columns", name, first, value=len(values))
                values = [*values[: len(header)], *[""] * (len(header) - len(values))]
            clean = tuple(value.strip() for value in values)
            if any(len(a) != len(b) for a, b in zip(values, clean, strict=True)):
                for column, before, after in zip(header, values, clean, strict=True):
                    if before != after:
                        padded.setdefault(column, (first, before))
            rows.append(clean)
            lines.append(first)
    except csv.Error as fault:
        findings.add("bad_csv", name, line + 1, value=fault)
    if not header:
        findings.add("no_header", name)
    for column, (first, value) in padded.items():
        findings.add("blanks_around_value", name, first, column, f"「{value}」")
    return Table(name, *_without_repeats(header, rows), tuple(lines))


def _header(name: str, values: list[str], findings: Findings) -> tuple[str, ...]:
    header = tuple(value.strip().strip("\ufeff") for value in values)
    for column in {column for column in header if header.count(column) > 1}:
        findings.add("repeated_column", name, 1, column, column)
    return header


def _without_repeats(
    header: tuple[str, ...], rows: list[tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    if len(set(header)) == len(header):
        return header, tuple(rows)
    kept = [place for place, column in enumerate(header) if header.index(column) == place]
    return tuple(header[place] for place in kept), tuple(tuple(row[place] for place in kept) for row in rows)
