"""The rider's pages for a ride every week, and for trips that she often makes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from souto.foundation.ui.dates import day_text
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel.errors import NotFoundError, SoutoError
from souto.services.transit import actions, queries, showing, wishing
from souto.services.transit.lifecycle import RIDES
from souto.services.transit.views import carrying
from souto.services.transit.views.rides import _language, _to_sign_in

#: How long a series may run, days by choice; 0: until it is ended.
LENGTHS = (30, 90, 180, 0)


class SeriesForm(forms.Form):
    """On which weekdays, for how long, and whether on public holidays."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        self.fields["weekdays"] = forms.TypedMultipleChoiceField(
            label=_("曜日"),
            coerce=int,
            choices=list(enumerate(wishing.weekday_names())),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("曜日を1つ以上選んでください。")},
        )
        words = {30: _("1か月"), 90: _("3か月"), 180: _("6か月"), 0: _("やめるまで")}
        self.fields["length"] = forms.TypedChoiceField(
            label=_("いつまで"), coerce=int, choices=[(days, words[days]) for days in LENGTHS], initial=90
        )
        self.fields["skip_holidays"] = forms.BooleanField(label=_("祝日は乗らない"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def repeat(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Make a booked ride one of every week."""
    actor = actor_of(request)
    if actor.is_anonymous:
        carrying.keep(request)
        return _to_sign_in(request)
    booking = queries.access_booking(actor=actor, booking_id=booking_id)
    if not actor.is_resident:
        raise NotFoundError  # staff repeat rides at their own desk
    if booking.state not in RIDES or booking.forgotten_at is not None:
        return redirect("transit:ride", booking_id)
    kept = carrying.taken(request)
    initial = {"weekdays": [booking.day.date.weekday()], "length": 90} | kept
    form = SeriesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        until = booking.day.date + timedelta(days=given["length"]) if given["length"] else None
        series = actions.start_series(
            actor=actor,
            booking_id=booking_id,
            weekdays=given["weekdays"],
            until=until,
            skip_holidays=given["skip_holidays"],
        )
        messages.success(request, _("毎週の予約を始めました。予約できる日から、順に予約します。"))
        return redirect("transit:series", series.id)
    context = {"form": form, "ride": showing.ride(booking, _language()), "kept": bool(kept)}
    return render(request, "transit/repeat.html", context, status=422 if form.is_bound else 200)


@require_safe
def series(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """A ride of every week: its next days, each with what became of it."""
    actor = actor_of(request)
    if actor.is_anonymous:
        return _to_sign_in(request)
    found = queries.access_series(actor=actor, series_id=series_id)
    language = _language()
    context = {
        "series": wishing.series_row(found, language),
        "days": [wishing.occasion(day, language) for day in queries.occasions(found)],
    }
    return render(request, "transit/series.html", context)


@require_POST
def skip(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Do not ride on one day."""
    if actor_of(request).is_anonymous:
        return carrying.to_sign_in(reverse("transit:series", args=[series_id]))
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise NotFoundError from error
    try:
        actions.skip_day(actor=actor_of(request), series_id=series_id, day=day)
        messages.success(request, _("%(day)sは乗らないことにしました。") % {"day": day_text(day, _language())})
    except (actions.AboardError, actions.SeriesOverError) as error:
        messages.warning(request, text_of(error))
    return redirect("transit:series", series_id)


@require_POST
def end(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Book no more days."""
    if actor_of(request).is_anonymous:
        return carrying.to_sign_in(reverse("transit:series", args=[series_id]))
    actions.end_series(actor=actor_of(request), series_id=series_id)
    messages.success(request, _("毎週の予約を終えました。予約済みの日は、そのまま残ります。"))
    return redirect("transit:series", series_id)


@require_POST
def keep(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Keep the trip of a ride under a name."""
    actor = actor_of(request)
    if actor.is_anonymous:
        page = reverse("transit:ride", args=[booking_id])
        carrying.keep(request, page)
        return carrying.to_sign_in(page)
    booking = queries.access_booking(actor=actor, booking_id=booking_id)
    trip = booking.trip
    try:
        actions.keep_favourite(
            actor=actor,
            slug=booking.day.version.service.slug,
            origin=trip["origin"],
            goal=trip["goal"],
            name=request.POST.get("name", "").replace("\x00", ""),
        )
        messages.success(request, _("よく使う乗車に入れました。最初の画面から選べます。"))
    except (actions.NameMissingError, actions.TooManyFavouritesError) as error:
        messages.warning(request, text_of(error))
    return redirect("transit:ride", booking_id)


@require_http_methods(["GET", "HEAD", "POST"])
def favourite(request: HttpRequest, favourite_id: UUID) -> HttpResponse:
    """Rename a favourite, or give it up."""
    actor = actor_of(request)
    if not actor.is_resident:
        return _to_sign_in(request)
    found = queries.access_favourite(actor=actor, favourite_id=favourite_id)
    wrong = ""
    if request.method == "POST" and "drop" in request.POST:
        actions.drop_favourite(actor=actor, favourite_id=favourite_id)
        messages.success(request, _("よく使う乗車から消しました。"))
        return redirect("transit:rides")
    if request.method == "POST":
        try:
            name = request.POST.get("name", "").replace("\x00", "")
            actions.rename_favourite(actor=actor, favourite_id=favourite_id, name=name)
        except SoutoError as error:
            wrong = text_of(error)
        else:
            messages.success(request, _("名前を変えました。"))
            return redirect("transit:rides")
    context = {
        "row": wishing.favourite_row(found, _language()),
        "name": request.POST.get("name", found.row["name"]),
        "wrong": wrong,
    }
    return render(request, "transit/favourite.html", context, status=422 if wrong else 200)
