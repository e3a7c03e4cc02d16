"""Background work: lists are drawn up every night, approved ones are worked through."""

from __future__ import annotations

from uuid import UUID

from souto.foundation.retention import actions
from souto.foundation.retention.models import DisposalItem, DisposalList
from souto.kernel import jobs
from souto.kernel.actor import Actor
from souto.kernel.jobs import job

_LEFT = (DisposalItem.State.LISTED, DisposalItem.State.ERASING)


@job("retention.list_due", cron="40 3 * * *")
def list_due() -> None:
    """Draw up the lists of what may be disposed of, and go on with approved ones that were interrupted."""
    actions.list_due(actor=Actor.system("retention.list_due"))
    for list_id in DisposalList.objects.filter(state=DisposalList.State.APPROVED).values_list("id", flat=True):
        jobs.defer("retention.dispose", list_id=str(list_id), lock=f"retention-{list_id}")


@job("retention.dispose", attempts=12, wait=30)
def dispose(*, list_id: str) -> None:
    """Dispose of the records of an approved list, one after the other; a second run takes up where the first was killed."""
    actor, found = Actor.system("retention.dispose"), UUID(list_id)
    approved = DisposalItem.objects.filter(
        on_list_id=found, on_list__state=DisposalList.State.APPROVED, state__in=_LEFT
    )
    for item_id in list(approved.values_list("id", flat=True)):
        actions.dispose_item(actor=actor, item_id=item_id)
    if DisposalList.objects.filter(pk=found, state=DisposalList.State.APPROVED).exists():
        actions.finish_list(actor=actor, list_id=found)


@job("retention.destroy_again", cron="50 4 * * 0")
def destroy_again() -> None:
    """Destroy the keys of disposed records once more where a restored copy of the keys brought them back."""
    actions.destroy_again(actor=Actor.system("retention.destroy_again"))
