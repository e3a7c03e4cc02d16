"""Plans as JSON for a versioned row: every value of the model to plain lists, numbers and texts, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from souto.services.transit.dispatch.model import (
    Break,
    Constraint,
    ModelError,
    Objective,
    Promise,
    Request,
    Seats,
    Vehicle,
    Visit,
    Window,
)
from souto.services.transit.dispatch.network import Network
from souto.services.transit.dispatch.plan import Call, CallKind, Plan, Route

#: Raised with every change that an older reader would misunderstand.
FORMAT = 1


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """A plan as JSON."""
    return {
        "format": FORMAT,
        "network": plan.network.fingerprint,
        "now": plan.now,
        "objective": asdict(plan.objective),
        "vehicles": [_vehicle(vehicle) for vehicle in plan.vehicles],
        "routes": [
            {
                "vehicle": route.vehicle,
                "calls": [[call.kind.value, call.id] for call in route.calls],
                "fixed": route.fixed,
                "began": list(route.began),
            }
            for route in plan.routes
        ],
        "requests": [request_to_json(request) for request in plan.requests.values()],
        "promises": {key: promise_to_json(promise) for key, promise in plan.promises.items()},
        "unserved": list(plan.unserved),
    }


def plan_from_json(row: Mapping[str, Any], network: Network) -> Plan:
    """A plan from its JSON; see `Plan.from_json`."""
    if row.get("format") != FORMAT:
        raise ModelError(Constraint.FIXED, f"a plan of format {row.get('format')!r} cannot be read")
    if row["network"] != network.fingerprint:
        raise ModelError(Constraint.FIXED, "the plan was made on another network")
    vehicles = tuple(_read_vehicle(vehicle) for vehicle in row["vehicles"])
    routes = tuple(
        Route(
            route["vehicle"],
            tuple(Call(CallKind(kind), key) for kind, key in route["calls"]),
            route["fixed"],
            tuple(route["began"]),
        )
        for route in row["routes"]
    )
    if [route.vehicle for route in routes] != [vehicle.id for vehicle in vehicles]:
        raise ModelError(Constraint.FIXED, "routes and vehicles of the plan do not belong together")
    requests = {request["id"]: request_from_json(request) for request in row["requests"]}
    return Plan(
        network,
        vehicles,
        routes,
        MappingProxyType(requests),
        MappingProxyType({key: promise_from_json(promise) for key, promise in row["promises"].items()}),
        tuple(row["unserved"]),
        row["now"],
        Objective(**row["objective"]),
    )


def request_to_json(request: Request) -> dict[str, Any]:
    """A request as JSON."""
    return {
        "id": request.id,
        "pickup": _visit(request.pickup),
        "dropoff": _visit(request.dropoff),
        "party": list(request.party.vector),
        "max_ride": _number(request.max_ride),
        "direct": request.direct,
        "barred": sorted(request.barred),
        "apart_from": sorted(request.apart_from),
        "returns": request.returns,
        "stay": request.stay,
        "pickup_instead": list(request.pickup_instead),
        "dropoff_instead": list(request.dropoff_instead),
    }


def request_from_json(row: Mapping[str, Any]) -> Request:
    """A request from its JSON."""
    return Request(
        id=row["id"],
        pickup=_read_visit(row["pickup"]),
        dropoff=_read_visit(row["dropoff"]),
        party=Seats(*row["party"]),
        max_ride=_read_number(row["max_ride"]),
        direct=row["direct"],
        barred=frozenset(row["barred"]),
        apart_from=frozenset(row["apart_from"]),
        returns=row["returns"],
        stay=row["stay"],
        pickup_instead=tuple(row["pickup_instead"]),
        dropoff_instead=tuple(row["dropoff_instead"]),
    )


def promise_to_json(promise: Promise) -> list[list[float | None]]:
    """A promise as JSON: the windows of pickup and drop-off."""
    return [_window(promise.pickup), _window(promise.dropoff)]


def promise_from_json(row: list[list[float | None]]) -> Promise:
    """A promise from its JSON."""
    return Promise(_read_window(row[0]), _read_window(row[1]))


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _read_number(value: float | None) -> float:
    return math.inf if value is None else value


def _window(window: Window) -> list[float | None]:
    return [_number(window.earliest), _number(window.latest)]


def _read_window(row: list[float | None]) -> Window:
    earliest, latest = row
    return Window(-math.inf if earliest is None else earliest, _read_number(latest))


def _visit(visit: Visit) -> dict[str, Any]:
    return {"place": visit.place, "window": _window(visit.window), "service": visit.service}


def _read_visit(row: Mapping[str, Any]) -> Visit:
    return Visit(row["place"], _read_window(row["window"]), row["service"])


def _vehicle(vehicle: Vehicle) -> dict[str, Any]:
    return {
        "id": vehicle.id,
        "start": vehicle.start,
        "end": vehicle.end,
        "shift": _window(vehicle.shift),
        "layouts": [list(layout.vector) for layout in vehicle.layouts],
        "breaks": [
            {"id": rest.id, "window": _window(rest.window), "duration": rest.duration, "place": rest.place}
            for rest in vehicle.breaks
        ],
        "max_duration": _number(vehicle.max_duration),
        "fixed_cost": vehicle.fixed_cost,
        "closed": vehicle.closed,
    }


def _read_vehicle(row: Mapping[str, Any]) -> Vehicle:
    return Vehicle(
        id=row["id"],
        start=row["start"],
        end=row["end"],
        shift=_read_window(row["shift"]),
        layouts=tuple(Seats(*layout) for layout in row["layouts"]),
        breaks=tuple(
            Break(rest["id"], _read_window(rest["window"]), rest["duration"], rest["place"]) for rest in row["breaks"]
        ),
        max_duration=_read_number(row["max_duration"]),
        fixed_cost=row["fixed_cost"],
        closed=row.get("closed", False),
    )
