"""When somebody wants to ride, how many, and whether back again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from souto.foundation.ui.dates import day_text
from souto.services.transit.definition import RiderClass, ServiceDefinition
from souto.services.transit.trips import When

NOW = "now"
_LABELS = {
    RiderClass.ADULT: gettext_lazy("大人"),
    RiderClass.CHILD: gettext_lazy("小学生"),
    RiderClass.INFANT: gettext_lazy("小学生になる前の子ども"),
    RiderClass.ASSISTED: gettext_lazy("障害者手帳などを持つ人"),
}


class WhenForm(forms.Form):
    """The third question of a booking. `details` names the fields that most riders leave as they are."""

    details = (*(kind.value for kind in RiderClass), "wheelchairs", "back", "back_hour", "back_minute")

    def __init__(self, *args: Any, definition: ServiceDefinition, days: list[date], language: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        hours = definition.hours
        self.definition = definition
        clock_hours = [
            (str(h), _("%(hour)s時") % {"hour": h}) for h in range(hours.opens // 3600, -(-hours.closes // 3600))
        ]
        minutes = [(str(m), _("%(minute)s分") % {"minute": f"{m:02d}"}) for m in range(0, 60, 5)]
        self.fields["when"] = forms.ChoiceField(
            label=_("いつ乗りますか"),
            widget=forms.RadioSelect,
            choices=[
                (NOW, _("できるだけ早く")),
                (When.DEPART.value, _("選んだ時刻から乗る")),
                (When.ARRIVE.value, _("選んだ時刻までに着く")),
            ],
        )
        self.fields["day"] = forms.ChoiceField(
            label=_("日"), choices=[(day.isoformat(), day_text(day, language)) for day in days]
        )
        self.fields["hour"] = forms.ChoiceField(label=_("時"), choices=clock_hours)
        self.fields["minute"] = forms.ChoiceField(label=_("分"), choices=minutes)
        most = definition.booking.largest_party
        for kind in RiderClass:
            fare = getattr(definition.fares, kind.value)
            self.fields[kind.value] = forms.TypedChoiceField(
                label=_("%(who)s（1人%(fare)s円）") % {"who": _LABELS[kind], "fare": f"{fare:,}"},
                coerce=int,
                choices=[(n, _("%(number)s人") % {"number": n}) for n in range(most + 1)],
            )
        self.fields["wheelchairs"] = forms.TypedChoiceField(
            label=_("このうち、車いすのまま乗る人"),
            coerce=int,
            choices=[(n, _("%(number)s人") % {"number": n}) for n in range(min(most, 3) + 1)],
        )
        self.fields["back"] = forms.BooleanField(label=_("帰りも予約する"), required=False)
        self.fields["back_hour"] = forms.ChoiceField(label=_("帰りの時"), choices=clock_hours)
        self.fields["back_minute"] = forms.ChoiceField(label=_("帰りの分"), choices=minutes)

    def clean(self) -> dict[str, Any]:
        """Somebody rides, those in wheelchairs are among them, and the way back is later than the way there."""
        given = super().clean() or {}
        if self.errors:
            return given
        riders = sum(given[kind.value] for kind in RiderClass)
        if riders == 0:
            self.add_error(RiderClass.ADULT.value, _("乗る人の数を選んでください。"))
        elif riders > self.definition.booking.largest_party:
            most = self.definition.booking.largest_party
            self.add_error(RiderClass.ADULT.value, _("一度に予約できるのは%(most)s人までです。") % {"most": most})
        elif given["wheelchairs"] > riders:
            self.add_error("wheelchairs", _("車いすの人数は、乗る人の数より少なくしてください。"))
        if given["back"] and given["when"] != NOW and self.back_at <= self.at:
            self.add_error("back_hour", _("帰りの時刻は、行きの時刻より後にしてください。"))
        return given

    @property
    def at(self) -> int:
        """The time chosen, seconds since midnight."""
        return int(self.cleaned_data["hour"]) * 3600 + int(self.cleaned_data["minute"]) * 60

    @property
    def back_at(self) -> int:
        """The time of the way back, seconds since midnight."""
        return int(self.cleaned_data["back_hour"]) * 3600 + int(self.cleaned_data["back_minute"]) * 60

    @property
    def riders(self) -> dict[RiderClass, int]:
        """Who rides."""
        return {kind: self.cleaned_data[kind.value] for kind in RiderClass if self.cleaned_data[kind.value]}
