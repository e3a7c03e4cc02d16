"""Reading a feed whole: every row is kept, and what is wrong is noted beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from souto.services.transit.feeds import rules
from souto.services.transit.feeds.archive import Limits, decode, unpack
from souto.services.transit.feeds.notices import Findings, Notice, Severity
from souto.services.transit.feeds.spec import CORE, GONE_IN_JP4, REQUIRED, SPEC, Profile
from souto.services.transit.feeds.tables import Table, parse
from souto.services.transit.feeds.values import CHECKS


@dataclass(frozen=True)
class Feed:
    """A feed as it was read: tables by file name, the areas of `locations.geojson`, and what was found."""

    tables: Mapping[str, Table]
    locations: Mapping[str, Any] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()

    def table(self, name: str) -> Table:
        """A table; an empty one where the feed has none."""
        return self.tables.get(name) or Table(name, (), (), ())

    @property
    def errors(self) -> tuple[Notice, ...]:
        """Only what cannot be used."""
        return tuple(notice for notice in self.notices if notice.severity is Severity.ERROR)


def read_feed(source: bytes | Path, profile: Profile = Profile.JP3, limits: Limits | None = None) -> Feed:
    """Read a GTFS, GTFS-JP or GTFS-Flex feed from a zip (bytes or a path).

    Nothing is repaired silently and nothing is dropped: rows stay as they stand, values that are none are noted with file, line, field and meaning.

    Raises:
        ArchiveError: the zip cannot be read or is larger than allowed.
    """
    findings = Findings()
    data = source.read_bytes() if isinstance(source, Path) else source
    files = unpack(data, limits or Limits(), findings)
    tables: dict[str, Table] = {}
    locations: dict[str, Any] = {}
    for name, content in sorted(files.items()):
        if name == "locations.geojson":
            locations = _locations(decode(name, content, findings), findings)
        elif name in SPEC:
            tables[name] = parse(name, decode(name, content, findings), findings)
        else:
            findings.add("unknown_file", name)
    _files(tables, bool(locations), profile, findings)
    for table in tables.values():
        _columns(table, profile, findings)
        _keys(table, findings)
    _references(tables, findings)
    rules.check(tables, locations, profile, findings)
    return Feed(tables, locations, findings.all())


def _locations(text: str, findings: Findings) -> dict[str, Any]:
    """The areas by their id."""
    name = "locations.geojson"
    found: dict[str, Any] = {}
    try:
        for feature in json.loads(text)["features"]:
            if feature["geometry"]["type"] not in {"Polygon", "MultiPolygon"}:
                findings.add("bad_geojson", name, value=feature["geometry"]["type"])
            if str(feature["id"]) in found:
                findings.add("repeated_key", name, field="id", value=feature["id"])
            found[str(feature["id"])] = feature
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        findings.add("bad_geojson", name, value=fault)
    return found


def _files(tables: Mapping[str, Table], has_locations: bool, profile: Profile, findings: Findings) -> None:  # noqa: FBT001
    for name in CORE:
        if name not in tables and not (name == "stops.txt" and has_locations):
            findings.add("missing_file", name)
    if "calendar.txt" not in tables and "calendar_dates.txt" not in tables:
        findings.add("missing_calendar", "calendar.txt")
    for name in REQUIRED[profile]:
        if name.count(".") == 1 and name not in tables:
            findings.add("missing_jp_file", name)
    if profile is Profile.JP4:
        for name in sorted(GONE_IN_JP4 & tables.keys()):
            findings.add("former_file", name)
    for name, table in tables.items():
        if table.header and not table.rows:
            findings.add("empty_file", name)


def _columns(table: Table, profile: Profile, findings: Findings) -> None:
    """Every column: is it known, does each row that needs a value have one, is each value one? Each distinct value is looked at once."""
    spec = SPEC[table.name].fields
    asked = {name.rpartition(".")[2] for name in REQUIRED[profile] if name.startswith(f"{table.name}.")}
    for column in table.header:
        if column and column not in spec:
            findings.add("unknown_column", table.name, 1, column, column)
    for column, rule in spec.items():
        needed, jp = rule.required, column in asked
        if column not in table.header:
            if table.rows and (needed or jp):
                findings.add("missing_column" if needed else "missing_jp_column", table.name, 1, column)
            continue
        values = table.column(column)
        distinct = set(values)
        if "" in distinct and (needed or jp):
            empty = [(line, "") for line, value in zip(table.lines, values, strict=True) if not value]
            findings.add_lines("missing_value" if needed else "missing_jp_column", table.name, empty, column)
        distinct.discard("")
        code, wrong = _wrong(rule.kind, rule.values, distinct)
        if wrong:
            lines = [(n, value) for n, value in zip(table.lines, values, strict=True) if value in wrong]
            findings.add_lines(code, table.name, lines, column)


def _wrong(kind: str, allowed: frozenset[str], distinct: set[str]) -> tuple[str, set[str]]:
    if kind == "enum":
        return "not_an_option", distinct - allowed
    if kind not in CHECKS:
        return "", set()
    code, is_one = CHECKS[kind]
    return code, {value for value in distinct if not is_one(value)}


def _keys(table: Table, findings: Findings) -> None:
    key = SPEC[table.name].key
    if not key or any(column not in table.header for column in key):
        return
    seen: set[tuple[str, ...]] = set()
    for line, values in zip(table.lines, zip(*(table.column(column) for column in key), strict=True), strict=True):
        if values in seen:
            findings.add("repeated_key", table.name, line, key[0], " ".join(values))
        seen.add(values)


def _references(tables: Mapping[str, Table], findings: Findings) -> None:
    there: dict[tuple[str, str], set[str]] = {}
    for table in tables.values():
        for column, rule in SPEC[table.name].fields.items():
            if rule.refers_to is None or column not in table.header:
                continue
            target, named = rule.refers_to
            if rule.refers_to not in there:
                there[rule.refers_to] = set(tables[target].column(named)) if target in tables else set()
            values = table.column(column)
            lost = set(values) - there[rule.refers_to] - {""}
            if column == "prior_notice_service_id":
                lost -= (
                    set(tables["calendar_dates.txt"].column("service_id")) if "calendar_dates.txt" in tables else set()
                )
            if lost:
                lines = [(n, v) for n, v in zip(table.lines, values, strict=True) if v in lost]
                findings.add_lines("broken_reference", table.name, lines, column)
