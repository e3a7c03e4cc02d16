"""Figures for the plan, each counted from the applications themselves.

Applications of the demo city (見本) count in demo mode only. A dimension is the slug of a procedure. Rows are those that the caller may open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from statistics import median

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.calendar import working_days_between
from souto.kernel.measures import Measured, Period, Row, measure, share
from souto.services.applications.models import Application, Channel, Correction, Feedback, TransitionRecord
from souto.services.applications.queries.access import visible_to
from souto.services.applications.queries.status import pauses_of
from souto.services.procedures import queries as procedures

#: Rows shown behind a figure; the figure itself counts all.
MAX_ROWS = 500
#: What a row is, for the room that opens it.
RECORD = "applications.application"
#: Assumed for one application made at the counter.
SHEETS_FORM = 1
SHEETS_ATTACHMENT = 1
MINUTES_AT_COUNTER = 60
#: Used where a procedure does not say how long its form takes.
MINUTES_ONLINE = 15
#: From this answer (of 5) on, somebody counts as satisfied.
SATISFIED = 4


@measure(
    "applications.online_share",
    unit="%",
    title="オンラインで行われた申請・届出・通報の割合",
    definition="期間中に受け付けたもののうち、本人がオンラインで送ったものの割合。分母には、窓口で職員が入力したものを含みます。",
    dimensions=("procedure",),
)
def online_share(period: Period, dimension: str | None, *, actor: Actor) -> Measured:
    """Sent online among all that came in within the period."""
    rows = _received(period, dimension)
    return share(
        rows.filter(channel=Channel.ONLINE).count(),
        rows.count(),
        as_of=clock.now(),
        rows=_rows(rows, actor, counted=lambda a: a.channel == Channel.ONLINE),
    )


@measure(
    "applications.median_days",
    unit="日",
    title="受付から決定までの日数（中央値）",
    definition="期間中に決定したものの、受け付けた日の翌日から決定した日までの開庁日数の中央値。補正をお願いしていた期間は数えません。",
    dimensions=("procedure",),
)
def median_days(period: Period, dimension: str | None, *, actor: Actor) -> Measured:
    """Median of working days from receipt to decision, pauses taken out."""
    days = {record.application_id: _days(record) for record in _decisions(period, dimension)}
    value = Decimal(str(median(days.values()))) if days else None
    shown = visible_to(actor, Application.objects.filter(id__in=days)).order_by("submitted_at")[:MAX_ROWS]
    rows = [Row(label=a.number, counted=True, detail=f"{days[a.id]}日", record=(RECORD, a.id)) for a in shown]
    return Measured(value=value, as_of=clock.now(), denominator=len(days), rows=rows)


@measure(
    "applications.corrected_share",
    unit="%",
    title="補正をお願いした申請の割合",
    definition="期間中に決定したもののうち、決定までに1回以上、補正をお願いしたものの割合。",
    dimensions=("procedure",),
)
def corrected_share(period: Period, dimension: str | None, *, actor: Actor) -> Measured:
    """Those that needed at least one correction among those decided within the period."""
    rows = Application.objects.filter(id__in=_decisions(period, dimension).values("application_id")).annotate(
        corrected=Exists(Correction.objects.filter(application=OuterRef("pk")))
    )
    return share(
        rows.filter(corrected=True).count(),
        rows.count(),
        as_of=clock.now(),
        rows=_rows(rows, actor, counted=lambda a: bool(getattr(a, "corrected", False))),
    )


@measure(
    "applications.sheets_saved",
    unit="枚",
    title="オンライン化で使わずにすんだ紙",
    definition="期間中にオンラインで受け付けたものについて、紙で出した場合の枚数を数えたもの。",
    dimensions=("procedure",),
)
def sheets_saved(period: Period, dimension: str | None, *, actor: Actor) -> Measured:
    """Sheets that would have been handed in: a form each, and its attachments."""
    rows = _received(period, dimension).filter(channel=Channel.ONLINE)
    files = sum(
        int(facts.get("files", 0))
        for facts in TransitionRecord.objects.filter(name="submit", application__in=rows).values_list(
            "facts", flat=True
        )
    )
    count = rows.count()
    return Measured(
        value=Decimal(count * SHEETS_FORM + files * SHEETS_ATTACHMENT),
        as_of=clock.now(),
        denominator=count,
        rows=_rows(rows, actor, counted=lambda _: True),
        assumptions={"申請書": f"1件につき{SHEETS_FORM}枚", "添付": f"1点につき{SHEETS_ATTACHMENT}枚"},
    )


@measure(
    "applications.minutes_saved",
    unit="分",
    title="オンライン化で住民が使わずにすんだ時間",
    definition="期間中にオンラインで受け付けたものについて、窓口に行く場合の時間から、画面の入力にかかる時間の目安を引いたもの。",
    dimensions=("procedure",),
)
def minutes_saved(period: Period, dimension: str | None, *, actor: Actor) -> Measured:
    """Minutes at the counter that nobody spent, less those at the screen."""
    rows = _received(period, dimension).filter(channel=Channel.ONLINE)
    counts = dict(rows.values_list("version_id").annotate(number=Count("id")))
    minutes = sum(
        number * max(0, MINUTES_AT_COUNTER - (procedures.get_version(version).definition.minutes or MINUTES_ONLINE))
        for version, number in counts.items()
    )
    return Measured(
        value=Decimal(minutes),
        as_of=clock.now(),
        denominator=rows.count(),
        rows=_rows(rows, actor, counted=lambda _: True),
        assumptions={
            "窓口に行く場合": f"1件{MINUTES_AT_COUNTER}分（往復40分、待ち時間と手続き20分）",
            "オンラインの場合": f"手続ごとの入力時間の目安（目安がない手続は{MINUTES_ONLINE}分）",
        },
    )


@measure(
    "applications.satisfaction",
    unit="%",
    title="手続きに満足した人の割合（CX）",
    definition=f"期間中のアンケートで、満足度を5段階の{SATISFIED}以上と答えた人の割合。分母は回答した人です。",
    dimensions=("procedure",),
)
def satisfaction(period: Period, dimension: str | None, *, actor: Actor) -> Measured:
    """Satisfied among those who answered."""
    return _scale(period, dimension, actor, "satisfaction")


@measure(
    "applications.ease",
    unit="%",
    title="手続きが簡単だったと答えた人の割合（CX）",
    definition=f"期間中のアンケートで、簡単さを5段階の{SATISFIED}以上と答えた人の割合。分母は回答した人です。",
    dimensions=("procedure",),
)
def ease(period: Period, dimension: str | None, *, actor: Actor) -> Measured:
    """Who found it easy among those who answered."""
    return _scale(period, dimension, actor, "ease")


def _scale(period: Period, dimension: str | None, actor: Actor, question: str) -> Measured:
    start, end = _instants(period)
    given = Feedback.objects.filter(at__gte=start, at__lt=end, application__in=_all(dimension))
    counted = set(given.filter(**{f"{question}__gte": SATISFIED}).values_list("application_id", flat=True))
    return share(
        len(counted),
        given.count(),
        as_of=clock.now(),
        rows=_rows(
            Application.objects.filter(id__in=given.values("application_id")), actor, counted=lambda a: a.id in counted
        ),
    )


def _all(dimension: str | None) -> QuerySet[Application]:
    rows = Application.objects.all() if settings.DEMO else Application.objects.filter(is_demo=False)
    return rows if dimension is None else rows.filter(version__procedure__slug=dimension)


def _received(period: Period, dimension: str | None) -> QuerySet[Application]:
    start, end = _instants(period)
    return _all(dimension).filter(submitted_at__gte=start, submitted_at__lt=end)


def _decisions(period: Period, dimension: str | None) -> QuerySet[TransitionRecord]:
    start, end = _instants(period)
    return (
        TransitionRecord.objects.filter(name="decide", at__gte=start, at__lt=end, application__in=_all(dimension))
        .select_related("application")
        .prefetch_related(Prefetch("application__corrections", queryset=Correction.objects.order_by("requested_at")))
    )


def _days(decision: TransitionRecord) -> int:
    return working_days_between(
        clock.local_date(decision.application.submitted_at),
        clock.local_date(decision.at),
        pauses=pauses_of(decision.application.corrections.all()),
    )


def _instants(period: Period) -> tuple[datetime, datetime]:
    """Both ends of the period's business days as instants; the second is the first one outside."""
    first = datetime.combine(period.start, time.min, tzinfo=clock.TOKYO)
    return first, datetime.combine(period.end + timedelta(days=1), time.min, tzinfo=clock.TOKYO)


def _rows(rows: QuerySet[Application], actor: Actor, *, counted: Callable[[Application], bool]) -> Sequence[Row]:
    shown = visible_to(actor, rows).select_related("version__procedure").order_by("submitted_at")[:MAX_ROWS]
    return [
        Row(
            label=a.number,
            counted=counted(a),
            detail=f"{clock.local_date(a.submitted_at):%Y/%m/%d}",
            record=(RECORD, a.id),
        )
        for a in shown
    ]
