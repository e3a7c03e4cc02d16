"""Reads of the registry: postal codes, addresses, towns, numbers with check digits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from souto.foundation.registry.codes import check_corporate_number, check_lg_code
from souto.foundation.registry.matching import (
    Gazetteer,
    NormalisedAddress,
    PostalAddress,
    bundled_book,
    distance_m,
    in_japan,
    normalise,
)
from souto.foundation.registry.models import RefusedState, RefusedTown, Town, TownImport
from souto.foundation.ui.city import city
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError, SoutoError

__all__ = [
    "NearestTown",
    "PointOutsideError",
    "access_refused_town",
    "check_corporate_number",
    "check_lg_code",
    "find_postal_code",
    "home_lg_code",
    "latest_import",
    "list_imports",
    "list_towns",
    "nearest_town",
    "normalise_address",
    "refused_towns",
]

IMPORT_PERMISSION = "registry.import"


class PointOutsideError(SoutoError):
    """The point is not in Japan, or is no point."""

    message = "地図の位置が日本の範囲にありません。地図で選び直してください。"


def find_postal_code(code: str) -> list[PostalAddress]:
    """The places of a postal code as typed (`〒192-0051`), at least one.

    Raises `matching.PostalCodeFormatError`, `matching.PostalCodeUnknownError`.
    """
    return bundled_book().find(code)


def normalise_address(text: str, *, home: str | None = None) -> NormalisedAddress:
    """Split a typed address and say how sure its town is (一致, 候補, 不一致); never raises.

    `home` (6-digit code) is the municipality to prefer where none is named; by default the city that runs Souto.
    """
    return normalise(text, _gazetteer(_version()), home=home_lg_code() if home is None else home)


@dataclass(frozen=True, slots=True)
class NearestTown:
    """The town whose point lies nearest, and how far away in metres. `name` is `元本郷町三丁目`; degrees WGS 84."""

    id: UUID
    lg_code: str
    name: str
    lat: float
    lon: float
    distance_m: float


def nearest_town(lat: float, lon: float, *, within_m: float = 3000) -> NearestTown | None:
    """The town nearest to a point, or None if none lies within `within_m` metres. Raises `PointOutsideError`.

    It compares points that stand for towns, not their borders: beside a border it may name the neighbour.
    """
    if not in_japan(lat, lon):
        raise PointOutsideError
    measured = ((distance_m(lat, lon, town.lat, town.lon), town) for town in _current(_version()))
    distance, town = min(measured, key=lambda item: item[0], default=(float("inf"), None))
    if town is None or distance > within_m:
        return None
    return NearestTown(town.id, town.lg_code, town.full_name, town.lat, town.lon, distance)


def list_towns(*, lg_code: str | None = None) -> list[Town]:
    """The current towns of a municipality (by default of all), in the order of their names."""
    towns = _current(_version())
    return [town for town in towns if lg_code in (None, town.lg_code)]


def latest_import(source: str) -> TownImport | None:
    """The last take-over of a list from a source."""
    return TownImport.objects.filter(source=source).order_by("-at", "-id").first()


def list_imports(*, actor: Actor) -> QuerySet[TownImport]:
    """The take-overs, newest first. Raises `ForbiddenError` without `registry.import`."""
    actor.require(IMPORT_PERMISSION)
    return TownImport.objects.order_by("-at", "-id")


def refused_towns(*, actor: Actor, state: RefusedState | None = RefusedState.WAITING) -> QuerySet[RefusedTown]:
    """The rows that could not be taken over, oldest first. Raises `ForbiddenError` without `registry.import`."""
    actor.require(IMPORT_PERMISSION)
    rows = RefusedTown.objects.select_related("town_import", "town")
    return rows.filter(state=state) if state else rows


def access_refused_town(*, actor: Actor, refused_id: UUID) -> RefusedTown:
    """A refused row. Raises `NotFoundError` where there is none, `HiddenError` (also 404) without `registry.import`."""
    found = RefusedTown.objects.select_related("town_import", "town").filter(id=refused_id).first()
    if found is None:
        raise NotFoundError
    if not actor.may(IMPORT_PERMISSION):
        raise HiddenError("registry.refused_town", refused_id)
    return found


def home_lg_code() -> str:
    """The code of the city that runs Souto, from `city.toml`."""
    return check_lg_code(city().lg_code)


_Version = tuple[int, datetime | None]


def _version() -> _Version:
    """Changes whenever a town changes: the key of what this process has cached."""
    state = Town.objects.aggregate(count=Count("id"), at=Max("updated_at"))
    return state["count"], state["at"]


@lru_cache(maxsize=2)
def _current(_version: _Version) -> tuple[Town, ...]:
    return tuple(Town.objects.filter(is_current=True).order_by("lg_code", "key"))


@lru_cache(maxsize=2)
def _gazetteer(version: _Version) -> Gazetteer:
    return Gazetteer(bundled_book(), (town.fine for town in _current(version)))
