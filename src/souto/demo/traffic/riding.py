"""People of the demo who book rides by telephone. They are made up; their numbers reach nobody."""

from __future__ import annotations

import random
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.services.transit import actions, queries
from souto.services.transit.actions import RiderClass, Trip, When

if TYPE_CHECKING:
    from souto.services.transit.definition import ServiceDefinition
    from souto.services.transit.models import Contact, ServiceDay

SYSTEM = Actor.system("demo.traffic")
#: Rides to come, for each vehicle, towards which people keep booking.
AHEAD = 5
#: Rides asked for in one look.
AT_ONCE = 4
_FAMILY = (
    "青木",
    "石川",
    "上野",
    "遠藤",
    "岡田",
    "加藤",
    "木村",
    "小林",
    "佐々木",
    "清水",
    "鈴木",
    "高橋",
    "中村",
    "西田",
    "橋本",
    "福田",
    "松井",
    "宮崎",
    "山口",
    "渡辺",
)
_KANA = (
    "アオキ",
    "イシカワ",
    "ウエノ",
    "エンドウ",
    "オカダ",
    "カトウ",
    "キムラ",
    "コバヤシ",
    "ササキ",
    "シミズ",
    "スズキ",
    "タカハシ",
    "ナカムラ",
    "ニシダ",
    "ハシモト",
    "フクダ",
    "マツイ",
    "ミヤザキ",
    "ヤマグチ",
    "ワタナベ",
)


def book_rides(day: ServiceDay, dice: random.Random) -> int:
    """Let people ask for rides of the next two hours until the vehicles have enough to do; how many were booked."""
    definition = day.version.definition
    now = _seconds()
    running = [one for one in definition.vehicles if one.begins <= now + 3600 and now < one.ends]
    booked = 0
    for _ in range(min(AT_ONCE, AHEAD * len(running) - queries.rides_ahead(day))):
        trip = _wish(definition, day.date, dice)
        offer = actions.ask(actor=SYSTEM, slug=definition.slug, trip=trip, contact=_caller(dice))
        if not offer.reason:
            booked += actions.book(actor=SYSTEM, booking_id=offer.id).booked_at is not None
    return booked


def _seconds() -> float:
    """Seconds since midnight in Tokyo."""
    now = clock.local(clock.now())
    return (now - datetime.combine(now.date(), time.min, clock.TOKYO)).total_seconds()


def _wish(definition: ServiceDefinition, day: date, dice: random.Random) -> Trip:
    origin, goal = dice.sample(definition.stops, 2)
    soonest = _seconds() + 60 * definition.booking.closes_minutes
    first = max(soonest, definition.hours.opens)
    at = int(min(first + dice.uniform(60, 6600), definition.hours.closes - 2400) // 300 * 300 + 300)
    riders = dice.choice(
        [
            {RiderClass.ADULT: 1},
            {RiderClass.ADULT: 1},
            {RiderClass.ADULT: 2},
            {RiderClass.ASSISTED: 1},
            {RiderClass.ADULT: 1, RiderClass.CHILD: 1},
        ]
    )
    chairs = int(RiderClass.ASSISTED in riders and dice.random() < 0.4)
    return Trip(origin.code, goal.code, day, at, riders, dice.choice([When.DEPART, When.DEPART, When.ARRIVE]), chairs)


def _caller(dice: random.Random) -> Contact:
    number = dice.randrange(len(_FAMILY))
    return {"name": f"{_FAMILY[number]}（{_KANA[number]}）", "phone": f"000-0000-{dice.randrange(10_000):04d}"}
