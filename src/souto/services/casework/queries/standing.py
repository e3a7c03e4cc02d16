"""Where a case stands (状態), in one word: for lists in the database, for one case in Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case as When_
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_noop

from souto.kernel import clock
from souto.services.casework.deadlines import days_until
from souto.services.casework.models import Case, HandOver, Proposal

#: code: (Japanese word, kind of chip), in the order in which a case passes through them.
STANDINGS: Mapping[str, tuple[str, str]] = {
    "submitted": (gettext_noop("受付済"), "blue"),
    "in_review": (gettext_noop("審査中"), "light-blue"),
    "correction": (gettext_noop("修正依頼"), "orange-fill"),
    "proposed": (gettext_noop("決裁待ち"), "blue"),
    "decided": (gettext_noop("決定"), "green"),
    "handing": (gettext_noop("引き渡し中"), "light-blue"),
    "handing_refused": (gettext_noop("引き渡し差戻し"), "red"),
    "closed": (gettext_noop("完了"), "gray-outline"),
    "withdrawn": (gettext_noop("取下げ"), "gray-outline"),
}
ENDED = frozenset({"closed", "withdrawn"})
UNDECIDED = frozenset({"submitted", "in_review", "correction", "proposed"})


def with_standing(rows: QuerySet[Case]) -> QuerySet[Any]:
    """`rows` (cases still) with `standing` (a code of `STANDINGS`) and `correction_due` (the applicant's deadline while she is asked to correct)."""
    asked = Case.objects.filter(
        pk=OuterRef("pk"),
        application__corrections__resolved_at__isnull=True,
        application__corrections__withdrawn_at__isnull=True,
        application__corrections__id__isnull=False,
    )
    proposed = Proposal.objects.filter(case=OuterRef("pk"), state=Proposal.State.OPEN)
    last = HandOver.objects.filter(case=OuterRef("pk")).order_by("-attempt").values("state")[:1]
    return rows.annotate(
        handed=Subquery(last, output_field=CharField()),
        correction_due=Subquery(asked.values("application__corrections__due_on")[:1]),
    ).annotate(
        standing=When_(
            When(application__state="withdrawn", then=Value("withdrawn")),
            When(application__state="closed", then=Value("closed")),
            When(application__state="decided", handed="refused", then=Value("handing_refused")),
            When(application__state="decided", handed__in=["prepared", "sent"], then=Value("handing")),
            When(application__state="decided", then=Value("decided")),
            When(Exists(proposed), then=Value("proposed")),
            When(Exists(asked), then=Value("correction")),
            default=F("application__state"),
            output_field=CharField(),
        )
    )


@dataclass(frozen=True, slots=True)
class Due:
    """The deadline as shown: `day` and working `days` to it (negative: late); `days` alone while the clock stands (`paused`)."""

    day: date | None = None
    days: int | None = None
    paused: bool = False

    @property
    def late(self) -> bool:
        """True once the last day has passed."""
        return self.day is not None and self.days is not None and self.days < 0

    @property
    def soon(self) -> bool:
        """True on the last day and the two working days before it."""
        return self.day is not None and self.days is not None and 0 <= self.days <= 2


def due_of(case: Case) -> Due:
    """The deadline of a case today."""
    if case.due_on is not None:
        return Due(case.due_on, days_until(case.due_on, today=clock.today()))
    if case.days_left is not None:
        return Due(days=case.days_left, paused=True)
    return Due()
