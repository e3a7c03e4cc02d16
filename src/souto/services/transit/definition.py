"""A demand-transit service as data: zone, virtual stops, hours, vehicles, fares, rules of booking and of riding.

Times of day are written `"HH:MM"` and read as seconds since midnight of the service day; hours past 24 belong to the same day. Coordinates are WGS 84
degrees, money is whole yen.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError, model_validator

from souto.kernel.errors import SoutoError

_STRICT = ConfigDict(frozen=True, extra="forbid")
_CLOCK = re.compile(r"([0-2]?[0-9]):([0-5][0-9])")
#: The longest service day: until 29:59.
_LAST = 30 * 3600

Text = dict[str, str]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]
Count = Annotated[int, Field(ge=0, le=200)]
Yen = Annotated[int, Field(ge=0, le=100_000)]
Minutes = Annotated[int, Field(ge=0, le=24 * 60)]


class DefinitionUnreadableError(SoutoError):
    """The text is no definition of a service."""

    message = "運行の定義を読み取れません：%(problems)s"


def seconds_of(value: object) -> int:
    """`"8:30"` as seconds since midnight; a number is taken as it is.

    Raises:
        ValueError: it is neither, or lies outside of the service day.
    """
    if isinstance(value, str):
        match = _CLOCK.fullmatch(value)
        if match is None:
            raise ValueError("時刻は「8:30」のように書いてください")
        value = int(match[1]) * 3600 + int(match[2]) * 60
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _LAST:
        raise ValueError("時刻は0:00から29:59までです")
    return value


def clock_text(seconds: float) -> str:
    """Seconds since midnight as `8:30`, the minute that has begun."""
    minutes = int(seconds // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


TimeOfDay = Annotated[int, BeforeValidator(seconds_of), PlainSerializer(clock_text, return_type=str)]


class Weekday(StrEnum):
    """Days of the week in the order of `date.weekday()`."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class RiderClass(StrEnum):
    """For whom a fare holds."""

    ADULT = "adult"
    CHILD = "child"
    INFANT = "infant"
    ASSISTED = "assisted"


class Stop(BaseModel):
    """A virtual stop (仮想停留所): where riders get on and off. `kana` is what people search by."""

    model_config = _STRICT

    code: Code
    name: Text
    kana: str = Field(min_length=1, max_length=100)
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class Layout(BaseModel):
    """One way to arrange a vehicle's places."""

    model_config = _STRICT

    seat: Count
    wheelchair: Count = 0


class Rest(BaseModel):
    """A driver's break (休憩): begins between `earliest` and `latest`, lasts `minutes`, at a stop (the depot, if none is named)."""

    model_config = _STRICT

    earliest: TimeOfDay
    latest: TimeOfDay
    minutes: Annotated[int, Field(ge=1, le=240)]
    stop: Code | None = None


class VehicleRule(BaseModel):
    """A vehicle with its driver's shift; it starts and ends at the stop `depot`. By `colour` and number `plate` riders know it.
    `phone`: how its driver is called on the road.
    """

    model_config = _STRICT

    code: Code
    name: Text
    colour: Text = Field(default_factory=dict)
    plate: str = Field(default="", max_length=20)
    layouts: tuple[Layout, ...] = Field(min_length=1)
    depot: Code
    begins: TimeOfDay
    ends: TimeOfDay
    breaks: tuple[Rest, ...] = ()
    phone: str = Field(default="", pattern=r"^[0-9-]{0,20}$")


class Payment(StrEnum):
    """How riders with an account pay: on board (車内), online before the ride, or as they like. Callers always pay on board."""

    ON_BOARD = "on_board"
    ONLINE = "online"
    EITHER = "either"


class FareRules(BaseModel):
    """What a ride costs each rider of a class in yen, and how it is paid. A ride given up later than `cancel_minutes` before costs nothing (`late_cancellation: free`)
    or what it was booked for (`charged`).
    """

    model_config = _STRICT

    adult: Yen
    child: Yen
    infant: Yen
    assisted: Yen
    payment: Payment
    late_cancellation: Literal["free", "charged"] = "free"

    def of(self, riders: dict[RiderClass, int]) -> int:
        """The fare of a party in yen."""
        return sum(int(getattr(self, kind.value)) * number for kind, number in riders.items())


class BookingRules(BaseModel):
    """When one can book, and what is promised.

    A ride is offered no later than `search_minutes` after the time asked for; the promised pickup window is `promise_minutes` long, the promised latest
    arrival `arrival_minutes` after the expected one.
    """

    model_config = _STRICT

    opens_days: Annotated[int, Field(ge=0, le=90)]
    closes_minutes: Minutes
    cancel_minutes: Minutes
    search_minutes: Annotated[int, Field(ge=5, le=240)]
    promise_minutes: Annotated[int, Field(ge=1, le=60)]
    arrival_minutes: Annotated[int, Field(ge=1, le=60)]
    largest_party: Annotated[int, Field(ge=1, le=60)]
    open_bookings: Annotated[int, Field(ge=1, le=200)]

    @model_validator(mode="before")
    @classmethod
    def _without_hold(cls, given: Any) -> Any:
        """Until November 2026 definitions had `hold_minutes`, which nothing read: offers hold no seat. Published versions that have it stay readable."""
        if isinstance(given, dict):
            return {name: value for name, value in given.items() if name != "hold_minutes"}
        return given


class RideRules(BaseModel):
    """The longest ride: `factor` times the direct way plus `extra_minutes`; and how long getting on or off takes."""

    model_config = _STRICT

    factor: Annotated[float, Field(ge=1, le=5)]
    extra_minutes: Minutes
    board_seconds: Annotated[int, Field(ge=0, le=600)]
    wheelchair_seconds: Annotated[int, Field(ge=0, le=1800)]

    def longest(self, direct: float) -> float:
        """The longest ride in seconds for a direct way of `direct` seconds."""
        return self.factor * direct + 60.0 * self.extra_minutes

    def service(self, *, wheelchairs: int) -> float:
        """Seconds that a party needs to get on or off."""
        return float(self.board_seconds + self.wheelchair_seconds * wheelchairs)


class Hours(BaseModel):
    """When the service runs: pickups from `opens`, last drop-off by `closes`, on `weekdays`, not on `closed` days nor, if so, on public holidays."""

    model_config = _STRICT

    opens: TimeOfDay
    closes: TimeOfDay
    weekdays: tuple[Weekday, ...] = Field(min_length=1)
    closed: tuple[date, ...] = ()
    closed_on_holidays: bool = False


class ServiceDefinition(BaseModel):
    """A whole service. `zone` is a ring of `[lat, lon]`; `retention_days` is how long after a ride anybody's movement is kept; `publish_positions`:
    open data says near which stops vehicles are.
    """

    model_config = _STRICT

    schema_version: Literal[1]
    slug: Code
    department: str
    name: Text
    note: Text = Field(default_factory=dict)
    zone: tuple[tuple[float, float], ...]
    stops: tuple[Stop, ...]
    hours: Hours
    vehicles: tuple[VehicleRule, ...]
    fares: FareRules
    booking: BookingRules
    ride: RideRules
    retention_days: Annotated[int, Field(ge=1, le=3650)]
    publish_positions: bool = False

    def body(self) -> dict[str, Any]:
        """The definition as JSON values; the same definition always gives the same body."""
        return self.model_dump(mode="json")

    def stop(self, code: str) -> Stop | None:
        """The stop of this code."""
        return next((stop for stop in self.stops if stop.code == code), None)

    def vehicle(self, code: str) -> VehicleRule | None:
        """The vehicle of this code."""
        return next((vehicle for vehicle in self.vehicles if vehicle.code == code), None)


def load(text: str) -> ServiceDefinition:
    """Read a definition from YAML.

    Raises:
        DefinitionUnreadableError: with every place that could not be read.
    """
    try:
        return read(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise DefinitionUnreadableError(problems=" ".join(str(error).split())[:300]) from error


def read(body: Any) -> ServiceDefinition:
    """Read a definition from JSON values.

    Raises:
        DefinitionUnreadableError: with every place that could not be read.
    """
    try:
        return ServiceDefinition.model_validate(body)
    except ValidationError as error:
        found = [f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()[:20]]
        raise DefinitionUnreadableError(problems="\n".join(found)) from error


def body_hash(body: dict[str, Any]) -> str:
    """SHA-256 (hexadecimal) of a body."""
    text = yaml.safe_dump(body, allow_unicode=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
