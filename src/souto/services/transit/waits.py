"""How long one would wait now: asked of the engine on a request that nobody keeps.

The answer is kept for `KEPT` seconds for each pair of stops, and no process asks the engine more often than `A_SECOND` times a second, so that strangers' questions never
keep a rider from booking. Waits are whole minutes, rounded up: what others have booked is not to be read out of them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import cast
from uuid import UUID

from souto.kernel import clock
from souto.kernel.errors import SoutoError
from souto.services.transit import answers, calendar, engine, feeds, plans, trips
from souto.services.transit.definition import RiderClass, ServiceDefinition
from souto.services.transit.models import ServiceVersion
from souto.services.transit.nearby import nearest_stop
from souto.services.transit.publishing import Published
from souto.services.transit.trips import Trip
from souto.services.transit.ways import Ways

#: Seconds for which an answer holds.
KEPT = 30
#: Questions to the engine that a process asks in a second, at most.
A_SECOND = 20
#: Answers that a process keeps.
MOST = 10_000

_Pair = tuple[UUID, str, str]
_kept: OrderedDict[_Pair, tuple[float, int | None]] = OrderedDict()
_second = [0, 0]
_lock = threading.Lock()


class AskedTooOftenError(SoutoError):
    """Others ask so much that this question has to wait (429)."""

    message = "問い合わせが多いため、いまは答えられません。少し待ってから、もう一度お試しください。"
    status = 429
    retry_after = 1


def waits(published: Published, query: feeds.WaitQuery) -> dict[str, int]:
    """Seconds until pickup by route, for each service that runs now and has a stop within walking distance of the place. Without a destination: to the
    stop that is nearest to the pickup.

    Raises:
        AskedTooOftenError: the engine may not be asked again within this second.
        EngineStartingError: the engine is being compiled or loaded.
    """
    found: dict[str, int] = {}
    for version in published.versions:
        route = published.route_of[version.id]
        if (
            version.valid_from is None
            or version.valid_from > clock.today()
            or (query.brands and route not in query.brands)
        ):
            continue
        pair = _pair(version.definition, query)
        wait = None if pair is None else _wait(version, *pair)
        if wait is not None:
            found[route] = wait
    return found


def _pair(definition: ServiceDefinition, query: feeds.WaitQuery) -> tuple[str, str] | None:
    """The stops at both ends; None where one has to walk too far to either."""
    origin = nearest_stop(definition, query.pickup.lat, query.pickup.lon, within=trips.WALK)
    if origin is None:
        return None
    stop = definition.stop(origin)
    if query.drop_off is not None:
        goal = nearest_stop(definition, query.drop_off.lat, query.drop_off.lon, within=trips.WALK)
    else:
        assert stop is not None
        goal = nearest_stop(definition, stop.lat, stop.lon, within=None, other_than=origin)
    return None if goal is None or goal == origin else (origin, goal)


def _wait(version: ServiceVersion, origin: str, goal: str) -> int | None:
    key, now = (version.id, origin, goal), clock.real_now().timestamp()
    with _lock:
        kept = _kept.get(key)
        if kept is not None and now - kept[0] < KEPT:
            return kept[1]
        if int(now) != _second[0]:
            _second[:] = [int(now), 0]
        if _second[1] >= A_SECOND:
            raise AskedTooOftenError
        _second[1] += 1
    wait = _ask(version, origin, goal)
    with _lock:
        _kept[key] = (now, wait)
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return wait


def _ask(version: ServiceVersion, origin: str, goal: str) -> int | None:
    from souto.services.transit import dispatch

    engine.require()
    today = clock.today()
    held, plan = plans.look(version, today)
    definition, now = held.definition, calendar.seconds_into(today, clock.now())
    soonest = int(-(-(now + 60 * definition.booking.closes_minutes) // 60) * 60)
    trip = Trip(origin, goal, today, soonest, {RiderClass.ADULT: 1})
    if answers.against_rules(definition, trip, open_rides=0) is not None:
        return None
    wanted = trips.request("wait", trip, definition, cast("Ways", held.ways))
    found = dispatch.insert(plan, wanted, slack=answers.slack(definition), explain=False)
    return None if isinstance(found, dispatch.Refusal) else max(0, int(-(-(found.pickup_at - now) // 60) * 60))


def forget_waits() -> None:
    """Ask everything anew at the next question."""
    with _lock:
        _kept.clear()
        _second[:] = [0, 0]
