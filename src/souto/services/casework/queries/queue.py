"""The queue (待ち行列): the cases of the actor's sections, filtered, sorted, counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy

from souto.foundation.identity import queries as identity
from souto.foundation.vault.keys import KeyDestroyedError
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.calendar import add_working_days, working_days_between
from souto.kernel.language import say
from souto.kernel.text import search_key
from souto.services.casework.queries.access import visible_cases
from souto.services.casework.queries.standing import ENDED, STANDINGS, Due, due_of, with_standing
from souto.services.procedures import queries as procedures

SIZES = (20, 50, 100)
#: States of an application in which somebody has to be responsible.
_OPEN = ("submitted", "in_review", "decided")
SORTS = {"due": "due_on", "received": "application__submitted_at", "number": "application__number"}
#: Deadlines to filter by, in working days from today.
DUES = ("late", "soon", "week", "paused", "none")
#: Names are sealed and are read one by one: at most so many cases are looked through.
MAX_SEARCHED = 3_000


@dataclass(frozen=True, slots=True)
class Filters:
    """What the officer asked for; every part stands in the page's address. `who`: "", `me`, `nobody`, `left` (somebody who no longer
    serves in the section) or a staff id.
    """

    state: str = "open"
    procedure: str = ""
    who: str = ""
    due: str = ""
    words: str = ""
    sort: str = "due"
    size: int = 50

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """From an address; what it does not know is left out."""
        state, sort, due = query.get("state", "open"), query.get("sort", "due"), query.get("due", "")
        size = query.get("size", "50")
        return cls(
            state=state if state in STANDINGS or state in {"open", "ended", "all"} else "open",
            procedure=query.get("procedure", "")[:64],
            who=_who(query.get("who", "")),
            due=due if due in DUES else "",
            words=query.get("q", "").replace("\x00", "").strip()[:100],
            sort=sort if sort.removeprefix("-") in SORTS else "due",
            size=int(size) if size in {str(s) for s in SIZES} else 50,
        )

    def address(self, **more: object) -> str:
        """The part of the address after `?`, without what stands for itself."""
        mine, plain = replace(self, **more), Filters()  # type: ignore[arg-type]
        names = {"words": "q"}
        parts = {
            names.get(name, name): getattr(mine, name)
            for name in self.__slots__
            if getattr(mine, name) != getattr(plain, name)
        }
        return urlencode(parts)

    @property
    def count(self) -> int:
        """How many filters are set."""
        return sum((self.state != "open", bool(self.procedure), bool(self.who), bool(self.due), bool(self.words)))


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A line of the queue. `age`: working days since it was received; `left`: the responsible person no longer serves in the section."""

    id: UUID
    number: str
    name: str
    kana: str
    title: str
    standing: str
    label: str
    chip: str
    due: Due
    correction_due: date | None
    assignee: str
    left: bool
    age: int
    received: date
    is_counter: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: procedures (slug, title), people (id, name), how many cases stand where, and how many that are not over have
    a responsible person who `left` the section.
    """

    procedures: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]
    standings: Mapping[str, int]
    left: int

    @property
    def open(self) -> int:
        """How many are not over."""
        return sum(n for code, n in self.standings.items() if code not in ENDED)

    @property
    def ended(self) -> int:
        """How many are over."""
        return sum(n for code, n in self.standings.items() if code in ENDED)


def find_cases(*, actor: Actor, filters: Filters) -> QuerySet[Any]:
    """The cases that the filters let through, in order."""
    rows = with_standing(visible_cases(actor)).select_related("application__version", "assignee").annotate(left=_left())
    if filters.state == "open":
        rows = rows.exclude(standing__in=ENDED)
    elif filters.state == "ended":
        rows = rows.filter(standing__in=ENDED)
    elif filters.state != "all":
        rows = rows.filter(standing=filters.state)
    if filters.procedure:
        rows = rows.filter(application__version__procedure__slug=filters.procedure)
    rows = _assigned(rows, actor, filters.who)
    rows = _due(rows, filters.due)
    if filters.words:
        rows = _named(rows, filters.words)
    return rows.order_by(*_order(filters.sort))


def rows_of(cases: Sequence[Any], *, language: str) -> list[QueueRow]:
    """The lines of one page; names are read for these only."""
    persons = [case.application.person_id for case in cases if case.application.person_id]
    names, today = identity.named(persons), clock.today()
    found = []
    for case in cases:
        application, standing = case.application, case.standing
        label, chip = STANDINGS[standing]
        name, kana = names.get(application.person_id, ("", "")) if application.person_id else ("", "")
        received = clock.local_date(application.submitted_at)
        found.append(
            QueueRow(
                id=case.id,
                number=application.number,
                name=name or _contact_name(application),
                kana=kana,
                title=say(application.version.definition.title, language),
                standing=standing,
                label=label,
                chip=chip,
                due=due_of(case),
                correction_due=case.correction_due if standing == "correction" else None,
                assignee=case.assignee.name if case.assignee else "",
                left=case.left,
                age=working_days_between(received, today),
                received=received,
                is_counter=application.channel == "counter",
                is_demo=case.is_demo,
            )
        )
    return found


def _contact_name(application: Any) -> str:
    """The name that the form gave; "" where its key is gone (a database restored from a backup older than the erasure)."""
    try:
        found: str = application.contact["name"]
    except KeyDestroyedError:
        return ""
    return found


def choices_for(*, actor: Actor, language: str) -> Choices:
    """What the filters of the actor's queue offer."""
    mine = visible_cases(actor)
    versions = (procedures.get_version(v) for v in sorted(set(mine.values_list("application__version_id", flat=True))))
    titles = {version.slug: say(version.title, language) for version in versions}
    people = {s.id: s.name for d in actor.departments for s in identity.staff_of_department(d)}
    counted = with_standing(mine).order_by().values_list("standing").annotate(n=Count("id"))
    return Choices(
        procedures=sorted(titles.items(), key=lambda item: item[1]),
        people=[(str(i), name) for i, name in sorted(people.items(), key=lambda item: item[1])],
        standings=dict(counted),
        left=mine.filter(_left(), application__state__in=_OPEN).count(),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in the queue that the officer came from: position (from 1), how many, and its neighbours."""

    position: int
    total: int
    previous: UUID | None
    next: UUID | None


def place_of(case_id: UUID, *, actor: Actor, filters: Filters) -> Place | None:
    """The place of a case among those that the filters let through; None when it is not among them."""
    ids = list(find_cases(actor=actor, filters=filters).values_list("id", flat=True)[:MAX_SEARCHED])
    if case_id not in ids:
        return None
    at = ids.index(case_id)
    return Place(at + 1, len(ids), ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None)


def _left() -> Q:
    """The responsible person left the section, or the city's service: somebody else has to go on."""
    serving = identity.current_memberships().filter(
        staff_id=OuterRef("assignee_id"), department_id=OuterRef("department_id"), staff__is_active=True
    )
    return Q(assignee__isnull=False) & ~Q(Exists(serving))


def _who(text: str) -> str:
    if text in {"", "me", "nobody", "left"}:
        return text
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _assigned(rows: QuerySet[Any], actor: Actor, who: str) -> QuerySet[Any]:
    if not who:
        return rows
    if who == "nobody":
        return rows.filter(assignee__isnull=True)
    if who == "left":
        return rows.filter(left=True)
    return rows.filter(assignee_id=actor.id if who == "me" else UUID(who))


def _due(rows: QuerySet[Any], due: str) -> QuerySet[Any]:
    today = clock.today()
    if due == "late":
        return rows.filter(due_on__lt=today)
    if due in {"soon", "week"}:
        return rows.filter(due_on__gte=today, due_on__lte=add_working_days(today, 2 if due == "soon" else 5))
    if due == "paused":
        return rows.filter(days_left__isnull=False)
    return rows.filter(due_on__isnull=True, days_left__isnull=True) if due == "none" else rows


def _named(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """By part of the number, or of the name or its reading, whatever spacing and kana."""
    wanted = search_key(words)
    people = list(rows.order_by("-opened_at").values_list("id", "application__person_id")[:MAX_SEARCHED])
    known = identity.named(p for _, p in people if p)
    names = {i: (search_key(name), search_key(kana)) for i, (name, kana) in known.items()}
    named = [case_id for case_id, person in people if person and any(wanted in n for n in names.get(person, ()))]
    return rows.filter(Q(application__number__icontains=words) | Q(id__in=named))


def _order(sort: str) -> list[OrderBy | str]:
    name = SORTS[sort.removeprefix("-")]
    first = F(name).desc(nulls_last=True) if sort.startswith("-") else F(name).asc(nulls_last=True)
    return [first, "application__submitted_at", "id"]
