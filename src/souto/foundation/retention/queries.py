"""Reading lists and holds: for staff of the section that keeps the records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from souto.foundation.identity import queries as identity
from souto.foundation.retention import seams
from souto.foundation.retention.models import DisposalItem, DisposalList, Hold, Reason
from souto.foundation.retention.rules import period_of
from souto.foundation.retention.seams import Record
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError

__all__ = [
    "APPROVE",
    "REVIEW",
    "Holding",
    "Progress",
    "Reason",
    "access_hold",
    "access_list",
    "access_record",
    "holding_of",
    "holds",
    "items_of",
    "lists",
    "may_approve",
    "period_of",
    "progress",
    "sections_of",
    "waiting",
]

REVIEW, APPROVE = "retention.review", "retention.approve"


def sections_of(actor: Actor, permission: str = REVIEW) -> frozenset[UUID]:
    """The sections in which the actor holds the permission: it counts there only."""
    if not actor.is_staff or not actor.may(permission):
        return frozenset()
    return frozenset(d for d in actor.departments if permission in identity.permissions_in(actor, d))


def lists(*, actor: Actor) -> QuerySet[DisposalList]:
    """The lists of the actor's sections, newest first, each with how many rows stand how."""
    mine = DisposalList.objects.filter(department_id__in=sections_of(actor)).select_related("department")
    return mine.annotate(
        listed=Count("items", filter=Q(items__state__in=["listed", "erasing"])),
        off=Count("items", filter=Q(items__state__in=["taken_off", "kept"])),
        disposed=Count("items", filter=Q(items__state="disposed")),
    )


def access_list(*, actor: Actor, list_id: UUID, lock: bool = False) -> DisposalList:
    """A list, for staff of its section and for the system. Raises `NotFoundError` and `HiddenError`."""
    rows = DisposalList.objects.select_for_update(of=("self",)) if lock else DisposalList.objects
    found = rows.select_related("department").filter(pk=list_id).first()
    if found is None:
        raise NotFoundError
    if not actor.is_system and found.department_id not in sections_of(actor):
        raise HiddenError("retention.disposallist", list_id)
    return found


def may_approve(actor: Actor, found: DisposalList) -> bool:
    """True for somebody with `retention.approve` in the list's section."""
    return actor.is_system or found.department_id in sections_of(actor, APPROVE)


def items_of(found: DisposalList) -> QuerySet[DisposalItem]:
    """The rows of a list; the caller has passed its gate."""
    return found.items.select_related("settled_by").all()


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows of a list stand how."""

    listed: int
    erasing: int
    disposed: int
    taken_off: int
    kept: int

    @property
    def total(self) -> int:
        """Every row."""
        return self.listed + self.erasing + self.disposed + self.taken_off + self.kept

    @property
    def to_go(self) -> int:
        """Rows that were or will be disposed of."""
        return self.listed + self.erasing + self.disposed


def progress(found: DisposalList) -> Progress:
    """How far a list has got."""
    counted = dict(found.items.order_by().values_list("state").annotate(n=Count("id")))
    return Progress(**{state: counted.get(state, 0) for state in Progress.__slots__})


def waiting(actor: Actor) -> int | None:
    """How many lists wait for the actor (badge): to be reviewed, or to be approved by somebody other than who reviewed."""
    if not actor.is_staff or not actor.may(REVIEW):
        return None
    to_review = DisposalList.objects.filter(department_id__in=sections_of(actor), state="open").count()
    to_approve = DisposalList.objects.filter(department_id__in=sections_of(actor, APPROVE), state="reviewed")
    return (to_review + to_approve.exclude(reviewed_by_id=actor.id).count()) or None


def access_record(*, actor: Actor, kind: str, subject_id: UUID, lock: bool = False) -> Record:
    """A record that can be held back, for staff of the section that keeps it."""
    try:
        record = seams.provider(kind).find(subject_id, lock=lock)
    except seams.UnknownKindError:
        raise NotFoundError from None
    if record is None:
        raise NotFoundError
    if not actor.is_system and identity.get_department(record.department).id not in sections_of(actor):
        raise HiddenError(kind, subject_id)
    return record


def holds(*, actor: Actor) -> QuerySet[Hold]:
    """The holds in force in the actor's sections, newest first."""
    mine = Hold.objects.filter(department_id__in=sections_of(actor), ended_at__isnull=True)
    return mine.select_related("department", "set_by")


def access_hold(*, actor: Actor, hold_id: UUID, lock: bool = False) -> Hold:
    """A hold, for staff of its section."""
    rows = Hold.objects.select_for_update(of=("self",)) if lock else Hold.objects
    found = rows.filter(pk=hold_id).first()
    if found is None:
        raise NotFoundError
    if not actor.is_system and found.department_id not in sections_of(actor):
        raise HiddenError("retention.hold", hold_id)
    return found


@dataclass(frozen=True, slots=True)
class Holding:
    """How long a record is kept, for the page of the record, whose own gate the caller has passed."""

    record: Record
    holds: tuple[Hold, ...]
    may_hold: bool


def holding_of(*, actor: Actor, kind: str, record: Record) -> Holding:
    """The period and the holds of a record."""
    found = Hold.objects.filter(kind=kind, subject_id=record.subject_id, ended_at__isnull=True).select_related("set_by")
    mine = actor.is_system or identity.get_department(record.department).id in sections_of(actor)
    return Holding(record, tuple(found), mine)


def held(kind: str, subject_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the records that a hold keeps."""
    return set(
        Hold.objects.filter(kind=kind, subject_id__in=list(subject_ids), ended_at__isnull=True).values_list(
            "subject_id", flat=True
        )
    )
