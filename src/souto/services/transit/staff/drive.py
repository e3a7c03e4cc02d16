"""The driver's pages: choose a vehicle, then its day, one stop after another. They work as plain forms; the tablet's script keeps them going without a network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from souto.foundation.ui.desk import desk
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, NotFoundError
from souto.kernel.ids import new_id
from souto.kernel.language import say
from souto.services.transit import actions, calendar, queries
from souto.services.transit.definition import clock_text
from souto.services.transit.models import EventKind, ServiceVersion
from souto.services.transit.staff import drive_api
from souto.services.transit.staff.drive_words import SheetRow, sheet_row

#: What stands in a row before the tablet's script fills it.
_BLANK_CALL = {"key": "", "kind": "", "booking": "", "done": False, "how": "", "arrived": False}
_BLANK_RIDER = dict.fromkeys(
    ("name", "party", "chairs", "fare", "amount", "pay", "phone", "origin", "goal", "state"), ""
)
#: Reports for which the page asks for a rider.
_OF_RIDES = {EventKind.ARRIVED, EventKind.BOARDED, EventKind.ALIGHTED, EventKind.NO_SHOW}


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


@require_safe
@desk(queries.DRIVE)
def index(request: HttpRequest) -> HttpResponse:
    """The vehicles of today with who drives them; dispatchers also see what drivers gave up."""
    actor, today = actor_of(request), clock.today()
    services = [_service(actor, version) for version in queries.services_on(day=today)]
    dropped = queries.dropped_reports(actor=actor) if actor.may(queries.OPERATE) else []
    kinds: dict[str, str] = {kind.value: str(kind.label) for kind in EventKind} | {"fare": _("料金を受け取った")}
    context = {
        "services": services,
        "dropped": [(row, kinds.get(row.kind, row.kind)) for row in dropped],
        "fresh": new_id,
        "script": _script(request),
    }
    return render(request, "transit/drive/index.html", context)


def _service(actor: Actor, version: ServiceVersion) -> dict[str, Any]:
    today, definition = clock.today(), version.definition
    closed = calendar.why_closed(definition.hours, today) is not None
    vehicles = []
    if not closed and definition.vehicles:
        slug = definition.slug
        day = queries.access_vehicle(actor=actor, slug=slug, day=today, vehicle=definition.vehicles[0].code)
        duty = queries.on_duty(day)
        for now in queries.vehicles_now(day):
            rule, who = day.version.definition.vehicle(now.code), duty.get(now.code)
            if rule is None:
                continue
            vehicles.append(
                {
                    "code": now.code,
                    "name": say(rule.name, _language()),
                    "shift": f"{clock_text(rule.begins)}〜{clock_text(rule.ends)}",
                    "driver": who.name or _("名前のない運転手") if who else "",
                    "mine": who is not None and who.staff_id == actor.id,
                    "doing": now.doing.value,
                    "left": len({call.booking for call in now.calls if call.booking and not call.done}),
                }
            )
    return {
        "slug": definition.slug,
        "name": say(definition.name, _language()),
        "closed": closed,
        "vehicles": vehicles,
    }


@require_safe
@desk(queries.DRIVE)
def vehicle(request: HttpRequest, slug: str, vehicle: str) -> HttpResponse:
    """The day of a vehicle: the next stop, who gets on and off there, and the rest of the day."""
    actor = actor_of(request)
    day = queries.access_vehicle(actor=actor, slug=slug, day=clock.today(), vehicle=vehicle)
    row = sheet_row(day, queries.sheet(day, vehicle), actor=actor, language=_language())
    actions.note_sheet(actor=actor, day=day, vehicle=vehicle)
    return render(request, "transit/drive/vehicle.html", _page(request, row))


@require_safe
@desk(queries.DRIVE)
def shell(request: HttpRequest) -> HttpResponse:
    """The page without anybody's data: what the tablet opens when there is no network, to be filled from what it keeps."""
    return render(request, "transit/drive/vehicle.html", _page(request, None))


def _page(request: HttpRequest, row: SheetRow | None) -> dict[str, Any]:
    stops = row["stops"] if row else []
    current = next((stop for stop in stops if not all(call["done"] for call in stop["calls"])), None)
    later = [stop for stop in stops if stop is not current and not all(call["done"] for call in stop["calls"])]
    riders = row["riders"] if row else {}

    def people(stop: Any) -> list[tuple[Any, Any]]:
        return [(call, riders.get(call["booking"], _BLANK_RIDER)) for call in stop["calls"] if call["booking"]]

    arrived = bool(current and any(call["arrived"] or call["done"] for call in current["calls"]))
    return {
        "row": row,
        "current": current,
        "arrived": arrived,
        "people": people(current) if current else [],
        "later": [(stop, people(stop)) for stop in later],
        "aboard": [(key, riders[key]) for key in (row["aboard"] if row else []) if key in riders],
        "absent": [(key, riders[key]) for key in (row["absent"] if row else []) if key in riders],
        "report_url": reverse("transit_staff:drive_report", args=[row["slug"], row["vehicle"]]) if row else "",
        "fresh": new_id,
        "blank_call": _BLANK_CALL,
        "blank_rider": _BLANK_RIDER,
        "script": _script(request),
    }


def _script(request: HttpRequest) -> dict[str, str]:
    """What the tablet's script needs to know: addresses, the name of the cookie with the token, words."""
    words = {
        "sent": _("送信済み"),
        "unsent": _("未送信 %(number)s件"),
        "offline": _("通信が切れています。記録はこの端末に保存しています。そのまま続けてください。"),
        "signed_out": _("サインインが切れました。記録はこの端末に残っています。サインインすると送信します。"),
        "refused": _("この操作をする権限がありません。記録はこの端末に残っています。"),
        "trouble": _("サーバーが応答しません。記録はこの端末に保存しています。"),
        "no_store": _("この端末に保存できません。通信できるところで使ってください。"),
        "back": _("%(number)s件を送信しました。"),
        "changed": _("予定が変わりました。"),
        "added": _("増えた人：%(names)s"),
        "gone": _("なくなった人：%(names)s"),
        "in_minutes": _("あと%(number)s分"),
        "now": _("まもなく"),
        "minutes_late": _("%(number)s分おくれ"),
        "rest_left": _("休憩はあと%(number)s分です"),
        "rest_over": _("休憩の時間を%(number)s分過ぎました"),
        "rest_open": _("休憩を始めて%(number)s分です"),
        "people_on": _("乗る%(number)s"),
        "people_off": _("降りる%(number)s"),
        "rest": _("休憩%(number)s分"),
        "dropped": _("この記録を破棄して、運行の担当者に知らせます。"),
        "no_sheet": _("この端末には、この車両の予定がありません。通信できるところで開いてください。"),
        "driven_by": _("%(name)sさんが乗務しています"),
        "driven_by_nobody": _("乗務している人はいません"),
        "did_fare": _("料金を受け取った"),
        **{f"did_{kind.value}": str(kind.label) for kind in EventKind},
    }
    return {
        "base": reverse("transit_staff:drive"),
        "shell": reverse("transit_staff:drive_shell"),
        "worker": reverse("transit_staff:drive_worker"),
        "cookie": settings.CSRF_COOKIE_NAME,
        "sign_in": reverse("identity_staff:sign_in"),
        "staff": str(actor_of(request).id),
        "words": json.dumps(words, ensure_ascii=False),
    }


@require_POST
@desk(queries.DRIVE)
def report(request: HttpRequest, slug: str, vehicle: str) -> HttpResponse:
    """One press of a button without the tablet's script: one report (of an arrival one for each rider there)."""
    actor = actor_of(request)
    there = redirect("transit_staff:drive_vehicle", slug, vehicle)
    if request.POST.get("kind") == "fare":
        return _fare(request, slug, vehicle)
    try:
        kind = EventKind(request.POST.get("kind", ""))
        key = UUID(request.POST.get("id", ""))
        rides = [UUID(one) for one in request.POST.getlist("booking")]
    except ValueError as error:
        raise NotFoundError from error
    day = queries.access_vehicle(actor=actor, slug=slug, day=clock.today(), vehicle=vehicle)
    duty = queries.on_duty(day).get(vehicle)
    if kind is EventKind.BEGAN and duty and duty.staff_id != actor.id and request.POST.get("accept") != "yes":
        messages.warning(
            request,
            _("%(name)sさんが乗務しています。交代するときは、下のボタンを押してください。") % {"name": duty.name},
        )
        return there
    now = clock.now()
    reports = [actions.Report(uuid5(key, str(one)), kind, now, one) for one in rides]
    if kind not in _OF_RIDES:
        reports = [actions.Report(key, kind, now)]
    try:
        taken = actions.report(actor=actor, slug=slug, day=clock.today(), vehicle=vehicle, reports=reports)
    except ConflictError as error:
        messages.error(request, text_of(error))
        return there
    if taken.unknown:
        messages.error(request, _("記録できませんでした。この日の予約にない人です。"))
    return there


def _fare(request: HttpRequest, slug: str, vehicle: str) -> HttpResponse:
    """The fare was taken on board: the amount that the page named."""
    try:
        fare = actions.TakenFare(
            UUID(request.POST.get("id", "")),
            UUID(request.POST.get("booking", "")),
            int(request.POST.get("amount", "")),
        )
    except ValueError as error:
        raise NotFoundError from error
    done = actions.deliver(
        actor=actor_of(request), slug=slug, day=clock.today(), vehicle=vehicle, reports=[], fares=[fare]
    )
    for why in done.fares.values():
        messages.error(request, text_of(why))
    if done.unknown:
        raise NotFoundError
    return redirect("transit_staff:drive_vehicle", slug, vehicle)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a script without anybody's data
    """The service worker; from here its scope is the driver's pages."""
    found = finders.find("souto/driver-worker.js")
    if not isinstance(found, str):
        raise NotFoundError
    response = HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


urlpatterns = [
    path("drive/", index, name="drive"),
    path("drive/shell/", shell, name="drive_shell"),
    path("drive/worker.js", worker, name="drive_worker"),
    path("drive/<slug:slug>/<slug:vehicle>/", vehicle, name="drive_vehicle"),
    path("drive/<slug:slug>/<slug:vehicle>/report/", report, name="drive_report"),
    path("drive/<slug:slug>/<slug:vehicle>/plan.json", drive_api.plan, name="drive_plan"),
    path("drive/<slug:slug>/<slug:vehicle>/live/", drive_api.listen, name="drive_live"),
    path("drive/<slug:slug>/<slug:vehicle>/deliveries/", drive_api.deliveries, name="drive_deliveries"),
    path("drive/<slug:slug>/<slug:vehicle>/dismissals/", drive_api.dismissals, name="drive_dismissals"),
]
