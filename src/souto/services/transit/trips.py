"""What a rider asks for, and how the engine is asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from souto.services.transit.definition import RiderClass, ServiceDefinition
from souto.services.transit.models import TripRow

if TYPE_CHECKING:
    from souto.services.transit import dispatch
    from souto.services.transit.ways import Ways

#: How far a rider may be asked to walk to another stop, metres.
WALK = 800
#: How many other stops a refusal may propose at either end.
NEIGHBOURS = 2


class When(StrEnum):
    """What the time asked for means."""

    DEPART = "depart"
    ARRIVE = "arrive"


class Reason(StrEnum):
    """Why a ride is refused. The first ones are the service's rules, the others what the engine found binding."""

    CLOSED = "closed"
    HOURS = "hours"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    UNKNOWN_STOP = "unknown_stop"
    PARTY_RULE = "party_rule"
    TOO_MANY = "too_many"
    SAME_PLACE = "same_place"
    EMPTY_PARTY = "empty_party"
    PAST = "past"
    UNREACHABLE = "unreachable"
    UNKNOWN_PLACE = "unknown_place"
    PARTY = "party"
    CAPACITY = "capacity"
    WINDOW = "window"
    RIDE_TIME = "ride_time"
    PROMISE = "promise"
    SHIFT = "shift"
    BREAK = "break"
    EXCLUSION = "exclusion"
    DIRECT = "direct"
    LINK = "link"


#: What the rider reads.
REASONS: dict[str, str] = {
    Reason.CLOSED: gettext_noop("この日は運行していません。"),
    Reason.HOURS: gettext_noop("この時間は運行していません。"),
    Reason.TOO_EARLY: gettext_noop("この日の予約は、まだ始まっていません。"),
    Reason.TOO_LATE: gettext_noop("この時間の予約は締め切りました。"),
    Reason.UNKNOWN_STOP: gettext_noop("この場所は区域の外か、停留所ではありません。"),
    Reason.PARTY_RULE: gettext_noop("一度に予約できる人数を超えています。"),
    Reason.TOO_MANY: gettext_noop("予約が多すぎます。乗らない予約を取り消してください。"),
    Reason.SAME_PLACE: gettext_noop("乗る場所と降りる場所が同じです。"),
    Reason.EMPTY_PARTY: gettext_noop("乗る人が選ばれていません。"),
    Reason.PAST: gettext_noop("選んだ時刻は過ぎました。"),
    Reason.UNREACHABLE: gettext_noop("この2つの場所のあいだを走れる道がありません。"),
    Reason.UNKNOWN_PLACE: gettext_noop("この場所は区域の外か、停留所ではありません。"),
    Reason.PARTY: gettext_noop("全員が乗れる車両がありません。"),
    Reason.CAPACITY: gettext_noop("この時間の車両は満席です。"),
    Reason.WINDOW: gettext_noop("この時間に行ける車両がありません。"),
    Reason.RIDE_TIME: gettext_noop("乗っている時間が、決まりより長くなります。"),
    Reason.PROMISE: gettext_noop("先に予約した人とのお約束を守れなくなります。"),
    Reason.SHIFT: gettext_noop("運転手の勤務が終わるまでに着けません。"),
    Reason.BREAK: gettext_noop("運転手が休憩する時間です。"),
    Reason.EXCLUSION: gettext_noop("乗れる車両がありません。"),
    Reason.DIRECT: gettext_noop("途中で止まらずに行ける車両がありません。"),
    Reason.LINK: gettext_noop("行きの便が着く前に、帰りの便が出てしまいます。"),
}


@dataclass(frozen=True, slots=True)
class Trip:
    """A ride as it is asked for: stops by code, `at` in seconds since midnight of `day`; `riders` counts everybody, those in wheelchairs too. `walk_from`, `walk_to`:
    metres on foot to the first stop and from the last one; None where nobody said from or to where.
    """

    origin: str
    goal: str
    day: date
    at: int
    riders: Mapping[RiderClass, int]
    when: When = When.DEPART
    wheelchairs: int = 0
    walk_from: int | None = None
    walk_to: int | None = None

    def row(self) -> TripRow:
        """As it is kept with a booking."""
        row = TripRow(origin=self.origin, goal=self.goal, when=self.when.value, at=self.at)
        if self.walk_from is not None:
            row["walk_from"] = self.walk_from
        if self.walk_to is not None:
            row["walk_to"] = self.walk_to
        return row

    def home(self, at: int) -> Trip:
        """The trip back, from `at` on."""
        back = replace(self, origin=self.goal, goal=self.origin, walk_from=self.walk_to, walk_to=self.walk_from)
        return replace(back, at=at, when=When.DEPART)


def network(ways: Ways) -> dispatch.Network:
    """The ways of a version as the engine takes them: travel at free flow, slower in the hours that its factors name."""
    from souto.services.transit import dispatch

    hours = tuple(3600.0 * hour for hour in range(len(ways["factors"])))
    profile = dispatch.Profile(since=hours, speed=tuple(1 / factor for factor in ways["factors"]))
    return dispatch.Network.of(ways["stops"], ways["seconds"], profile=profile)


def fleet(definition: ServiceDefinition) -> list[dispatch.Vehicle]:
    """The vehicles of a version with their shifts and breaks."""
    from souto.services.transit import dispatch

    return [
        dispatch.Vehicle(
            id=vehicle.code,
            start=vehicle.depot,
            end=vehicle.depot,
            shift=dispatch.Window(vehicle.begins, vehicle.ends),
            layouts=tuple(dispatch.Seats(layout.seat, layout.wheelchair) for layout in vehicle.layouts),
            breaks=tuple(
                dispatch.Break(f"{vehicle.code}-{n}", dispatch.Window(r.earliest, r.latest), 60.0 * r.minutes, r.stop)
                for n, r in enumerate(vehicle.breaks)
            ),
        )
        for vehicle in definition.vehicles
    ]


def request(
    key: str, trip: Trip, definition: ServiceDefinition, ways: Ways, *, returns: str | None = None
) -> dispatch.Request:
    """The engine's request: pickup from the time asked for until `search_minutes` later (or arrival so long before), within the hours of service."""
    from souto.services.transit import dispatch

    hours, search = definition.hours, 60.0 * definition.booking.search_minutes
    if trip.when is When.DEPART:
        pickup = dispatch.Window(trip.at, min(trip.at + search, hours.closes))
        dropoff = dispatch.Window(trip.at, hours.closes)
    else:
        pickup = dispatch.Window(hours.opens, trip.at)
        dropoff = dispatch.Window(max(hours.opens, trip.at - search), trip.at)
    index = {code: number for number, code in enumerate(ways["stops"])}
    direct = ways["seconds"][index[trip.origin]][index[trip.goal]]
    # Speeds are slowest in the hour with the largest factor: the longest ride is measured against that.
    longest = definition.ride.longest(direct * max(ways["factors"]))
    service = definition.ride.service(wheelchairs=trip.wheelchairs)
    party = dispatch.Seats(sum(trip.riders.values()) - trip.wheelchairs, trip.wheelchairs)
    return dispatch.Request(
        id=key,
        pickup=dispatch.Visit(trip.origin, pickup, service),
        dropoff=dispatch.Visit(trip.goal, dropoff, service),
        party=party,
        max_ride=longest,
        returns=returns,
        pickup_instead=near(ways, trip.origin, trip.goal),
        dropoff_instead=near(ways, trip.goal, trip.origin),
    )


def near(ways: Ways, code: str, other: str) -> tuple[str, ...]:
    """The stops to which one can walk from a stop, nearest first, without the other end of the ride."""
    metres = ways["metres"][ways["stops"].index(code)]
    found = sorted((metres[n], stop) for n, stop in enumerate(ways["stops"]) if stop not in {code, other})
    return tuple(stop for distance, stop in found if distance <= WALK)[:NEIGHBOURS]
