"""What rides add up to: counted from their records, never with a place or a person. The plan's measures and the staff's page of figures are made of it.

Rides are those of service days in a period; requests and refusals those that were asked for in it. Samples (見本) count in demo mode only.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from souto.kernel import clock
from souto.kernel.measures import Period
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking

#: A ride of which nobody has said anything so long after its promised arrival counts as a promise that was not kept.
UNHEARD = timedelta(hours=1)
#: Statistics of fewer rides than this are not shown: they would speak of somebody.
FEW = 5


def counted(*, slug: str = "") -> QuerySet[Booking]:
    """The bookings that count, of one service or of all."""
    found = Booking.objects.all() if settings.DEMO else Booking.objects.filter(is_demo=False)
    return found.filter(day__service__slug=slug) if slug else found


def rides_of(period: Period, *, slug: str = "") -> QuerySet[Booking]:
    """Bookings of service days in the period."""
    return counted(slug=slug).filter(day__date__range=(period.start, period.end))


def asked_in(period: Period, *, slug: str = "") -> QuerySet[Booking]:
    """What was asked for in the period and answered for good: offers that nobody took are left out."""
    start = datetime.combine(period.start, time.min, clock.TOKYO)
    end = datetime.combine(period.end + timedelta(days=1), time.min, clock.TOKYO)
    return counted(slug=slug).filter(asked_at__gte=start, asked_at__lt=end).exclude(state=State.OFFERED)


@dataclass(frozen=True, slots=True)
class _Ride:
    day: UUID
    date: date
    state: str
    riders: dict[str, int]
    asked_at: datetime
    wanted_from: datetime | None
    promised_from: datetime | None
    promised_to: datetime | None
    promised_arrival: datetime | None
    met_at: datetime | None
    boarded_at: datetime | None
    alighted_at: datetime | None
    carried_by: str

    @property
    def wait(self) -> float | None:
        """Minutes from when the rider asked or wanted to ride, whichever is later, until she got on; None where an arrival was asked for."""
        if self.boarded_at is None or self.wanted_from is None:
            return None
        return max(0.0, (self.boarded_at - max(self.asked_at, self.wanted_from)).total_seconds() / 60)

    def kept(self, now: datetime) -> bool | None:
        """Whether the vehicle came within the promised window and arrived as promised, to the minute that was told; None where it cannot be said (yet)."""
        if self.promised_to is None or self.promised_arrival is None:
            return None
        came = self.met_at or self.boarded_at
        if self.state == State.COMPLETED and came is not None and self.alighted_at is not None:
            return _minute(came) <= _minute(self.promised_to) and _minute(self.alighted_at) <= _minute(
                self.promised_arrival
            )
        if self.state == State.NO_SHOW:
            return None if self.met_at is None else _minute(self.met_at) <= _minute(self.promised_to)
        overdue = self.state in {State.BOOKED, State.ABOARD} and now > self.promised_arrival + UNHEARD
        return False if overdue else None


_FIELDS = (
    "day_id",
    "day__date",
    "state",
    "riders",
    "asked_at",
    "wanted_from",
    "promised_from",
    "promised_to",
    "promised_arrival",
    "met_at",
    "boarded_at",
    "alighted_at",
    "carried_by",
)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the day: rides promised in it, refused requests for it, and how long riders waited (minutes)."""

    hour: int
    rides: int
    refused: int
    waits: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The sums of a period. `waits` in minutes, ascending; `promised` rides of which it can be said whether the promise was `kept`; `shared`: completed rides with another party aboard
    for part of the way.
    """

    asked: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    cancelled: int = 0
    coming: int = 0
    completed: int = 0
    missed: int = 0
    riders: int = 0
    waits: tuple[float, ...] = ()
    promised: int = 0
    kept: int = 0
    shared: int = 0
    hours: tuple[Hour, ...] = ()


def figures(period: Period, *, slug: str = "") -> Figures:
    """Everything at once; one look at the rides and one at the refusals."""
    rides = _rides(period, slug=slug)
    requests = asked_in(period, slug=slug)
    refusals = list(requests.filter(state=State.REFUSED).values_list("reason", "wanted_from"))
    states = Counter(ride.state for ride in rides)
    promises = promises_of(rides)
    done = [ride for ride in rides if ride.state == State.COMPLETED]
    return Figures(
        asked=requests.count(),
        refused=Counter(reason for reason, _ in refusals),
        cancelled=states[State.CANCELLED],
        coming=states[State.BOOKED] + states[State.ABOARD],
        completed=len(done),
        missed=states[State.NO_SHOW],
        riders=sum(sum(ride.riders.values()) for ride in done),
        waits=waits_of(rides),
        promised=len(promises),
        kept=sum(promises),
        shared=shared_of(done),
        hours=_hours(rides, [wanted for _, wanted in refusals if wanted is not None]),
    )


def _rides(period: Period, *, slug: str = "") -> list[_Ride]:
    rows = rides_of(period, slug=slug).exclude(state__in=[State.OFFERED, State.REFUSED]).values_list(*_FIELDS)
    return [_Ride(*row) for row in rows.iterator(chunk_size=5000)]


def waits(period: Period) -> tuple[float, ...]:
    """Minutes that riders of a period waited, ascending."""
    return waits_of(_rides(period))


def promises(period: Period) -> list[bool]:
    """For each ride of a period of which it can be said: whether its promise was kept."""
    return promises_of(_rides(period))


def shared(period: Period) -> tuple[int, int]:
    """Completed rides of a period that were shared with another party, and all completed ones."""
    done = [ride for ride in _rides(period) if ride.state == State.COMPLETED]
    return shared_of(done), len(done)


def waits_of(rides: Iterable[_Ride]) -> tuple[float, ...]:
    """Minutes that these riders waited, ascending."""
    return tuple(sorted(wait for ride in rides if (wait := ride.wait) is not None))


def promises_of(rides: Iterable[_Ride]) -> list[bool]:
    """Whether each promise was kept, of those that can be judged."""
    now = clock.now()
    return [kept for ride in rides if (kept := ride.kept(now)) is not None]


def shared_of(rides: Iterable[_Ride]) -> int:
    """How many of these completed rides had another one in the same vehicle for part of the way."""
    vehicles: dict[tuple[UUID, str], list[tuple[datetime, datetime]]] = defaultdict(list)
    for ride in rides:
        if ride.boarded_at is not None and ride.alighted_at is not None:
            vehicles[ride.day, ride.carried_by].append((ride.boarded_at, ride.alighted_at))
    return sum(
        sum(
            any(on < other_off and other_on < off for n, (other_on, other_off) in enumerate(spans) if n != m)
            for m, (on, off) in enumerate(spans)
        )
        for spans in vehicles.values()
    )


def _hours(rides: Sequence[_Ride], refused: Sequence[datetime]) -> tuple[Hour, ...]:
    by_hour: dict[int, list[_Ride]] = defaultdict(list)
    for ride in rides:
        if ride.state != State.CANCELLED and ride.promised_from is not None:
            by_hour[clock.local(ride.promised_from).hour].append(ride)
    turned = Counter(clock.local(moment).hour for moment in refused)
    present = [*by_hour, *turned]
    if not present:
        return ()
    return tuple(
        Hour(hour, len(by_hour[hour]), turned[hour], waits_of(by_hour[hour]))
        for hour in range(min(present), max(present) + 1)
    )


def middle(values: Sequence[float]) -> float | None:
    """The median; None of nothing."""
    return median(values) if values else None


def ninetieth(values: Sequence[float]) -> float | None:
    """The 90th percentile of ascending values by the nearest rank: nine of ten are no larger; None of nothing."""
    return values[math.ceil(0.9 * len(values)) - 1] if values else None
