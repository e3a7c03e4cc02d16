"""A small service for the tests of this room: four stops on a line, one hour of travel nowhere."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import yaml

from souto.kernel import clock
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.ids import new_id
from souto.services.transit import actions
from souto.services.transit.models import ServiceVersion

SYSTEM = Actor.system("test")

BODY: dict[str, Any] = {
    "schema_version": 1,
    "slug": "south",
    "department": "transport",
    "name": {"ja": "南部デマンド", "ja-easy": "南の バス", "en": "South"},
    "zone": [[35.70, 139.25], [35.70, 139.40], [35.60, 139.40], [35.60, 139.25]],
    "stops": [
        {"code": "hall", "kana": "しやくしょ", "lat": 35.664, "lon": 139.316, "name": {"ja": "市役所"}},
        {"code": "station", "kana": "えき", "lat": 35.656, "lon": 139.339, "name": {"ja": "駅"}},
        {"code": "clinic", "kana": "びょういん", "lat": 35.644, "lon": 139.308, "name": {"ja": "病院"}},
        {"code": "market", "kana": "いちば", "lat": 35.642, "lon": 139.282, "name": {"ja": "市場"}},
    ],
    "hours": {"opens": "7:00", "closes": "20:00", "weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]},
    "vehicles": [
        {
            "code": "v1",
            "name": {"ja": "1号車"},
            "layouts": [{"seat": 4}, {"seat": 2, "wheelchair": 1}],
            "depot": "hall",
            "begins": "6:30",
            "ends": "20:30",
        }
    ],
    "fares": {"adult": 300, "child": 150, "infant": 0, "assisted": 150, "payment": "on_board"},
    "booking": {
        "opens_days": 30,
        "closes_minutes": 0,
        "cancel_minutes": 15,
        "search_minutes": 30,
        "promise_minutes": 10,
        "arrival_minutes": 15,
        "largest_party": 8,
        "open_bookings": 20,
    },
    "ride": {"factor": 1.5, "extra_minutes": 10, "board_seconds": 30, "wheelchair_seconds": 120},
    "retention_days": 30,
}


def text(**parts: Any) -> str:
    """The service as YAML; keywords replace top-level parts."""
    return yaml.safe_dump({**deepcopy(BODY), **parts}, allow_unicode=True)


def published(valid_from: date | None = None, **parts: Any) -> ServiceVersion:
    """A published version that holds from today on."""
    draft = actions.import_yaml(actor=SYSTEM, text=text(**parts), is_demo=False)
    return actions.publish(actor=SYSTEM, version_id=draft.id, valid_from=valid_from or clock.today())


def tomorrow() -> date:
    """The service day that the tests book for."""
    return clock.today() + timedelta(days=1)


def staff(*permissions: str) -> Actor:
    """A staff member with these permissions."""
    return Actor(kind=ActorKind.STAFF, id=new_id(), permissions=frozenset(permissions))


def resident() -> Actor:
    """A signed-in resident whom no table knows."""
    return Actor(kind=ActorKind.RESIDENT, id=new_id(), assurance=2)
