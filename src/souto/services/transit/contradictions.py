"""What contradicts itself in a definition that can be read: each with its part and the place in it, in sentences for whoever wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from souto.kernel.language import gaps
from souto.services.transit import shapes
from souto.services.transit.definition import Payment, ServiceDefinition, VehicleRule

_LANGUAGES = {"ja": gettext_lazy("日本語"), "ja-easy": gettext_lazy("やさしい日本語"), "en": gettext_lazy("英語")}
_Found = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that contradicts itself: the part of the definition (`basics`, `area`, `hours`, `vehicles`, `rules`), a sentence, and the place in the body
    (`hours.closes`, `stops.2.lat`; the name of a list where it holds too little).
    """

    part: str
    text: str
    at: str


def placed_problems(definition: ServiceDefinition) -> list[Problem]:
    """What contradicts itself, each with its part and place; empty: it may be published."""
    found = [(_name_problems, "basics"), (_area_problems, "area"), (_hour_problems, "hours")]
    found += [(_fleet_problems, "vehicles"), (_rule_problems, "rules")]
    return [Problem(part, text, at) for look, part in found for at, text in look(definition)]


def problems(definition: ServiceDefinition) -> list[str]:
    """What contradicts itself, in sentences; empty: it may be published."""
    return [problem.text for problem in placed_problems(definition)]


def _twice(codes: list[str]) -> Iterator[tuple[int, str]]:
    """Each code that stands twice, with the number of its last place."""
    for code, number in Counter(codes).items():
        if number > 1:
            yield len(codes) - 1 - codes[::-1].index(code), code


def _name_problems(definition: ServiceDefinition) -> _Found:
    if "ja" in definition.name:
        for language in gaps(definition.name):
            yield (
                f"name.{language}",
                _("運行の名前（%(language)s）がありません") % {"language": _LANGUAGES.get(language, language)},
            )
    else:
        yield "name.ja", _("運行に日本語の名前がありません")


def _area_problems(definition: ServiceDefinition) -> _Found:
    for number, code in _twice([stop.code for stop in definition.stops]):
        yield f"stops.{number}.code", _("停留所のコード %(code)s が2か所にあります") % {"code": code}
    if len(definition.stops) < 3:
        yield "stops", _("停留所は3か所以上にしてください")
    is_ring = shapes.is_ring(definition.zone)
    if not is_ring:
        yield "zone", _("区域は、交わらない3点以上の線で囲んでください")
    for number, stop in enumerate(definition.stops):
        if is_ring and not shapes.contains(definition.zone, stop.lat, stop.lon):
            name = stop.name.get("ja", stop.code)
            yield (
                f"stops.{number}.lat",
                _("停留所「%(name)s」（%(code)s）は区域の外にあります") % {"name": name, "code": stop.code},
            )
        if "ja" not in stop.name:
            yield f"stops.{number}.name.ja", _("停留所 %(code)s に日本語の名前がありません") % {"code": stop.code}


def _hour_problems(definition: ServiceDefinition) -> _Found:
    if definition.hours.opens >= definition.hours.closes:
        yield "hours.closes", _("運行の終わりは、始まりより後にしてください")


def _rule_problems(definition: ServiceDefinition) -> _Found:
    if definition.fares.payment is Payment.ON_BOARD and definition.fares.late_cancellation == "charged":
        yield "fares.late_cancellation", _("車内で払う料金は、取り消された乗車では受け取れません")
    if definition.booking.search_minutes < definition.booking.promise_minutes:
        yield "booking.promise_minutes", _("お約束の時間の幅は、探す時間の幅より短くしてください")


def _fleet_problems(definition: ServiceDefinition) -> _Found:
    if not definition.vehicles:
        yield "vehicles", _("車両がありません")
    for number, code in _twice([vehicle.code for vehicle in definition.vehicles]):
        yield f"vehicles.{number}.code", _("車両のコード %(code)s が2台にあります") % {"code": code}
    for number, vehicle in enumerate(definition.vehicles):
        for place, text in _vehicle_problems(vehicle, definition):
            yield f"vehicles.{number}.{place}", text


def _vehicle_problems(vehicle: VehicleRule, definition: ServiceDefinition) -> _Found:
    """What is wrong with one vehicle; layouts and breaks by their number."""
    name = {"code": vehicle.code}
    if vehicle.begins >= vehicle.ends:
        yield "ends", _("車両 %(code)s の勤務の終わりは、始まりより後にしてください") % name
    stops = [("depot", vehicle.depot), *((f"breaks.{n}.stop", rest.stop) for n, rest in enumerate(vehicle.breaks))]
    for place, stop in stops:
        if stop and definition.stop(stop) is None:
            yield place, _("車両 %(code)s の場所 %(stop)s は停留所にありません") % {**name, "stop": stop}
    if not any(layout.seat + layout.wheelchair for layout in vehicle.layouts):
        yield "layouts.0.seat", _("車両 %(code)s に座席がありません") % name
    for number, rest in enumerate(vehicle.breaks):
        if not vehicle.begins <= rest.earliest <= rest.latest <= vehicle.ends - 60 * rest.minutes:
            yield f"breaks.{number}.earliest", _("車両 %(code)s の休憩が勤務の時間に入りません") % name
    for (_n, sooner), (number, later) in pairwise(sorted(enumerate(vehicle.breaks), key=lambda one: one[1].earliest)):
        if sooner.latest + 60 * sooner.minutes > later.latest:
            yield f"breaks.{number}.earliest", _("車両 %(code)s の休憩が重なります") % name
