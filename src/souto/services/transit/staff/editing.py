"""A draft as forms, one for each part: from the definition into fields and back. What does not fit is said at its field, and what was typed stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from souto.foundation.ui.errors import text_of
from souto.services.transit import places
from souto.services.transit.definition import Payment, ServiceDefinition, Weekday, clock_text, seconds_of
from souto.services.transit.staff.sections import sections

LANGUAGES = ("ja", "ja-easy", "en")
LANGUAGE_NAMES = {"ja": gettext_lazy("日本語"), "ja-easy": gettext_lazy("やさしい日本語"), "en": gettext_lazy("英語")}
DAYS = [
    (Weekday.MON, gettext_lazy("月曜日")),
    (Weekday.TUE, gettext_lazy("火曜日")),
    (Weekday.WED, gettext_lazy("水曜日")),
    (Weekday.THU, gettext_lazy("木曜日")),
    (Weekday.FRI, gettext_lazy("金曜日")),
    (Weekday.SAT, gettext_lazy("土曜日")),
    (Weekday.SUN, gettext_lazy("日曜日")),
]

PAYMENTS = [
    (Payment.ON_BOARD, gettext_lazy("車内で払う")),
    (Payment.ONLINE, gettext_lazy("予約のときに払う")),
    (Payment.EITHER, gettext_lazy("どちらでもよい")),
]
LATE_CANCELLATIONS = [("free", gettext_lazy("運賃を取らない")), ("charged", gettext_lazy("運賃を取る"))]


class ClockField(forms.CharField):
    """A time of the service day, `8:30`; up to 29:59."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=5, **more)

    def clean(self, value: Any) -> str:
        """The time as the definition writes it."""
        text = str(super().clean(value)).strip()
        try:
            return clock_text(seconds_of(text)) if text else ""
        except ValueError as error:
            raise forms.ValidationError(_("時刻は「8:30」のように書いてください。")) from error


def texts(name: str, label: Any, *, required: bool = True, whole: bool = False) -> dict[str, forms.Field]:
    """A field for each language of a text, the Japanese one mandatory (unless nothing is `required`); `whole`: publication asks for every language."""
    return {
        f"{name}_{language}": forms.CharField(
            label=f"{label}（{LANGUAGE_NAMES[language]}）",
            max_length=300,
            required=required and language == "ja",
            help_text=gettext_lazy("公開するまでに書いてください。") if whole and language != "ja" else "",
        )
        for language in LANGUAGES
    }


def text_from(given: Mapping[str, Any], name: str) -> dict[str, str]:
    """A text as the fields of its languages say it."""
    return {language: given[f"{name}_{language}"] for language in LANGUAGES if given[f"{name}_{language}"]}


def text_into(text: Mapping[str, str], name: str) -> dict[str, str]:
    """The fields of its languages for a text."""
    return {f"{name}_{language}": text.get(language, "") for language in LANGUAGES}


def name_what_is_missing(form: forms.Form) -> None:
    """Let a field that must be filled in say which one it is: a list of problems is read apart from the fields."""
    for field in form.fields.values():
        field.error_messages["required"] = _("「%(label)s」を入力してください。") % {"label": field.label}


def _width(field: forms.Field) -> str:
    return "8" if isinstance(field, (forms.IntegerField, ClockField)) else ""


class PartForm(forms.Form):
    """One part of a draft. `changes` is what the part says, as the body of a definition has it."""

    part = ""
    #: Fields under a heading of their own; none: all of them in a row.
    groups: tuple[tuple[Any, tuple[str, ...]], ...] = ()

    def __init__(self, *args: Any, definition: ServiceDefinition, **more: Any) -> None:
        self.definition, self.body = definition, definition.body()
        super().__init__(*args, **{"initial": self.read(self.body), **more})
        self.label_suffix = ""
        self.prepare()
        name_what_is_missing(self)

    def prepare(self) -> None:
        """Fields that depend on the definition."""

    @classmethod
    def read(cls, body: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG003 - each part reads its own keys
        """The fields of a body."""
        return {}

    @property
    def changes(self) -> dict[str, Any]:
        """The keys of the body that this part holds."""
        return {}

    @property
    def grouped(self) -> list[tuple[str, list[tuple[forms.BoundField, str]]]]:
        """The fields, each with its width in characters (empty: as wide as can be), under their headings; a heading that is empty is none."""
        groups = self.groups or (("", tuple(self.fields)),)
        return [(str(label), [(self[name], _width(self.fields[name])) for name in names]) for label, names in groups]

    def place_of(self, location: tuple[Any, ...]) -> str | None:
        """The field at which a fault of the definition belongs; None: the form as a whole."""
        names = [str(step) for step in location]
        return next((name for name in reversed(names) if name in self.fields), None)


class BasicsForm(PartForm):
    """Name, note, section, retention."""

    part = "basics"

    def prepare(self) -> None:
        """The texts in every language, then the rest."""
        note = texts("note", _("説明"), required=False)
        self.fields = {**texts("name", _("名前"), whole=True), **note, **self.fields}
        self.order_fields([*self.fields])
        department = self.fields["department"]
        if isinstance(department, forms.ChoiceField):
            department.choices = sections(translation.get_language() or "ja", also=self.definition.department)

    department = forms.ChoiceField(label=gettext_lazy("担当の課"))
    retention_days = forms.IntegerField(label=gettext_lazy("乗車の記録を残す日数"), min_value=1, max_value=3650)

    @classmethod
    def read(cls, body: dict[str, Any]) -> dict[str, Any]:
        """The fields of a body."""
        texts = {**text_into(body["name"], "name"), **text_into(body["note"], "note")}
        return {**texts, "department": body["department"], "retention_days": body["retention_days"]}

    @property
    def changes(self) -> dict[str, Any]:
        """Name, note, section, retention."""
        given = self.cleaned_data
        kept = {name: given[name] for name in ("department", "retention_days")}
        return {**kept, "name": text_from(given, "name"), "note": text_from(given, "note")}


class ZoneForm(PartForm):
    """The zone as a ring of places."""

    part = "area"
    zone = forms.CharField(
        label=gettext_lazy("区域の線の点"),
        help_text=gettext_lazy("1行に1か所、緯度と経度を順に書きます。地図を押すと、ここに加わります。"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
    )

    @classmethod
    def read(cls, body: dict[str, Any]) -> dict[str, Any]:
        """The fields of a body."""
        return {"zone": places.write(body["zone"])}

    def clean_zone(self) -> list[list[float]]:
        """Places."""
        try:
            return [[lat, lon] for lat, lon, _name in places.read(self.cleaned_data["zone"])]
        except places.PlaceUnreadableError as error:
            raise forms.ValidationError(text_of(error)) from error

    @property
    def changes(self) -> dict[str, Any]:
        """The zone."""
        return {"zone": self.cleaned_data["zone"]}


class HoursForm(PartForm):
    """When the service runs."""

    part = "hours"
    opens = ClockField(label=gettext_lazy("始まり"))
    closes = ClockField(label=gettext_lazy("終わり"))
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("運行する曜日"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(day.value, label) for day, label in DAYS],
    )
    closed_on_holidays = forms.BooleanField(label=gettext_lazy("祝日は休む"), required=False)
    closed = forms.CharField(
        label=gettext_lazy("休む日"),
        help_text=gettext_lazy("1行に1日、「2026-12-31」のように書きます。"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10_000,
        required=False,
    )

    @classmethod
    def read(cls, body: dict[str, Any]) -> dict[str, Any]:
        """The fields of a body."""
        return {**body["hours"], "closed": "\n".join(body["hours"]["closed"])}

    def clean_closed(self) -> list[str]:
        """Dates."""
        try:
            return [date.fromisoformat(line.strip()).isoformat() for line in self.cleaned_data["closed"].split()]
        except ValueError as error:
            raise forms.ValidationError(_("日付は「2026-12-31」のように書いてください。")) from error

    @property
    def changes(self) -> dict[str, Any]:
        """The hours."""
        return {"hours": dict(self.cleaned_data)}


class RulesForm(PartForm):
    """Fares, and the rules of booking and of riding."""

    part = "rules"
    adult = forms.IntegerField(label=gettext_lazy("大人の運賃（円）"), min_value=0)
    child = forms.IntegerField(label=gettext_lazy("小学生の運賃（円）"), min_value=0)
    infant = forms.IntegerField(label=gettext_lazy("小学生になる前の子どもの運賃（円）"), min_value=0)
    assisted = forms.IntegerField(label=gettext_lazy("障害者手帳などを持つ人の運賃（円）"), min_value=0)
    payment = forms.ChoiceField(
        label=gettext_lazy("払い方"),
        choices=PAYMENTS,
    )
    late_cancellation = forms.ChoiceField(
        label=gettext_lazy("遅い取消"),
        choices=LATE_CANCELLATIONS,
    )
    opens_days = forms.IntegerField(label=gettext_lazy("何日前から予約できるか"), min_value=0)
    closes_minutes = forms.IntegerField(label=gettext_lazy("何分前に予約を締め切るか"), min_value=0)
    cancel_minutes = forms.IntegerField(label=gettext_lazy("何分前までに取り消してもらうか"), min_value=0)
    search_minutes = forms.IntegerField(label=gettext_lazy("待ってもらう時間の上限（分）"), min_value=5)
    promise_minutes = forms.IntegerField(label=gettext_lazy("お約束する迎えの時間の幅（分）"), min_value=1)
    arrival_minutes = forms.IntegerField(label=gettext_lazy("着く時刻のゆとり（分）"), min_value=1)
    largest_party = forms.IntegerField(label=gettext_lazy("一度に予約できる人数"), min_value=1)
    open_bookings = forms.IntegerField(label=gettext_lazy("1人が予約しておける件数"), min_value=1)
    factor = forms.FloatField(label=gettext_lazy("いちばん長い乗車は、直行の何倍か"), min_value=1)
    extra_minutes = forms.IntegerField(label=gettext_lazy("それに足す分"), min_value=0)
    board_seconds = forms.IntegerField(label=gettext_lazy("乗り降りにかかる秒"), min_value=0)
    wheelchair_seconds = forms.IntegerField(label=gettext_lazy("車いすの人に足す秒"), min_value=0)

    fares = ("adult", "child", "infant", "assisted", "payment", "late_cancellation")
    ride = ("factor", "extra_minutes", "board_seconds", "wheelchair_seconds")
    booking = (
        "opens_days",
        "closes_minutes",
        "cancel_minutes",
        "search_minutes",
        "promise_minutes",
        "arrival_minutes",
        "largest_party",
        "open_bookings",
    )
    groups = (
        (gettext_lazy("運賃"), fares),
        (gettext_lazy("予約の決まり"), booking),
        (gettext_lazy("乗車の決まり"), ride),
    )

    @classmethod
    def read(cls, body: dict[str, Any]) -> dict[str, Any]:
        """The fields of a body."""
        return {**body["fares"], **body["booking"], **body["ride"]}

    @property
    def changes(self) -> dict[str, Any]:
        """Fares, booking, ride; keys that no field shows stay as they are."""
        given = self.cleaned_data
        return {
            "fares": {**self.body["fares"], **{name: given[name] for name in self.fares}},
            "booking": {**self.body["booking"], **{name: given[name] for name in self.booking}},
            "ride": {**self.body["ride"], **{name: given[name] for name in self.ride}},
        }


def stops_of(definition: ServiceDefinition) -> list[tuple[str, str]]:
    """The stops to choose from."""
    return [(stop.code, stop.name.get("ja", stop.code)) for stop in definition.stops]


def field_of(place: str) -> tuple[int | None, str]:
    """The row (None: no part of a list) and the field at which a place in the body is edited; no field for a list as a whole."""
    steps, row = place.split("."), None
    if steps[0] in ("stops", "vehicles"):
        if len(steps) == 1:
            return None, ""
        row, steps = int(steps[1]), steps[2:]
    if steps[0] == "name":
        return row, "_".join(steps)
    return row, f"{steps[2]}_{steps[1]}" if len(steps) == 3 else steps[-1]
