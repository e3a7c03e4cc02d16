"""A definition in words, part by part."""

from __future__ import annotations

from django.utils.translation import gettext as _

from souto.foundation.ui.dates import day_text
from souto.kernel.language import say
from souto.services.transit.definition import ServiceDefinition, Weekday, clock_text
from souto.services.transit.staff.editing import PAYMENTS
from souto.services.transit.staff.sections import section_name


def parts(told: ServiceDefinition, language: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Key, name and rows (what, how it is) of each part, for a reader of `language`."""
    hours, booking, ride, fares = told.hours, told.booking, told.ride, told.fares
    days = dict(zip(Weekday, _("月 火 水 木 金 土 日").split(), strict=True))
    minutes = _("%(n)s分")
    return [
        (
            "basics",
            _("名前と担当"),
            [
                (_("名前"), say(told.name, language)),
                (_("説明"), say(told.note, language) if told.note else "–"),
                (_("担当の課"), section_name(told.department, language)),
                (_("記録を残す日数"), str(told.retention_days)),
            ],
        ),
        (
            "area",
            _("区域と停留所"),
            [
                (_("区域の点"), str(len(told.zone))),
                (_("停留所"), _("%(n)sか所") % {"n": len(told.stops)}),
            ],
        ),
        (
            "hours",
            _("運行日と時間"),
            [
                (_("時間"), f"{clock_text(hours.opens)}–{clock_text(hours.closes)}"),
                (_("曜日"), " ".join(days[day] for day in hours.weekdays)),
                (_("休む日"), "、".join(day_text(day, language) for day in hours.closed) or "–"),
                (_("祝日"), _("休む") if hours.closed_on_holidays else _("走る")),
            ],
        ),
        (
            "vehicles",
            _("車両"),
            [
                (
                    f"{one.code} {say(one.name, language)}",
                    f"{clock_text(one.begins)}–{clock_text(one.ends)} "
                    + " / ".join(_layout(layout.seat, layout.wheelchair) for layout in one.layouts),
                )
                for one in told.vehicles
            ],
        ),
        (
            "rules",
            _("運賃と決まり"),
            [
                (_("運賃"), _fares(told)),
                (_("払い方"), str(dict(PAYMENTS)[fares.payment])),
                (
                    _("予約の受付"),
                    _("%(days)s日前から%(minutes)s分前まで")
                    % {"days": booking.opens_days, "minutes": booking.closes_minutes},
                ),
                (_("待ってもらう時間の上限"), minutes % {"n": booking.search_minutes}),
                (_("お約束する迎えの時間の幅"), minutes % {"n": booking.promise_minutes}),
                (
                    _("いちばん長い乗車"),
                    _("直行の%(factor)s倍と%(minutes)s分") % {"factor": ride.factor, "minutes": ride.extra_minutes},
                ),
            ],
        ),
    ]


def _layout(seats: int, chairs: int) -> str:
    if chairs:
        return _("座席%(seats)s・車いす%(chairs)s") % {"seats": seats, "chairs": chairs}
    return _("座席%(seats)s") % {"seats": seats}


def _fares(told: ServiceDefinition) -> str:
    given = {"adult": told.fares.adult, "child": told.fares.child, "infant": told.fares.infant}
    given["assisted"] = told.fares.assisted
    if not any(given.values()):
        return _("どの人も0円です")
    return _("大人%(adult)s円、小学生%(child)s円、幼児%(infant)s円、割引%(assisted)s円") % given
