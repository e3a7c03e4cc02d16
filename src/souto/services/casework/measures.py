"""Figures of casework for the plan, counted from the cases themselves. Samples (見本) count in demo mode only."""

from __future__ import annotations

from datetime import datetime, time

from django.conf import settings
from django.db.models import Exists, OuterRef

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.measures import Measured, Period, Row, measure, share
from souto.services.casework.models import Case, HandOver, OfficerFeedback
from souto.services.casework.queries.access import visible_cases

#: What a row is: a case is found by its application.
RECORD = "applications.application"
#: Rows shown behind a figure; the figure itself counts all.
MAX_ROWS = 500
#: From this answer (of 5) on, somebody counts as satisfied.
SATISFIED = 4


@measure(
    "casework.ex_satisfied",
    unit="%",
    title="手続の処理に「満足」と回答した職員の割合",
    definition="期間中に回答のあった、案件が終わったときの2つの質問のうち、満足度が5段階の4以上の割合。分母は回答の数です。",
)
def ex_satisfied(period: Period, _dimension: str | None, /, *, actor: Actor) -> Measured:
    """Officers' answers of 4 and 5 among all answers of the period."""
    start, end = _span(period)
    given = OfficerFeedback.objects.filter(at__range=(start, end)).select_related("case__application")
    if not settings.DEMO:
        given = given.filter(case__is_demo=False)
    seen = set(visible_cases(actor).filter(feedback__in=given).values_list("id", flat=True))
    rows = [
        Row(
            label=f.case.application.number,
            counted=f.satisfaction >= SATISFIED,
            detail=f"{f.satisfaction}/5",
            record=(RECORD, f.case.application_id),
        )
        for f in given.order_by("at")[:MAX_ROWS]
        if f.case_id in seen
    ]
    return share(given.filter(satisfaction__gte=SATISFIED).count(), given.count(), as_of=clock.now(), rows=rows)


@measure(
    "casework.handed_over_share",
    unit="%",
    title="基幹システムへ転記なしで引き渡した割合",
    definition=(
        "期間中に引き渡しを始めた案件のうち、基幹システムがそのまま受け入れたものの割合。"
        "差し戻されて、まだ受け入れられていないものは分母にだけ入ります。"
    ),
)
def handed_over_share(period: Period, _dimension: str | None, /, *, actor: Actor) -> Measured:
    """Cases that their core system took over among those whose hand-over began in the period."""
    start, end = _span(period)
    first = HandOver.objects.filter(case=OuterRef("pk"), attempt=1, prepared_at__range=(start, end))
    accepted = HandOver.objects.filter(case=OuterRef("pk"), state=HandOver.State.ACCEPTED)
    cases = Case.objects.filter(Exists(first)).annotate(taken=Exists(accepted)).select_related("application")
    if not settings.DEMO:
        cases = cases.filter(is_demo=False)
    seen = set(visible_cases(actor).filter(pk__in=cases.values("pk")).values_list("id", flat=True))
    rows = [
        Row(label=c.application.number, counted=c.taken, record=(RECORD, c.application_id))
        for c in cases.order_by("opened_at")[:MAX_ROWS]
        if c.id in seen
    ]
    return share(cases.filter(taken=True).count(), cases.count(), as_of=clock.now(), rows=rows)


def _span(period: Period) -> tuple[datetime, datetime]:
    return (
        datetime.combine(period.start, time.min, clock.TOKYO),
        datetime.combine(period.end, time.max, clock.TOKYO),
    )
