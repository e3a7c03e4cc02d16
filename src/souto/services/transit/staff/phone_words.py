"""What an operator reads aloud (読み上げ文): the offer, the booking, the refusal, as one says it on the telephone."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from souto.foundation.ui.dates import day_text
from souto.kernel.language import say
from souto.services.transit.calendar import seconds_into
from souto.services.transit.definition import clock_text
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking
from souto.services.transit.trips import REASONS

_WEEKDAYS = "月火水木金土日"


def aloud(booking: Booking, back: Booking | None, language: str) -> str:
    """The sentences for where a booking stands."""
    if booking.state == State.REFUSED:
        return _("申し訳ありません。%(reason)s") % {"reason": _(REASONS[booking.reason])}
    if booking.state not in {State.OFFERED, State.BOOKED}:
        return ""
    parts = [_ride(booking, language)]
    if back is not None and back.state != State.REFUSED:
        parts.append(_("帰りは、%(ride)s") % {"ride": _ride(back, language)})
    elif back is not None:
        parts.append(_("帰りの便は予約できません。%(reason)s") % {"reason": _(REASONS[back.reason])})
    fare = booking.fare + (back.fare if back is not None and back.state != State.REFUSED else 0)
    parts.append(_("料金は%(fare)s円です。") % {"fare": f"{fare:,}"})
    if booking.state == State.OFFERED:
        parts.append(_("この便を予約してよろしいですか。"))
    else:
        minutes = booking.day.version.definition.booking.cancel_minutes
        parts.append(_("予約しました。取り消すときは、%(minutes)s分前までにお電話ください。") % {"minutes": minutes})
    return "".join(parts) if language != "en" else " ".join(parts)


def _ride(booking: Booking, language: str) -> str:
    definition, trip = booking.day.version.definition, booking.trip
    origin, goal = definition.stop(trip["origin"]), definition.stop(trip["goal"])
    first, last, arrival = booking.promised_from, booking.promised_to, booking.promised_arrival
    if first is None or last is None or arrival is None:
        return ""
    words = _(
        "%(day)s、%(first)sから%(last)sのあいだに、%(origin)sへお迎えに行きます。%(goal)sには%(arrival)sまでに着きます。"
    )
    return words % {
        "day": _day(booking.day.date, language),
        "first": _time(booking, first),
        "last": _time(booking, last),
        "arrival": _time(booking, arrival),
        "origin": say(origin.name, language) if origin else trip["origin"],
        "goal": say(goal.name, language) if goal else trip["goal"],
    }


def _day(day: date, language: str) -> str:
    return day_text(day, language) if language == "en" else f"{day.month}月{day.day}日{_WEEKDAYS[day.weekday()]}曜日"


def _time(booking: Booking, instant: datetime) -> str:
    text = clock_text(seconds_into(booking.day.date, instant))
    hours, minutes = text.split(":")
    return _("%(hours)s時%(minutes)s分") % {"hours": hours, "minutes": int(minutes)}
