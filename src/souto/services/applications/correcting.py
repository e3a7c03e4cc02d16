"""What a correction opens and what becomes of it: only the named fields, and those that a corrected answer brings up.

Used by the action and by the page alike. Nothing here reads or writes the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from souto.services.applications import merging, paths
from souto.services.applications.filling import raw_of, storable
from souto.services.procedures.definition import Definition, Problem
from souto.services.procedures.definition.fields import GroupField

Answers = dict[str, Any]


@dataclass(frozen=True)
class Correcting:
    """A sent application being corrected. `sent`: the answers that stand; `named`: the paths that the section asks for; `answers` and
    `raw`: what has been typed for them so far; `facts`: those that held when it was sent, with today.
    """

    definition: Definition
    sent: Mapping[str, Any]
    named: tuple[str, ...]
    answers: Mapping[str, Any]
    raw: Mapping[str, Sequence[str]]
    facts: Mapping[str, Any]

    def opened(self) -> tuple[str, ...]:
        """The paths that may be changed: the named ones, and what the new answers ask for besides."""
        before = self.definition.visible(self.sent, self.facts).paths
        now = self.definition.visible(self.answers, self.facts).paths
        return (*self.named, *sorted(p for p in now - before if not paths.covers(self.named, p)))

    def fields(self) -> list[str]:
        """The paths of the fields to show, in the order of the form; a group that is open as a whole stands for its rows."""
        opened, visible = self.opened(), self.definition.visible(self.answers, self.facts).paths
        found = []
        for _, field in self.definition.all_fields():
            if isinstance(field, GroupField) and field.key not in opened:
                rows = [row["id"] for row in self.answers.get(field.key) or ()]
                found += [p for r in rows for f in field.fields if (p := f"{field.key}/{r}/{f.key}") in visible]
            elif field.key in visible:
                found.append(field.key)
        return [p for p in found if paths.covers(opened, p)]

    def form(self) -> dict[str, list[str]]:
        """Form data of the whole: as sent, with what has been typed over it."""
        typed = merging.by_path(self.raw)
        raw = {n: v for n, v in raw_of(self.definition, self.sent).items() if merging.path_of(n) not in typed}
        return raw | {n: v for parts in typed.values() for n, v in parts.items()}

    def post(self, posted: Mapping[str, Sequence[str]], *, today: date) -> tuple[Correcting, list[Problem]]:
        """The correction after a posted form, and what is wrong in the opened fields. Names that are not open are left aside."""
        opened, raw = self.opened(), self.form()
        shown = frozenset(self.fields())
        kept = {n: v for n, v in raw.items() if not paths.covers(shown, merging.path_of(n))}
        posted = {n: [storable(one) for one in v] for n, v in posted.items()}
        taken = _only(posted, opened)
        answers, problems = self._read({**kept, **taken}, opened, today)
        after = Correcting(self.definition, self.sent, self.named, answers, taken, self.facts)
        more = after.opened()
        if more != opened:
            # A corrected answer has brought further questions up: what was posted for them counts too.
            answers, problems = self._read({**kept, **_only(posted, more)}, more, today)
            after = Correcting(self.definition, self.sent, self.named, answers, _only(posted, more), self.facts)
        return after, problems

    def settled(self) -> Answers:
        """The answers as they would stand now, hidden ones gone."""
        return self.definition.clean(dict(self.answers), self.facts)

    def problems(self, *, today: date) -> list[Problem]:
        """What keeps the correction from being sent: problems of fields that the applicant may change."""
        found = self.definition.check_all(self.settled(), facts=self.facts, today=today)
        opened = self.opened()
        return [p for p in found if paths.covers(opened, p.path)]

    def needs_signature(self) -> bool:
        """True when a changed field is one whose correction needs a new signature."""
        changed = {_reference(p) for p in paths.changed(self.sent, self.settled())}
        return self.definition.signature and any(
            one == asked or one.startswith(f"{asked}/") for one in changed for asked in self.definition.resign_on
        )

    def _read(
        self, raw: Mapping[str, Sequence[str]], opened: Iterable[str], today: date
    ) -> tuple[Answers, list[Problem]]:
        """`sent` with the opened paths read from `raw`; files stay as they are in place."""
        opened = tuple(opened)
        answers: Answers = dict(self.answers)
        problems: list[Problem] = []
        for page in self.definition.pages:
            if not any(paths.covers([f.key], p) for f in page.fields for p in opened):
                continue
            if page.key in self.definition.visible(answers, self.facts).pages:
                check = self.definition.check_page(page.key, raw, answers, facts=self.facts, today=today)
                problems += [p for p in check.problems if paths.covers(opened, p.path)]
                answers = self._restored(check.answers, opened)
        return answers, problems

    def _restored(self, answers: Mapping[str, Any], opened: Iterable[str]) -> Answers:
        """`answers` where they are open, `sent` everywhere else."""
        after: Answers = {k: v for k, v in self.sent.items() if not paths.covers(opened, k)}
        for path in opened:
            value = paths.get(answers, path)
            if "/" not in path or paths.get(after, path.rsplit("/", 1)[0]) is not None or value is not None:
                after = paths.put(after, path, value)
        return after


def _only(posted: Mapping[str, Sequence[str]], opened: Iterable[str]) -> dict[str, list[str]]:
    opened = tuple(opened)
    return {n: list(v) for n, v in posted.items() if paths.covers(opened, merging.path_of(n))}


def _reference(path: str) -> str:
    """`children/a1b2c3d4/name` as definitions write it: `children/name`."""
    parts = path.split("/")
    return "/".join([parts[0], *parts[2:]])
