"""Lists: drawn up by the system, reviewed by a person of the section, approved by a second one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction

from souto.foundation.audit import actions as audit
from souto.foundation.audit.actions import Fact
from souto.foundation.identity import queries as identity
from souto.foundation.retention import queries, seams
from souto.foundation.retention.models import DisposalItem, DisposalList, Reason
from souto.foundation.retention.seams import Record
from souto.kernel import clock, jobs
from souto.kernel.actor import Actor
from souto.kernel.calendar import fiscal_year
from souto.kernel.errors import ConflictError, ForbiddenError, NotFoundError, SoutoError

#: Longest text that explains a hold, in characters.
MAX_WORDS = 500


class ListMovedOnError(ConflictError):
    """The list is no longer where the page showed it."""

    message = "この一覧は、ほかの人が先に進めました。いまの状態を確認してください。"


class NothingSelectedError(SoutoError):
    """No row was chosen."""

    message = "一覧の行を選んでください。"


class ReasonMissingError(SoutoError):
    """A record is kept longer for a reason that is named."""

    message = "理由を選んでください。"


class WordsTooLongError(SoutoError):
    """More words than fit."""

    message = "文章は%(limit)s字までです（いま%(length)s字）。短くしてください。"


class SamePersonError(ForbiddenError):
    """Who reviewed the list cannot approve it (the rule of the second person)."""

    message = "自分が確認した一覧は承認できません。ほかの承認者に依頼してください。"


@transaction.atomic
def list_due(*, actor: Actor) -> int:
    """Draw up this fiscal year's lists: every record whose period ended before 1 April, by section. Returns how many rows are new.

    May run as often as one likes: a list that was passed on is left alone, and what is held back does not come onto one.
    """
    actor.require(queries.REVIEW)
    year = fiscal_year(clock.today())
    added = 0
    for kind, provider in seams.providers().items():
        found: dict[str, list[Record]] = defaultdict(list)
        for record in provider.due(before=year.first_day):
            found[record.department].append(record)
        for code, records in found.items():
            added += _add(actor, kind, code, year.year, records)
    return added


def _add(actor: Actor, kind: str, code: str, year: int, records: list[Record]) -> int:
    section = identity.get_department(code)
    kept = queries.held(kind, (r.subject_id for r in records))
    known = DisposalItem.objects.filter(on_list__department=section, on_list__fiscal_year=year, kind=kind)
    known_ids = set(known.values_list("subject_id", flat=True))
    new = [r for r in records if r.subject_id not in kept and r.subject_id not in known_ids]
    if not new:
        return 0
    DisposalList.objects.get_or_create(department=section, fiscal_year=year)
    target = DisposalList.objects.select_for_update().get(department=section, fiscal_year=year)
    if target.state != DisposalList.State.OPEN:
        return 0
    DisposalItem.objects.bulk_create((_item(target, kind, record) for record in new), batch_size=1_000)
    note(actor, "list_due", target, facts={"kind": kind, "rows": len(new)})
    return len(new)


def _item(target: DisposalList, kind: str, record: Record) -> DisposalItem:
    # `due` gives only what has an end, so both are there.
    assert record.completed_on is not None
    assert record.ends_on is not None
    assert record.period is not None
    assert record.period.years is not None
    return DisposalItem(
        on_list=target,
        kind=kind,
        subject_id=record.subject_id,
        reference=record.reference,
        title=dict(record.title),
        completed_on=record.completed_on,
        years=record.period.years,
        ends_on=record.ends_on,
    )


@transaction.atomic
def take_off(*, actor: Actor, list_id: UUID, item_ids: Collection[UUID], reason: str) -> int:
    """Take rows off a list under review, for a reason; they come onto next year's. Returns how many."""
    found = _hold(actor, list_id, DisposalList.State.OPEN)
    if not item_ids:
        raise NothingSelectedError(field="item")
    if reason not in Reason.values:
        raise ReasonMissingError(field="reason")
    rows = found.items.filter(id__in=item_ids, state=DisposalItem.State.LISTED)
    taken = rows.update(
        state=DisposalItem.State.TAKEN_OFF, reason=reason, settled_by_id=actor.id, settled_at=clock.now()
    )
    note(actor, "take_off", found, facts={"rows": taken, "reason": reason})
    return taken


@transaction.atomic
def put_back(*, actor: Actor, list_id: UUID, item_id: UUID) -> None:
    """Put a row that was taken off back on a list under review. One that a hold keeps stays off."""
    found = _hold(actor, list_id, DisposalList.State.OPEN)
    item = found.items.filter(id=item_id, state=DisposalItem.State.TAKEN_OFF).first()
    if item is None:
        raise NotFoundError
    if queries.held(item.kind, [item.subject_id]):
        raise ListMovedOnError
    item.state, item.reason, item.settled_by, item.settled_at = DisposalItem.State.LISTED, "", None, None
    item.save(update_fields=["state", "reason", "settled_by", "settled_at"])
    note(actor, "put_back", found, facts={"item": str(item.id)})


@transaction.atomic
def review(*, actor: Actor, list_id: UUID) -> DisposalList:
    """Pass a reviewed list on to a second person; from here its rows stand."""
    found = _hold(actor, list_id, DisposalList.State.OPEN)
    return _move(actor, found, "review", DisposalList.State.REVIEWED, by="reviewed")


@transaction.atomic
def send_back(*, actor: Actor, list_id: UUID) -> DisposalList:
    """Give a list back to be reviewed once more; needs `retention.approve` in its section, or to have reviewed it oneself."""
    found = _hold(actor, list_id, DisposalList.State.REVIEWED)
    if not queries.may_approve(actor, found) and found.reviewed_by_id != actor.id:
        raise ForbiddenError
    return _move(actor, found, "send_back", DisposalList.State.OPEN, by=None)


@transaction.atomic
def approve(*, actor: Actor, list_id: UUID) -> DisposalList:
    """Approve a list that somebody else reviewed; needs `retention.approve` in its section. The records go from now on."""
    found = _hold(actor, list_id, DisposalList.State.REVIEWED)
    if not queries.may_approve(actor, found):
        raise ForbiddenError
    if found.reviewed_by_id == actor.id:
        raise SamePersonError
    _move(actor, found, "approve", DisposalList.State.APPROVED, by="approved")
    jobs.defer("retention.dispose", list_id=str(found.id), lock=f"retention-{found.id}")
    return found


def _hold(actor: Actor, list_id: UUID, state: str) -> DisposalList:
    """The list, locked, for a member of staff of its section; in `state`, else `ListMovedOnError`."""
    found = queries.access_list(actor=actor, list_id=list_id, lock=True)
    if not actor.is_staff:
        raise ForbiddenError
    if found.state != state:
        raise ListMovedOnError
    return found


def _move(actor: Actor, found: DisposalList, verb: str, state: str, *, by: str | None) -> DisposalList:
    found.state = state
    if by is None:
        found.reviewed_by, found.reviewed_at = None, None
        changed = ["reviewed_by", "reviewed_at"]
    else:
        setattr(found, f"{by}_by_id", actor.id)
        setattr(found, f"{by}_at", clock.now())
        changed = [f"{by}_by", f"{by}_at"]
    found.save(update_fields=["state", *changed])
    listed = found.items.filter(state=DisposalItem.State.LISTED).count()
    note(actor, verb, found, fields=["state"], facts={"rows": listed})
    return found


def note(
    actor: Actor,
    verb: str,
    found: DisposalList,
    *,
    fields: Collection[str] = (),
    facts: Mapping[str, Fact] | None = None,
) -> None:
    """Put what was done to a list on record."""
    audit.record(
        actor=actor,
        action=f"retention.{verb}",
        subject=("retention.disposallist", found.id),
        fields=fields,
        facts=facts,
    )
