"""Plans of service days: read through a cache of the versioned row, written by compare-and-swap."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db import transaction

from souto.foundation.vault.models import seal_json
from souto.kernel import clock
from souto.services.transit import calendar, trips
from souto.services.transit.models import ServiceDay, ServiceVersion
from souto.services.transit.ways import Ways

if TYPE_CHECKING:
    from souto.services.transit import dispatch

#: Plans that a process keeps.
KEPT = 64
#: How much later seconds of a new rider weigh against seconds of driving: a vehicle drives 2 minutes more to bring somebody 4 minutes earlier.
WAITING = 0.5

_cache: OrderedDict[UUID, tuple[int, dispatch.Plan]] = OrderedDict()
_lock = threading.Lock()


@lru_cache(maxsize=32)
def _network(version_id: UUID) -> dispatch.Network:
    version = ServiceVersion.objects.get(pk=version_id)
    return trips.network(cast("Ways", version.ways))


def day_of(version: ServiceVersion, day: date) -> ServiceDay:
    """The row of a service day; made with an empty plan at the first question."""
    found = ServiceDay.objects.select_related("version").filter(service_id=version.service_id, date=day).first()
    if found is not None:
        return found
    fresh = ServiceDay(service_id=version.service_id, version=version, date=day)
    fresh.plan = _empty(version).to_json()
    ServiceDay.objects.bulk_create([fresh], ignore_conflicts=True)  # somebody may have been first
    return ServiceDay.objects.select_related("version").get(service_id=version.service_id, date=day)


def _empty(version: ServiceVersion) -> dispatch.Plan:
    from souto.services.transit import dispatch

    return dispatch.Plan.empty(
        _network(version.id), trips.fleet(version.definition), objective=dispatch.Objective(waiting=WAITING)
    )


def look(version: ServiceVersion, day: date) -> tuple[ServiceVersion, dispatch.Plan]:
    """The version on which a day runs and its plan advanced to now, for reading only: a day that nobody has asked for gets no row."""
    found = ServiceDay.objects.select_related("version").filter(service_id=version.service_id, date=day).first()
    if found is not None:
        return found.version, read(found)
    now = calendar.seconds_into(day, clock.now())
    return version, _empty(version).advance(now) if now > 0 else _empty(version)


def read(day: ServiceDay) -> dispatch.Plan:
    """The plan of the row as it was read, at this moment: vehicles that have to leave by now are on their way.

    How late it is comes from the clock at each reading and from what has been driven, never from the row: a clock that once jumped ahead leaves nothing behind.
    """
    from souto.services.transit import dispatch

    with _lock:
        known = _cache.get(day.id)
    if known is not None and known[0] == day.plan_version:
        plan = known[1]
    else:
        plan = dispatch.Plan.from_json(day.plan, _network(day.version_id))
        _keep(day.id, day.plan_version, plan)
    driven = max((route.began[-1] for route in plan.routes if route.began), default=0.0)
    now = max(0.0, driven, calendar.seconds_into(day.date, clock.now()))
    if now == plan.now:
        return plan
    # Who had to leave by now has left, by the plan as it was when it was last changed.
    then = replace(_possible(plan, day, now), now=max(driven, min(plan.now, now)), _memory={})
    return replace(dispatch.under_way(then, by=now), now=now, _memory={})


def _possible(plan: dispatch.Plan, day: ServiceDay, now: float) -> dispatch.Plan:
    """The plan without vehicles that have left their start in the future: a clock had jumped ahead."""
    wrong = [
        number
        for number, (vehicle, route) in enumerate(plan.fleet())
        if route.fixed and not route.began and vehicle.shift.earliest > now + 60
    ]
    if not wrong:
        return plan
    shifts = {vehicle.id: vehicle.shift for vehicle in trips.fleet(day.version.definition)}
    vehicles, routes = list(plan.vehicles), list(plan.routes)
    for number in wrong:
        vehicles[number] = replace(vehicles[number], shift=shifts[vehicles[number].id])
        routes[number] = replace(routes[number], fixed=0)
    return replace(plan, vehicles=tuple(vehicles), routes=tuple(routes), _memory={})


def swap(day: ServiceDay, plan: dispatch.Plan) -> bool:
    """Store a plan that was computed on the row as it was read; False where somebody else has stored another one since.

    Inside a transaction: whoever comes second waits here for the first one's commit, and then loses.
    """
    sealed = seal_json(plan.to_json(), key_id=day.key_id, column="transit.serviceday.plan_sealed")
    won = ServiceDay.objects.filter(pk=day.pk, plan_version=day.plan_version).update(
        plan_sealed=sealed, plan_version=day.plan_version + 1
    )
    if won:
        key, number = day.id, day.plan_version + 1
        transaction.on_commit(lambda: _keep(key, number, plan))
    return bool(won)


def _keep(key: UUID, number: int, plan: dispatch.Plan) -> None:
    with _lock:
        known = _cache.get(key)
        if known is None or known[0] <= number:
            _cache[key] = (number, plan)
            _cache.move_to_end(key)
        while len(_cache) > KEPT:
            _cache.popitem(last=False)
