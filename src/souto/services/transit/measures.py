"""Figures of demand transit for the plan: counts and statistics only, never a ride of anybody."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.measures import Measured, Period, measure, share
from souto.services.transit import coverage_measures, figures, queries  # noqa: F401 - registers its figure
from souto.services.transit.lifecycle import RIDES, State

# None of them has rows: a ride is nobody's business.


@measure(
    "transit.rides",
    unit="件",
    title="デマンド交通の予約された乗車",
    definition="運行日が期間中の乗車のうち、予約され、取り消されていないものの件数。往復は2件と数えます。",
)
def rides(period: Period, _dimension: str | None, *, actor: Actor) -> Measured:  # noqa: ARG001
    """Rides of days in the period that are booked."""
    count = figures.rides_of(period).filter(state__in=RIDES).count()
    return Measured(value=Decimal(count), as_of=clock.now(), numerator=count)


@measure(
    "transit.completed",
    unit="件",
    title="デマンド交通の乗車の件数",
    definition="運行日が期間中の乗車のうち、目的地で降りたものの件数。何人で乗っても1件、往復は2件と数えます。",
)
def completed(period: Period, _dimension: str | None, *, actor: Actor) -> Measured:  # noqa: ARG001
    """Rides of days in the period that reached their destination."""
    count = figures.rides_of(period).filter(state=State.COMPLETED).count()
    return Measured(value=Decimal(count), as_of=clock.now(), numerator=count)


@measure(
    "transit.refused_share",
    unit="%",
    title="デマンド交通で断った依頼の割合",
    definition="期間中の乗車の依頼のうち、お受けできなかったものの割合。理由は記録に残り、理由ごとにも測れます。",
    dimensions=("reason",),
)
def refused_share(period: Period, dimension: str | None, *, actor: Actor) -> Measured:  # noqa: ARG001
    """Refused rides (of one reason: `trips.Reason`) among all that were asked for in the period; offers that nobody took are in neither count."""
    asked = figures.asked_in(period)
    refused = asked.filter(state=State.REFUSED)
    if dimension is not None:
        refused = refused.filter(reason=dimension)
    return share(refused.count(), asked.count(), as_of=clock.now())


_WAIT = (
    "運行日が期間中の乗車について、依頼した時と乗りたい時の遅いほうから、乗車した時までの分数。「できるだけ早く」の依頼は、依頼した時から数えます。"
    "着く時刻を指定した乗車は数えません。"
)


@measure("transit.wait_median", unit="分", title="デマンド交通の待ち時間（中央値）", definition=f"{_WAIT}その中央値。")
def wait_median(period: Period, _dimension: str | None, *, actor: Actor) -> Measured:  # noqa: ARG001
    """The median wait; `denominator`: rides that were counted."""
    found = figures.waits(period)
    return _statistic(figures.middle(found), len(found))


@measure(
    "transit.wait_p90",
    unit="分",
    title="デマンド交通の待ち時間（90パーセンタイル）",
    definition=f"{_WAIT}10件のうち9件がこの値以下です。",
)
def wait_p90(period: Period, _dimension: str | None, *, actor: Actor) -> Measured:  # noqa: ARG001
    """The wait that nine of ten rides did not exceed; `denominator`: rides that were counted."""
    found = figures.waits(period)
    return _statistic(figures.ninetieth(found), len(found))


def _statistic(value: float | None, number: int) -> Measured:
    shown = None if value is None else Decimal(str(value)).quantize(Decimal("0.1"))
    return Measured(value=shown, as_of=clock.now(), denominator=number)


@measure(
    "transit.kept_promises",
    unit="%",
    title="デマンド交通のお約束を守れた割合",
    definition=(
        "運行日が期間中の乗車のうち、お約束の時間までに車両が迎えに来て、お約束の時刻までに着いたものの割合。乗る人が来なかった乗車は、迎えの時間だけで数えます。"
        "着く時刻を1時間過ぎても記録のない乗車は、守れなかったものとします。乗る人が取り消した乗車は分母に入りません。"
    ),
)
def kept_promises(period: Period, _dimension: str | None, *, actor: Actor) -> Measured:  # noqa: ARG001
    """Rides whose vehicle came by the end of the promised window and arrived by the promised moment, to the minute. What riders were told later instead does not count."""
    found = figures.promises(period)
    return share(sum(found), len(found), as_of=clock.now())


@measure(
    "transit.shared_rides",
    unit="%",
    title="デマンド交通の相乗りの割合",
    definition="運行日が期間中で目的地に着いた乗車のうち、途中の一部でも、別に予約した人が同じ車両に乗っていたものの割合。",
)
def shared_rides(period: Period, _dimension: str | None, *, actor: Actor) -> Measured:  # noqa: ARG001
    """Completed rides with another party aboard for part of the way."""
    together, every = figures.shared(period)
    return share(together, every, as_of=clock.now())


@measure(
    "transit.cost_per_ride",
    unit="円",
    title="デマンド交通の乗車1件あたりの費用",
    definition=(
        "期間に入る月のうち費用が入力された月について、費用の合計を、同じ月に目的地で降りた乗車の件数で割ったもの。"
        "費用は担当課が会計の資料から出典を付けて入力します。運賃の収入は引きません。"
    ),
)
def cost_per_ride(period: Period, _dimension: str | None, *, actor: Actor) -> Measured:  # noqa: ARG001
    """Typed costs of whole months within the period over the completed rides of just these months and services; None without either."""
    entered = queries.costs(first=period.start, last=period.end)
    total = sum(row.yen for row in entered)
    number = sum(_completed_in(row.month, row.service.slug) for row in entered)
    value = None if number == 0 else (Decimal(total) / number).quantize(Decimal(1))
    months = "、".join(dict.fromkeys(f"{row.month.year}年{row.month.month}月" for row in entered))
    return Measured(
        value=value,
        as_of=clock.now(),
        denominator=number,
        assumptions={"費用を入力した月": months} if months else {},
    )


def _completed_in(month: date, slug: str) -> int:
    days = {"day__date__year": month.year, "day__date__month": month.month}
    return figures.counted(slug=slug).filter(state=State.COMPLETED, **days).count()
