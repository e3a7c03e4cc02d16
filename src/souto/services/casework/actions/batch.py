"""What is done to many cases at once: each is checked anew when its turn comes, and the report says what became of every one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, SoutoError
from souto.services.applications import actions as applications_actions
from souto.services.casework.actions.common import hold
from souto.services.casework.actions.handing import NotRefusedError, hand_over_again
from souto.services.casework.models import HandOver
from souto.services.casework.queries import access

#: Cases in one batch.
MAX_BATCH = 200


class NothingSelectedError(SoutoError):
    """A batch without a row."""

    message = "案件を選んでください。"


class TooManySelectedError(SoutoError):
    """A batch larger than a person can oversee."""

    message = "一度に選べるのは%(limit)s件までです。"


class ReviewStartedError(ConflictError):
    """The review of this case has begun, or it has ended: somebody was quicker."""

    message = "審査は、もう始まっているか、終わっています。"


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a batch: the cases that were changed, and those that were left with the reason (a Japanese message). A case in
    neither was as wanted already.
    """

    done: Sequence[UUID] = ()
    left: Sequence[tuple[UUID, str]] = field(default_factory=tuple)


def each(case_ids: Iterable[UUID], deed: Callable[[UUID], bool]) -> BatchReport:
    """Do `deed` to each case in a transaction of its own inside the caller's; True from it counts as changed.

    Whatever a case refuses with an error of Souto's own is left and named; a fault of the program is none of those.
    """
    wanted = list(dict.fromkeys(case_ids))
    if not wanted:
        raise NothingSelectedError
    if len(wanted) > MAX_BATCH:
        raise TooManySelectedError(limit=MAX_BATCH)
    done: list[UUID] = []
    left: list[tuple[UUID, str]] = []
    # In one order for everybody, so that two batches never wait for each other.
    for case_id in sorted(wanted):
        try:
            with transaction.atomic():
                if deed(case_id):
                    done.append(case_id)
        except SoutoError as error:
            left.append((case_id, error.message))
    return BatchReport(done, left)


@transaction.atomic
def accept_many(*, actor: Actor, case_ids: Iterable[UUID]) -> BatchReport:
    """Start the review (審査開始) of the selected cases that wait. Needs `casework.work` in each case's section."""

    def accept(case_id: UUID) -> bool:
        case = hold(actor, case_id, access.WORK)
        if case.application.state != "submitted":
            raise ReviewStartedError
        applications_actions.start_review(actor=actor, application_id=case.application_id)
        return True

    return each(case_ids, accept)


@transaction.atomic
def hand_over_many(*, actor: Actor, case_ids: Iterable[UUID]) -> BatchReport:
    """Hand the selected cases over once more, those that the core system refused last. Needs `casework.work` in each case's section."""

    def hand_over(case_id: UUID) -> bool:
        case = hold(actor, case_id, access.WORK)
        last = case.hand_overs.order_by("-attempt").first()
        if last is None or last.state != HandOver.State.REFUSED:
            raise NotRefusedError
        hand_over_again(actor=actor, hand_over_id=last.id)
        return True

    return each(case_ids, hand_over)
