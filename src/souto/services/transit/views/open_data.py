"""Open data of demand transit: documents for programs, readable from any origin, and a page that says what there is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from souto.foundation.ui.city import city
from souto.foundation.ui.errors import text_of
from souto.kernel import clock
from souto.kernel.errors import NotFoundError, SoutoError
from souto.services.transit import feeds, publishing, showing, waits
from souto.services.transit.engine import EngineStartingError
from souto.services.transit.publishing import Published

#: Seconds for which a document that changes with a publication may be kept, and one that changes with what happens.
KEPT, LIVE = 3600, 30
_JSON = "application/json; charset=utf-8"


def _published() -> Published:
    found = publishing.published()
    if found is None:
        raise NotFoundError
    return found


def _told(request: HttpRequest, content: bytes, kind: str, changed: datetime, *, seconds: int) -> HttpResponseBase:
    """A document for programs: any page may read it, and who has it already is told so (304)."""
    response = HttpResponse(content, content_type=kind)
    etag, moment = quote_etag(hashlib.sha256(content).hexdigest()[:32]), int(changed.timestamp())
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(moment)
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    answer = get_conditional_response(request, etag=etag, last_modified=moment, response=response)
    assert answer is not None
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the page: what it is called and good for, its format and address; `readable`: the same as JSON."""

    title: str
    purpose: str
    name: str
    address: str
    readable: str = ""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is published, for people."""
    found = publishing.published()
    facts = city().open_data
    items = [
        Item(
            _("時刻表と停留所"),
            _("経路検索のサービスに読み込ませるデータです。停留所、運行日、予約の方法、運賃が入っています。"),
            "GTFS-JP, GTFS-Flex",
            reverse("transit_open:gtfs"),
        ),
        Item(
            _("デマンド交通の仕様と、待ち時間"),
            _(
                "予約して乗る交通のための形式です。区域、運行時間、車両のほか、いま予約した場合の待ち時間を問い合わせできます。"
            ),
            "GOFS",
            reverse("transit_open:gofs"),
        ),
        Item(
            _("運行のお知らせ"),
            _("運休や遅れなど、いま出しているお知らせです。30秒ごとに見てください。"),
            "GTFS Realtime",
            reverse("transit_open:alerts"),
            reverse("transit_open:alerts_json"),
        ),
        Item(
            _("車両のいる場所"),
            _(
                "車両がどの停留所の近くにいるかです。どの車両か、人が乗っているかは分かりません。走っている車両が少ないときは出しません。"
            ),
            "GTFS Realtime",
            reverse("transit_open:vehicle_positions"),
            reverse("transit_open:vehicle_positions_json"),
        ),
    ]
    context = {
        "alerts": showing.alerts(translation.get_language() or "ja"),
        "published": found,
        "items": items,
        "facts": facts,
        "wait": _example(request, found),
    }
    return render(request, "transit/open_data.html", context)


def _example(request: HttpRequest, found: Published | None) -> str:
    """A question about waiting times that can be tried."""
    if found is None:
        return ""
    first, second = found.offer.stops[:2]
    address = request.build_absolute_uri(reverse("transit_open:wait_time", args=[publishing.LANGUAGE]))
    return (
        f"{address}?pickup_lat={first.lat}&pickup_lon={first.lon}&drop_off_lat={second.lat}&drop_off_lon={second.lon}"
    )


@lru_cache(maxsize=4)
def _zip(offer: feeds.Offer) -> bytes:
    return feeds.gtfs_zip(offer)


@require_safe
def gtfs(request: HttpRequest) -> HttpResponseBase:
    """The services as GTFS-JP with GTFS-Flex; the same services give the same bytes."""
    found = _published()
    answer = _told(request, _zip(found.offer), "application/zip", found.changed, seconds=KEPT)
    answer.headers["Content-Disposition"] = 'attachment; filename="gtfs-jp.zip"'
    return answer


@require_safe
def gofs(request: HttpRequest, language: str = "", name: str = "gofs") -> HttpResponseBase:
    """A document of GOFS by name; `gofs.json` leads to the others."""
    found = _published()
    base = request.build_absolute_uri(reverse("transit_open:gofs")).removesuffix("/gofs.json")
    made = feeds.gofs_documents(found.offer, base, found.changed, KEPT).get(name)
    if made is None or language != ("" if name == "gofs" else publishing.LANGUAGE):
        raise NotFoundError
    return _told(request, _text(made), _JSON, found.changed, seconds=KEPT)


@require_safe
def wait_time(request: HttpRequest, language: str) -> HttpResponse:
    """How long one would wait now from a place to another, by service."""
    found = _published()
    if language != publishing.LANGUAGE:
        raise NotFoundError
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
    try:
        answers = waits.waits(found, feeds.WaitQuery.parse(request.GET.dict()))
    except (feeds.OfferError, waits.AskedTooOftenError, EngineStartingError) as error:
        return _refused(error, headers)
    return HttpResponse(_text(feeds.wait_times(answers, clock.now())), content_type=_JSON, headers=headers)


def _refused(error: SoutoError, headers: dict[str, str]) -> HttpResponse:
    if error.retry_after is not None:
        headers = {**headers, "Retry-After": str(error.retry_after)}
    return JsonResponse({"message": text_of(error)}, status=error.status, headers=headers)


@require_safe
def alerts(request: HttpRequest, *, readable: bool = False) -> HttpResponseBase:
    """Notices to riders as GTFS-Realtime; `readable`: as JSON."""
    found = _published()
    told = feeds.alerts(publishing.alerts(found), clock.now(), found.offer.operator.id)
    return _live(request, told, readable=readable)


@require_safe
def vehicle_positions(request: HttpRequest, *, readable: bool = False) -> HttpResponseBase:
    """Near which stops vehicles are as GTFS-Realtime; `readable`: as JSON."""
    told = feeds.vehicle_positions(publishing.positions(_published()), clock.now())
    return _live(request, told, readable=readable)


def _live(request: HttpRequest, message: bytes, *, readable: bool) -> HttpResponseBase:
    content = feeds.readable(message) if readable else message
    kind = _JSON if readable else "application/x-protobuf"
    return _told(request, content, kind, clock.now(), seconds=LIVE)


def _text(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
