"""Messages to riders, in their language: into the inbox, and by e-mail (templates/messages/transit)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from souto.foundation.notifications.actions import notify
from souto.foundation.ui.city import city
from souto.foundation.ui.dates import day_text
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.language import say
from souto.kernel.money import format_yen
from souto.services.transit import showing
from souto.services.transit.models import Booking
from souto.services.transit.trips import REASONS


def booked(actor: Actor, booking: Booking, back: Booking | None) -> None:
    """Tell what is promised, for the trip there and the trip back."""
    rides = [booking] if back is None else [booking, back]
    _send(actor, booking, "booked", rides=[ride_facts(ride, booking.language) for ride in rides])


def cancelled(actor: Actor, booking: Booking) -> None:
    """Tell that a ride will not come."""
    _send(actor, booking, "cancelled", ride=ride_facts(booking, booking.language))


def later(actor: Actor, booking: Booking) -> None:
    """Tell that the vehicle comes at another time than was promised."""
    _send(actor, booking, "later", ride=ride_facts(booking, booking.language))


def stranded(actor: Actor, booking: Booking) -> None:
    """Tell that the vehicle cannot come and that the desk will call."""
    _send(actor, booking, "stranded", ride=ride_facts(booking, booking.language))


def soon(actor: Actor, booking: Booking) -> None:
    """Remind of a ride that begins soon."""
    _send(actor, booking, "soon", ride=ride_facts(booking, booking.language))


def series_refused(actor: Actor, booking: Booking) -> None:
    """Tell that a day of a ride of every week could not be booked, and why."""
    definition, language = booking.day.version.definition, booking.language
    with translation.override(language):
        reason = gettext(REASONS[booking.reason])
        ways = [choice.label for choice in showing.choices(booking, language)]
    origin, goal = definition.stop(booking.trip["origin"]), definition.stop(booking.trip["goal"])
    _send(
        actor,
        booking,
        "series_refused",
        day=day_text(booking.day.date, language),
        origin=say(origin.name, language) if origin else "",
        goal=say(goal.name, language) if goal else "",
        reason=reason,
        ways=ways,
    )


def ride_facts(booking: Booking, language: str) -> dict[str, str]:
    """A ride in words."""
    definition = booking.day.version.definition
    trip = booking.trip
    origin, goal = definition.stop(trip["origin"]), definition.stop(trip["goal"])
    return {
        "day": day_text(booking.day.date, language),
        "origin": say(origin.name, language) if origin else "",
        "goal": say(goal.name, language) if goal else "",
        "from": _time(booking.revised_from or booking.promised_from),
        "to": _time(booking.revised_to or booking.promised_to),
        "arrival": _time(booking.revised_arrival or booking.promised_arrival),
        "party": str(booking.party),
        "fare": format_yen(booking.fare),
    }


def _time(instant: datetime | None) -> str:
    return f"{clock.local(instant):%-H:%M}" if instant else ""


def _send(actor: Actor, booking: Booking, name: str, **more: Any) -> None:
    """Send message `name` to the rider; a caller without an account was told on the phone."""
    if booking.person_id is None:
        return
    definition, language = booking.day.version.definition, booking.language
    section = city().section(definition.department)
    notify(
        actor=actor,
        person_id=booking.person_id,
        email=None,
        template=f"transit/{name}",
        context={
            "service": say(definition.name, language),
            "city": city().named(language),
            "section": say(section.name, language) if section else "",
            "phone": section.phone if section else city().phone,
            **more,
        },
        language=language,
        subject=("transit.booking", booking.id),
    )
