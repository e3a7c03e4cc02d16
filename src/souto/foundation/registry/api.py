"""The open API of the registry: public facts only, so nobody signs in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.responses import Status

from souto.foundation.registry import queries
from souto.foundation.registry.matching import PostalCodeFormatError, PostalCodeUnknownError
from souto.foundation.ui.api import Problem
from souto.foundation.ui.errors import text_of
from souto.kernel.errors import SoutoError

router = Router(tags=["registry"])


class PostalAddressOut(Schema):
    """A place that a postal code names."""

    code: str = Field(description="7 digits")
    lg_code: str = Field(description="municipality code (全国地方公共団体コード), 6 digits")
    prefecture: str
    city: str
    town: str = Field(description='"" where the code stands for everything not listed')
    prefecture_kana: str
    city_kana: str
    town_kana: str
    note: str
    office: str = Field(description="the large office (大口事業所) that owns the code")
    office_number: str


class NearestTownOut(Schema):
    """The town whose point lies nearest."""

    id: UUID
    lg_code: str
    name: str = Field(description="for instance 元本郷町三丁目")
    lat: float = Field(description="degrees, WGS 84")
    lon: float = Field(description="degrees, WGS 84")
    distance_m: float = Field(description="metres")


Answer = Status[Any]


def _problem(status: int, wrong: SoutoError) -> Answer:
    return Status(status, {"message": text_of(wrong)})


@router.get(
    "postal-codes/{code}",
    response={200: list[PostalAddressOut], 400: Problem, 404: Problem},
    summary="Places of a postal code (郵便番号)",
)
def postal_code(request: HttpRequest, code: str) -> Answer:  # noqa: ARG001  ninja hands it over
    """Typed in any way: `1920051`, `192-0051`, full-width."""
    try:
        return Status(200, queries.find_postal_code(code))
    except PostalCodeFormatError as wrong:
        return _problem(400, wrong)
    except PostalCodeUnknownError as wrong:
        return _problem(404, wrong)


@router.get(
    "towns/nearest",
    response={200: NearestTownOut, 400: Problem, 404: Problem, 422: Problem},
    summary="The town (町丁目) nearest to a point",
)
def nearest_town(request: HttpRequest, lat: float, lon: float) -> Answer:  # noqa: ARG001
    """Compares the points that stand for towns, up to three kilometres away, not their borders."""
    try:
        found = queries.nearest_town(lat, lon)
    except queries.PointOutsideError as wrong:
        return _problem(400, wrong)
    return Status(200, found) if found else _problem(404, NoTownNearError())


class NoTownNearError(SoutoError):
    """No town of the registry lies within reach of the point."""

    message = "この位置の近くに、登録された町がありません。"
    status = 404
