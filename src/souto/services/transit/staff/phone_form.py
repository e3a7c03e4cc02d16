"""What an operator fills in while somebody is on the telephone: everything is typed, nothing needs the mouse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from souto.foundation.ui.errors import text_of
from souto.kernel import clock
from souto.kernel.errors import SoutoError
from souto.services.transit import calendar, typed
from souto.services.transit.definition import RiderClass, ServiceDefinition, Stop, clock_text
from souto.services.transit.models import Contact
from souto.services.transit.trips import Trip, When

Read = TypeVar("Read")

#: Counted on the form, with the short word that stands beside the box.
PARTY = {
    RiderClass.ADULT: gettext_lazy("大人"),
    RiderClass.CHILD: gettext_lazy("小学生"),
    RiderClass.INFANT: gettext_lazy("幼児"),
    RiderClass.ASSISTED: gettext_lazy("手帳"),
}


class CallForm(forms.Form):
    """A ride for a caller. `origin` and `goal` take a code, a name, a reading or the beginning of one; an empty `at` means as soon as possible."""

    use_required_attribute = False

    def __init__(self, *args: Any, definition: ServiceDefinition, **more: Any) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        self.definition = definition
        text = {"class": "s-input", "autocomplete": "off", "spellcheck": "false"}
        combo = {**text, "role": "combobox", "aria-autocomplete": "list", "aria-expanded": "false"}
        self.fields["phone"] = forms.CharField(label=_("電話番号"), max_length=30, widget=forms.HiddenInput)
        self.fields["name"] = forms.CharField(label=_("名前"), max_length=80, widget=forms.TextInput(text))
        for end, label in (("origin", _("乗る場所")), ("goal", _("降りる場所"))):
            widget = forms.TextInput({**combo, "aria-controls": f"id_{end}-list"})
            self.fields[end] = forms.CharField(label=label, max_length=100, widget=widget)
        self.fields["at"] = forms.CharField(
            label=_("時刻"),
            max_length=12,
            required=False,
            help_text=_("1430。空欄＝すぐ"),
            widget=forms.TextInput({**text, "inputmode": "numeric"}),
        )
        self.fields["when"] = forms.ChoiceField(
            label=_("乗るか着くか"),
            choices=[(When.DEPART.value, _("乗る")), (When.ARRIVE.value, _("着く"))],
            widget=forms.Select({"class": "s-select"}),
        )
        self.fields["day"] = forms.CharField(
            label=_("日"),
            max_length=12,
            required=False,
            help_text=_("明日、火、12/3。空欄＝今日"),
            widget=forms.TextInput(text),
        )
        counted = {**text, "inputmode": "numeric"}
        for kind, word in PARTY.items():
            self.fields[kind.value] = forms.IntegerField(
                label=word, min_value=0, max_value=60, required=False, widget=forms.TextInput(counted)
            )
        self.fields["wheelchairs"] = forms.IntegerField(
            label=_("うち車いす"), min_value=0, max_value=60, required=False, widget=forms.TextInput(counted)
        )
        self.fields["back"] = forms.CharField(
            label=_("帰りの時刻"),
            max_length=12,
            required=False,
            widget=forms.TextInput({**text, "inputmode": "numeric"}),
        )
        self.fields["change"] = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_phone(self) -> str:
        """Ten or eleven digits."""
        return _read(typed.phone_digits, self.cleaned_data["phone"])

    def clean_origin(self) -> Stop:
        """One stop."""
        return self._stop("origin")

    def clean_goal(self) -> Stop:
        """One stop."""
        return self._stop("goal")

    def clean_at(self) -> int | None:
        """Seconds since midnight."""
        return _read(typed.time_of, self.cleaned_data["at"])

    def clean_back(self) -> int | None:
        """Seconds since midnight."""
        return _read(typed.time_of, self.cleaned_data["back"])

    def clean_day(self) -> date:
        """The day meant."""
        return _read(lambda text: typed.day_of(text, today=clock.today()), self.cleaned_data["day"])

    def clean(self) -> dict[str, Any]:
        """Somebody rides, those in wheelchairs are among them, the way back is later than the way there."""
        given = super().clean() or {}
        if self.errors:
            return given
        riders = sum(self.riders.values())
        if riders == 0:
            self.add_error(RiderClass.ADULT.value, _("人数を入力してください。"))
        elif (given["wheelchairs"] or 0) > riders:
            self.add_error("wheelchairs", _("乗る人の数より少なくしてください。"))
        if given["back"] is not None and given["at"] is not None and given["back"] <= given["at"]:
            self.add_error("back", _("行きの時刻より後にしてください。"))
        return given

    @property
    def riders(self) -> dict[RiderClass, int]:
        """Who rides."""
        return {kind: int(n) for kind in RiderClass if (n := self.cleaned_data.get(kind.value))}

    @property
    def contact(self) -> Contact:
        """Who called."""
        return Contact(name=self.cleaned_data["name"], phone=self.cleaned_data["phone"])

    @property
    def trip(self) -> Trip:
        """What is asked for; without a time, as soon as the service still takes bookings."""
        given = self.cleaned_data
        at, when = given["at"], When(given["when"])
        if at is None:
            at, when = self._soonest(given["day"]), When.DEPART
        return Trip(
            given["origin"].code, given["goal"].code, given["day"], at, self.riders, when, given["wheelchairs"] or 0
        )

    def _soonest(self, day: date) -> int:
        now = calendar.seconds_into(day, clock.now()) + 60 * self.definition.booking.closes_minutes
        return max(int(-(-now // 60) * 60), self.definition.hours.opens)

    def _stop(self, end: str) -> Stop:
        text = self.cleaned_data[end]
        stop = typed.stop_of(self.definition, text)
        if stop is not None:
            return stop
        near = "、".join(stop.name["ja"] for stop in typed.stops_like(self.definition, text)[: typed.SHOWN])
        if near:
            raise forms.ValidationError(_("どの停留所ですか：%(stops)s") % {"stops": near})
        raise forms.ValidationError(_("その名前の停留所はありません。"))


def _read(reader: Callable[[str], Read], text: str) -> Read:
    try:
        return reader(text)
    except SoutoError as error:
        raise forms.ValidationError(text_of(error)) from error


def initial(trip: Trip, contact: Contact | None, definition: ServiceDefinition) -> dict[str, Any]:
    """A booking as the form would have been filled in for it."""
    origin, goal = definition.stop(trip.origin), definition.stop(trip.goal)
    return {
        **(contact or {}),
        "origin": origin.name["ja"] if origin else "",
        "goal": goal.name["ja"] if goal else "",
        "at": clock_text(trip.at),
        "when": trip.when.value,
        "day": f"{trip.day.month}/{trip.day.day}",
        "wheelchairs": trip.wheelchairs or None,
        **{kind.value: number for kind, number in trip.riders.items() if number},
    }
