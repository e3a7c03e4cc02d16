"""What a planner asks: the week and its wishes, and how a service is varied."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from souto.services.transit.definition import ServiceDefinition, VehicleRule

_STRICT = ConfigDict(frozen=True, extra="forbid")


class Question(BaseModel):
    """The week that all alternatives are tried on, and what vehicles cost.

    `rides_per_1000`: outward rides that 1,000 inhabitants want on a usual weekday; `returns`, `ahead`: shares of rides with a way back and of those asked for on an
    earlier day; `walk_m`: how far people walk to a stop, straight. Yen for each hour that a vehicle is on shift, and for each kilometre.
    """

    model_config = _STRICT

    first: date
    days: Annotated[int, Field(ge=1, le=14)] = 7
    seed: Annotated[int, Field(ge=0, le=2**31)] = 1
    rides_per_1000: Annotated[float, Field(gt=0, le=200)] = 4.0
    returns: Annotated[float, Field(ge=0, le=1)] = 0.85
    ahead: Annotated[float, Field(ge=0, le=1)] = 0.45
    walk_m: Annotated[float, Field(ge=50, le=3000)] = 500
    yen_per_hour: Annotated[int, Field(ge=0, le=100_000)] = 4_000
    yen_per_km: Annotated[int, Field(ge=0, le=10_000)] = 40


class Variation(BaseModel):
    """What is different from the version: how many vehicles, minutes of the promised window and of the search, the factor of the longest ride. None: as it stands."""

    model_config = _STRICT

    vehicles: Annotated[int, Field(ge=1, le=60)] | None = None
    promise_minutes: Annotated[int, Field(ge=1, le=60)] | None = None
    search_minutes: Annotated[int, Field(ge=5, le=240)] | None = None
    factor: Annotated[float, Field(ge=1, le=5)] | None = None

    def of(self, definition: ServiceDefinition) -> ServiceDefinition:
        """The service with the variation. A larger fleet repeats the vehicles in their order, a smaller one leaves out the last."""
        booking = {name: value for name in ("promise_minutes", "search_minutes") if (value := getattr(self, name))}
        changes: dict[str, Any] = {"booking": definition.booking.model_copy(update=booking)}
        if self.factor is not None:
            changes["ride"] = definition.ride.model_copy(update={"factor": self.factor})
        if self.vehicles is not None:
            changes["vehicles"] = _fleet(definition.vehicles, self.vehicles)
        return definition.model_copy(update=changes)


def _fleet(vehicles: tuple[VehicleRule, ...], number: int) -> tuple[VehicleRule, ...]:
    taken = {vehicle.code for vehicle in vehicles}
    fleet = list(vehicles[:number])
    while vehicles and len(fleet) < number:
        model = vehicles[len(fleet) % len(vehicles)]
        code = f"{model.code[:40]}-{len(fleet) + 1}"
        while code in taken:
            code += "x"
        taken.add(code)
        fleet.append(model.model_copy(update={"code": code}))
    return tuple(fleet)
