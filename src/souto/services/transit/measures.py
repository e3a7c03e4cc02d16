"""Figures of demand transit for the plan: counts only, never a ride of anybody."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.measures import Measured, Period, measure, share
from souto.services.transit import coverage_measures  # noqa: F401 - registers its figure
from souto.services.transit.lifecycle import RIDES, State
from souto.services.transit.models import Booking


def _real() -> QuerySet[Booking]:
    return Booking.objects.all() if settings.DEMO else Booking.objects.filter(is_demo=False)


@measure(
    "transit.rides",
    unit="件",
    title="デマンド交通の予約された乗車",
    definition="運行日が期間中の乗車のうち、予約され、取り消されていないものの件数。往復は2件と数えます。",
)
def rides(period: Period, _dimension: str | None, *, actor: Actor) -> Measured:  # noqa: ARG001 - no rows: a ride is nobody's business
    """Rides of days in the period that are booked."""
    count = _real().filter(state__in=RIDES, day__date__range=(period.start, period.end)).count()
    return Measured(value=Decimal(count), as_of=clock.now(), numerator=count)


@measure(
    "transit.refused_share",
    unit="%",
    title="デマンド交通で断った依頼の割合",
    definition="期間中の乗車の依頼のうち、お受けできなかったものの割合。理由は記録に残ります。",
)
def refused_share(period: Period, _dimension: str | None, *, actor: Actor) -> Measured:  # noqa: ARG001 - no rows: a ride is nobody's business
    """Refused rides among all that were asked for in the period; offers that nobody took are in neither count."""
    start = datetime.combine(period.start, time.min, clock.TOKYO)
    end = datetime.combine(period.end, time.max, clock.TOKYO)
    asked = _real().filter(asked_at__range=(start, end)).exclude(state=State.OFFERED)
    return share(asked.filter(state=State.REFUSED).count(), asked.count(), as_of=clock.now())
