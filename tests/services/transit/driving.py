"""A day with riders, and drivers at its vehicles."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.test import Client

from souto.foundation.identity.models import Person
from souto.foundation.identity.roles import Role
from souto.kernel import clock
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.ids import new_id
from souto.services.transit.models import Booking
from tests.services.applications import world
from tests.services.transit import service
from tests.services.transit.running import TWO
from tests.services.transit.test_booking import booked, trip

DRIVE = "/staff/transit/drive/"
V1 = f"{DRIVE}south/v1/"


def named(kana: str) -> Actor:
    """A resident with a name to call."""
    person = Person()
    person.profile, person.contact = {"name": "見本", "name_kana": kana}, {}
    person.save()
    return Actor(kind=ActorKind.RESIDENT, id=person.id, assurance=2)


def rides(**more: Any) -> tuple[Booking, Booking]:
    """Two rides of `v1` at nine: from the hall to the station, and from the hall to the clinic."""
    service.published(**{"vehicles": TWO[:1], **more})
    return booked(named("ヤマダ　ハナコ"), trip()), booked(named("スズキ　イチロウ"), trip(goal="clinic"))


def driver() -> Actor:
    """A member of staff who drives."""
    return world.staff(Role.DRIVER, department="transport")


def browser(actor: Actor | None) -> Client:
    """A browser in which somebody has signed in."""
    return world.browser(actor)


def row(
    kind: str, moment: datetime, booking: Booking | UUID | None = None, *, key: UUID | None = None
) -> dict[str, Any]:
    """A report as a tablet keeps it."""
    subject = booking.id if isinstance(booking, Booking) else booking
    return {
        "id": str(key or new_id()),
        "kind": kind,
        "at": moment.isoformat(),
        "booking": str(subject) if subject else None,
    }


def deliver(client: Client, moment: datetime, *rows: dict[str, Any], to: str = V1, **more: Any) -> Any:
    """A tablet sends what it kept."""
    body = {"day": clock.today().isoformat(), "sent_at": moment.isoformat(), "reports": list(rows), **more}
    return client.post(f"{to}deliveries/", json.dumps(body), content_type="application/json")
