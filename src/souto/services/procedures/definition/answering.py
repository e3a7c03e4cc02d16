"""Checking answers: a page as it is posted, and the whole before it is sent. Only the server does this, in this one place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from souto.kernel.language import LocalText
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Answers, Facts, RawData, Value
from souto.services.procedures.definition.evaluation import Evaluation, RowScope
from souto.services.procedures.definition.fields import ComputedField, FieldBase, FileField, GroupField
from souto.services.procedures.definition.problems import FieldProblem, Problem

if TYPE_CHECKING:
    from souto.services.procedures.definition.model import Definition, Page

#: What a field contributes to a page: its value (None: no answer) and the problems found.
_Read = tuple[Value | None, list[tuple[str, FieldProblem]]]


@dataclass(frozen=True)
class PageCheck:
    """One posted page. `values`: what could be read, by key; `answers`: all answers with this page's put in place (what was not
    answered, or is hidden now, taken out); `raw`: what was typed on this page, for showing again.
    """

    values: Mapping[str, Value]
    problems: list[Problem]
    raw: dict[str, list[str]]
    answers: dict[str, Value] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """True when the person can go on."""
        return not self.problems


def with_today(facts: Facts, today: date) -> dict[str, Value]:
    """`facts` with the business date."""
    return {**facts, "today": today.isoformat()}


def check_page(
    definition: Definition, page_key: str, raw: RawData, answers: Answers, *, facts: Facts, today: date
) -> PageCheck:
    """Read what was posted for a page, field by field in order, so that a condition on the same page sees what stands above it.

    What is posted for other pages or for hidden fields is left aside. An answer that cannot be taken leaves no value: the old one goes, because
    the person has just changed it. Raises `UnknownPageError`.
    """
    from souto.services.procedures.definition.model import UnknownPageError

    page = definition.page(page_key)
    known = with_today(facts, today)
    merged = dict(answers)
    found: list[tuple[str, FieldProblem]] = []
    values: dict[str, Value] = {}
    if not Evaluation(definition, merged, known).shows_page(page):
        raise UnknownPageError
    for item in page.fields:
        old = merged.pop(item.key, None)
        scope = Evaluation(definition, {**merged, item.key: old}, known)
        if not scope.shows(item.key) or isinstance(item, ComputedField):
            continue
        value, problems = _read(item, raw, old, definition, merged, known, today)
        found += problems
        if value is not None:
            merged[item.key] = values[item.key] = value
    names = {item.key for item in page.fields}
    typed = {name: list(texts) for name, texts in raw.items() if _top(name) in names}
    return PageCheck(values, [_placed(definition, path, problem, merged) for path, problem in found], typed, merged)


def _read(
    item: FieldBase,
    raw: RawData,
    old: Value | None,
    definition: Definition,
    merged: Answers,
    known: Facts,
    today: date,
) -> _Read:
    fixed = fixed_value(item, known)
    if fixed is not None:
        return fixed, []
    if isinstance(item, GroupField):
        return _read_rows(item, raw, old, definition, merged, known, today)
    return _settle(item, item.key, lambda: item.parse(raw, path=item.key, today=today), old, today)


def _settle(item: FieldBase, path: str, parse: Any, old: Value | None, today: date) -> _Read:
    """The value of one posted field; of an upload, the one that is in place already."""
    try:
        if item.posted:
            return parse(), []
        if old in (None, []):
            return None, ([(path, item.problem(item.missing))] if item.required else [])
        return item.check(old, today=today), []
    except FieldProblem as problem:
        # A file that breaks a rule stays in place, so that the person sees which one to take away.
        return (None if item.posted else old), [(path, problem)]


def _read_rows(
    group: GroupField,
    raw: RawData,
    old: Value | None,
    definition: Definition,
    merged: Answers,
    known: Facts,
    today: date,
) -> _Read:
    before = {row["id"]: row for row in old or () if isinstance(row, dict) and "id" in row}
    rows: list[dict[str, Value]] = []
    found: list[tuple[str, FieldProblem]] = []
    for row_id in group.row_ids(raw, group.key):
        row: dict[str, Value] = {"id": row_id}
        for item in group.fields:
            form = Evaluation(definition, {**merged, group.key: [*rows, row]}, known)
            if not RowScope(form, group, row).shows(item):
                continue
            path = f"{group.key}/{row_id}/{item.key}"
            kept = before.get(row_id, {}).get(item.key)
            value, problems = _settle(item, path, _parser(item, raw, path, today), kept, today)
            found += problems
            if value is not None:
                row[item.key] = value
        rows.append(row)
    try:
        if rows or group.required or group.min_rows:
            group.check_rows(rows)
    except FieldProblem as problem:
        found.insert(0, (group.key, problem))
    return rows or None, found


def _parser(item: FieldBase, raw: RawData, path: str, today: date) -> Any:
    return lambda: item.parse(raw, path=path, today=today)


def check_all(definition: Definition, answers: Answers, *, facts: Facts, today: date) -> list[Problem]:
    """Check every visible field: that required ones are answered, that values keep their rules, that verified ones are still the card's."""
    known = with_today(facts, today)
    scope = Evaluation(definition, answers, known)
    found: list[tuple[str, FieldProblem]] = []
    for _, item in definition.all_fields():
        if scope.shows(item.key):
            found += _check_field(item, answers.get(item.key), scope, known, today)
    return [_placed(definition, path, problem, answers) for path, problem in found]


def _check_field(
    item: FieldBase, value: Value | None, scope: Evaluation, known: Facts, today: date
) -> list[tuple[str, FieldProblem]]:
    if isinstance(item, ComputedField):
        unknown = item.required and scope.value(item.key) is None
        return [(item.key, item.problem(messages.UNREADABLE))] if unknown else []
    fixed = fixed_value(item, known)
    if fixed is not None and value != fixed:
        return [(item.key, item.problem(messages.CARD_DIFFERS if value is not None else item.missing))]
    if isinstance(item, GroupField):
        return _check_rows(item, value, scope, today)
    return _check_one(item, item.key, value, today)


def _check_one(item: FieldBase, path: str, value: Value | None, today: date) -> list[tuple[str, FieldProblem]]:
    if value is None:
        return [(path, item.problem(item.missing))] if item.required else []
    try:
        item.check(value, today=today)
    except FieldProblem as problem:
        return [(path, problem)]
    return []


def _check_rows(
    group: GroupField, value: Value | None, scope: Evaluation, today: date
) -> list[tuple[str, FieldProblem]]:
    if value is None and not group.required and not group.min_rows:
        return []
    try:
        rows = group.check_rows([] if value is None else value)
    except FieldProblem as problem:
        return [(group.key, problem)]
    found = []
    for row in rows:
        place = RowScope(scope, group, row)
        for item in group.fields:
            if place.shows(item):
                found += _check_one(item, f"{group.key}/{row['id']}/{item.key}", row.get(item.key), today)
    return found


def clean(definition: Definition, answers: Answers, facts: Facts) -> dict[str, Value]:
    """The answers that count, in the order of the definition: hidden and unknown ones are gone, verified ones are the card's, computed ones are
    worked out. What an answer hides cannot be seen by any condition, so cleaning twice changes nothing.
    """
    scope = Evaluation(definition, answers, facts)
    cleaned: dict[str, Value] = {}
    for _, item in definition.all_fields():
        if not scope.shows(item.key):
            continue
        if isinstance(item, ComputedField):
            value = scope.value(item.key)
        elif isinstance(item, GroupField):
            value = _clean_rows(item, answers.get(item.key), scope)
        else:
            value = answers.get(item.key)
        if value is not None:
            cleaned[item.key] = value
    return cleaned


def _clean_rows(group: GroupField, rows: Value | None, scope: Evaluation) -> Value | None:
    if not isinstance(rows, list):
        return rows
    cleaned = []
    for row in (row for row in rows if isinstance(row, dict)):
        place = RowScope(scope, group, row)
        shown = {item.key: row[item.key] for item in group.fields if item.key in row and place.shows(item)}
        cleaned.append({"id": row.get("id"), **{key: value for key, value in shown.items() if value is not None}})
    return cleaned


def prefill(definition: Definition, facts: Facts) -> dict[str, Value]:
    """The answers that the facts give, by key; hidden fields included, for they may show later (`clean` drops the others)."""
    found: dict[str, Value] = {}
    for _, item in definition.all_fields():
        fact = facts.get(item.prefill) if item.prefill else None
        value = None if fact is None else item.from_fact(fact, facts)
        if value is not None:
            found[item.key] = value
    return found


def fixed_value(item: FieldBase, facts: Facts) -> Value | None:
    """The value of a verified field whose fact is known: it cannot be typed over."""
    fact = facts.get(item.prefill) if item.verified and item.prefill else None
    return None if fact is None else item.from_fact(fact, facts)


def file_paths(definition: Definition, answers: Answers) -> list[str]:
    """The paths of the file fields that hold files, in order."""
    return [path for path, item, value in walk(definition, answers) if isinstance(item, FileField) and value]


def walk(definition: Definition, answers: Answers) -> Iterator[tuple[str, FieldBase, Value]]:
    """Every answer with its path and field, rows taken apart; visibility aside."""
    for _, item in definition.all_fields():
        value = answers.get(item.key)
        if isinstance(item, GroupField):
            for row in value if isinstance(value, list) else ():
                for part in item.fields:
                    if part.key in row:
                        yield f"{item.key}/{row['id']}/{part.key}", part, row[part.key]
        elif value is not None:
            yield item.key, item, value


def _placed(definition: Definition, path: str, problem: FieldProblem, answers: Answers) -> Problem:
    page: Page | None = definition.page_of(path)
    return Problem(
        path,
        problem.message,
        problem.params,
        page.key if page else "",
        problem.part,
        _row_of(definition, path, answers),
    )


def _row_of(definition: Definition, path: str, answers: Answers) -> tuple[LocalText, int] | None:
    """The row's label and number, where the group has more than one."""
    key, *rest = path.split("/")
    group, rows = definition.field_at(key), answers.get(key)
    if len(rest) != 2 or not isinstance(group, GroupField) or not isinstance(rows, list) or len(rows) < 2:
        return None
    ids = [row.get("id") for row in rows if isinstance(row, dict)]
    return (group.row_label, ids.index(rest[0]) + 1) if rest[0] in ids else None


def _top(name: str) -> str:
    return name.split("/", maxsplit=1)[0].split(".", maxsplit=1)[0]
