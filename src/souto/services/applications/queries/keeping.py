"""How long applications are kept (保存期間), and which of them may go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from souto.foundation.retention.seams import Record
from souto.kernel import clock
from souto.kernel.calendar import fiscal_year
from souto.services.applications.lifecycle import State
from souto.services.applications.models import Application
from souto.services.procedures import queries as procedures

#: What retention calls these records.
KIND = "applications.application"
_ENDED = (State.CLOSED, State.WITHDRAWN)


def due_for_disposal(*, before: date) -> Iterator[Record]:
    """Applications that were closed or withdrawn and whose period ended before this day; for retention, without anybody's data."""
    # The shortest period is a whole fiscal year, so nothing that ended in the year before can be due.
    latest = datetime.combine(fiscal_year(before).previous.first_day, time(), tzinfo=clock.TOKYO)
    rows = _ended().filter(disposed_on__isnull=True, state__in=_ENDED, ended_at__lt=latest)
    for application in rows.iterator(chunk_size=500):
        record = _record(application)
        if record.ends_on is not None and record.ends_on < before:
            yield record


def find_record(subject_id: UUID, *, lock: bool = False) -> Record | None:
    """An application as retention sees it; `lock`: hold it to the end of the transaction."""
    if lock:
        Application.objects.select_for_update().filter(id=subject_id).first()
    application = _ended().filter(id=subject_id).first()
    return _record(application) if application is not None else None


def record_of(application: Application) -> Record:
    """The application as retention sees it; the caller has passed its gate."""
    return _record(_ended().get(id=application.id))


def _ended() -> QuerySet[Any]:
    last = Max("records__at", filter=Q(records__target__in=_ENDED))
    return Application.objects.select_related("version__procedure").annotate(ended_at=last)


def _record(application: Application) -> Record:
    definition = application.version.definition
    ended = getattr(application, "ended_at", None) if application.state in _ENDED else None
    return Record(
        subject_id=application.id,
        department=application.department_code,
        reference=application.number,
        title=definition.title,
        completed_on=clock.local_date(ended) if ended else None,
        period=procedures.retention_of(definition),
        disposed_on=application.disposed_on,
        disposed_under=application.disposed_under,
    )
