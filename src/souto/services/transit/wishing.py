"""What pages say of rides of every week and of favourites."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from souto.foundation.ui.dates import day_text
from souto.kernel import clock
from souto.kernel.errors import NotFoundError
from souto.kernel.language import say
from souto.services.transit import queries, showing
from souto.services.transit.definition import clock_text
from souto.services.transit.lifecycle import RIDES, State
from souto.services.transit.models import Favourite, Series
from souto.services.transit.trips import REASONS


def weekday_names() -> list[str]:
    """Monday to Sunday, as pages say them."""
    return [_("月曜日"), _("火曜日"), _("水曜日"), _("木曜日"), _("金曜日"), _("土曜日"), _("日曜日")]


def series_row(series: Series, language: str) -> dict[str, Any]:
    """A series in words."""
    definition = queries.definition_of(series)
    trip = series.trip
    origin, goal = definition.stop(trip["origin"]), definition.stop(trip["goal"])
    names = weekday_names()
    return {
        "id": series.id,
        "origin": say(origin.name, language) if origin else trip["origin"],
        "goal": say(goal.name, language) if goal else trip["goal"],
        "weekdays": (", " if language == "en" else "、").join(names[n] for n in series.weekdays),
        "time": clock_text(trip["at"]),
        "arrives": trip["when"] == "arrive",
        "until": day_text(series.until, language) if series.until else "",
        "party": sum(series.riders.values()),
        "ended": series.ended_at is not None,
        "department": definition.department,
    }


def unbooked_days(series: Series, language: str) -> list[dict[str, Any]]:
    """The next days of a series on which its rider does not ride although she wanted to, each with why."""
    days = (occasion(day, language) for day in queries.occasions(series))
    return [day for day in days if day["outcome"] in {"refused", "closed"}]


def favourite_row(favourite: Favourite, language: str) -> dict[str, Any] | None:
    """A favourite in words; None where its service or its stops are no more."""
    try:
        definition = queries.published_on(slug=favourite.service.slug, day=clock.today()).definition
    except NotFoundError:
        return None
    row = favourite.row
    origin, goal = definition.stop(row["origin"]), definition.stop(row["goal"])
    return {
        "id": favourite.id,
        "name": row["name"],
        "slug": definition.slug,
        "origin_code": row["origin"],
        "goal_code": row["goal"],
        "origin": say(origin.name, language) if origin else "",
        "goal": say(goal.name, language) if goal else "",
        "usable": origin is not None and goal is not None,
    }


def occasion(found: queries.Occasion, language: str) -> dict[str, Any]:
    """A day of a series in words."""
    closed_words = {"weekday": _("運行しない曜日です"), "holiday": _("祝日です"), "closed_day": _("運休日です")}
    row, ride = found.row, queries.ride_on(found.row) if found.row else None
    outcome = row.outcome if row else "closed" if found.closed else "waiting"
    if outcome == "booked" and (ride is None or ride.state not in RIDES):
        outcome = "skipped"
    closed = row.reason if row and row.outcome == "closed" else str(found.closed or "")
    return {
        "day": day_text(found.day, language),
        "iso": found.day.isoformat(),
        "outcome": outcome,
        "why": _(REASONS[row.reason]) if row and outcome == "refused" else closed_words.get(closed, ""),
        "ride": ride.id if ride and outcome in {"booked", "refused"} else None,
        "span": showing.span(ride) if ride and outcome == "booked" else "",
        "opens": day_text(found.opens, language),
        "may_skip": outcome == "waiting" or (outcome == "booked" and ride is not None and ride.state == State.BOOKED),
    }
