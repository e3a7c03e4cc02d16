"""Stops and vehicles of a draft: a row of fields for each, one blank row at the end, and a box that takes a row away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from souto.services.transit.definition import ServiceDefinition
from souto.services.transit.staff.editing import (
    ClockField,
    name_what_is_missing,
    stops_of,
    text_from,
    text_into,
    texts,
)

_CODE = r"^[a-z0-9][a-z0-9-]{0,47}$"
_CODE_WRONG = {"invalid": gettext_lazy("コードは、半角の英小文字、数字、「-」で書いてください。")}


class Row(forms.Form):
    """A stop or a vehicle; `gone`: take it away. A blank row is none."""

    #: How many rows a part shows at least.
    least = 1
    code = forms.RegexField(_CODE, label=gettext_lazy("コード"), max_length=48, error_messages=_CODE_WRONG)

    def __init__(
        self, *args: Any, definition: ServiceDefinition, was: Mapping[str, Any] | None = None, **more: Any
    ) -> None:
        self.definition, self.was = definition, was
        super().__init__(*args, **more)
        self.label_suffix = ""
        self.empty_permitted, self.use_required_attribute = was is None, False
        self.fields = {**self.fields, **texts("name", _("名前"))}
        self.prepare()
        self.fields["gone"] = forms.BooleanField(label=_("この行をなくす"), required=False)
        name_what_is_missing(self)

    def prepare(self) -> None:
        """The other fields."""

    @property
    def is_gone(self) -> bool:
        """Whether the row is to go, or was never filled in."""
        return bool(self.data.get(self.add_prefix("gone"))) or (self.was is None and not self.has_changed())

    def row(self) -> dict[str, Any]:
        """As the body of a definition has it."""
        return {}


class StopRow(Row):
    """A virtual stop."""

    least = 3

    def prepare(self) -> None:
        """Reading and place."""
        self.fields["kana"] = forms.CharField(label=_("よみ（ひらがな）"), max_length=100)
        self.fields["lat"] = forms.FloatField(label=_("緯度"), min_value=20, max_value=46)
        self.fields["lon"] = forms.FloatField(label=_("経度"), min_value=122, max_value=154)

    @staticmethod
    def read(stop: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a stop."""
        return {**stop, **text_into(stop["name"], "name")}

    def row(self) -> dict[str, Any]:
        """The stop."""
        given = self.cleaned_data
        return {**{name: given[name] for name in ("code", "kana", "lat", "lon")}, "name": text_from(given, "name")}


class VehicleRow(Row):
    """A vehicle: depot, by what riders know it, shift, layouts of its places, breaks; one layout and one break more than it has can be written."""

    def prepare(self) -> None:
        """Fields for as many layouts and breaks as there are, and one more each."""
        stops = stops_of(self.definition)
        was = self.was or {}
        self.layouts, self.rests = len(was.get("layouts", ())) + 1, len(was.get("breaks", ())) + 1
        # A row that nobody has filled in says nothing, its lists neither.
        chosen = stops if self.was is not None else [("", _("選んでください")), *stops]
        self.fields["depot"] = forms.ChoiceField(label=_("車庫（出て、帰る停留所）"), choices=chosen)
        self.fields |= texts("colour", _("色"), required=False)
        self.fields["plate"] = forms.CharField(label=_("ナンバー"), max_length=20, required=False)
        self.fields["phone"] = forms.RegexField(
            r"^[0-9-]{0,20}$",
            label=_("運転手の電話"),
            required=False,
            error_messages={"invalid": _("電話番号は、半角の数字と「-」で書いてください。")},
        )
        self.fields["begins"] = ClockField(label=_("勤務の始まり"))
        self.fields["ends"] = ClockField(label=_("勤務の終わり"))
        for n in range(self.layouts):
            number = {"n": n + 1}
            self.fields[f"seat_{n}"] = forms.IntegerField(
                label=_("座席の並べ方%(n)s：座席") % number, min_value=0, max_value=200, required=n == 0
            )
            self.fields[f"wheelchair_{n}"] = forms.IntegerField(
                label=_("座席の並べ方%(n)s：車いす") % number, min_value=0, max_value=200, required=False
            )
        for n in range(self.rests):
            number = {"n": n + 1}
            self.fields[f"earliest_{n}"] = ClockField(label=_("休憩%(n)s：早くて") % number, required=False)
            self.fields[f"latest_{n}"] = ClockField(label=_("休憩%(n)s：遅くて") % number, required=False)
            self.fields[f"minutes_{n}"] = forms.IntegerField(
                label=_("休憩%(n)s：長さ（分）") % number, min_value=1, max_value=240, required=False
            )
            self.fields[f"stop_{n}"] = forms.ChoiceField(
                label=_("休憩%(n)s：場所") % number, choices=[("", _("車庫")), *stops], required=False
            )

    @staticmethod
    def read(vehicle: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a vehicle."""
        found = {**vehicle, **text_into(vehicle["name"], "name"), **text_into(vehicle["colour"], "colour")}
        for n, layout in enumerate(vehicle["layouts"]):
            found |= {f"seat_{n}": layout["seat"], f"wheelchair_{n}": layout["wheelchair"]}
        for n, rest in enumerate(vehicle["breaks"]):
            found |= {f"{name}_{n}": rest[name] or "" for name in ("earliest", "latest", "minutes", "stop")}
        return found

    def clean(self) -> dict[str, Any]:
        """A break has a beginning, an end and a length, or nothing."""
        given = super().clean() or {}
        for n in range(self.rests):
            names = [f"{name}_{n}" for name in ("earliest", "latest", "minutes")]
            if any(given.get(name) for name in names):
                for name in names:
                    if not given.get(name) and name not in self.errors:
                        self.add_error(name, _("休憩には、早くて、遅くて、長さの3つが必要です。"))
        return given

    def row(self) -> dict[str, Any]:
        """The vehicle."""
        given = self.cleaned_data
        layouts = [
            {"seat": given[f"seat_{n}"] or 0, "wheelchair": given[f"wheelchair_{n}"] or 0}
            for n in range(self.layouts)
            if given[f"seat_{n}"] is not None or given[f"wheelchair_{n}"] is not None
        ]
        breaks = [
            {name: given[f"{name}_{n}"] or None for name in ("earliest", "latest", "minutes", "stop")}
            for n in range(self.rests)
            if given[f"minutes_{n}"]
        ]
        plain = {name: given[name] for name in ("code", "depot", "begins", "ends", "plate", "phone")}
        said = {"name": text_from(given, "name"), "colour": text_from(given, "colour")}
        return {**plain, **said, "layouts": layouts, "breaks": breaks}


class Rows:
    """All rows of a part as forms: those of the draft, those that were added on this page, and a blank one."""

    def __init__(
        self, kind: type[StopRow | VehicleRow], key: str, definition: ServiceDefinition, data: Mapping[str, Any] | None
    ) -> None:
        self.key = key
        known: Sequence[Mapping[str, Any]] = definition.body()[key]
        number = max(len(known) + 1, kind.least)
        if data is not None:
            text = str(data.get(f"{key}-rows", ""))
            number = min(int(text), 300) if text.isdecimal() and int(text) > len(known) else number
        self.forms: list[StopRow | VehicleRow] = []
        for n in range(number):
            was = known[n] if n < len(known) else None
            initial = kind.read(was) if was is not None else {}
            self.forms.append(kind(data, prefix=f"{key}-{n}", definition=definition, was=was, initial=initial))

    @property
    def number(self) -> int:
        """How many rows the page shows."""
        return len(self.forms)

    def is_valid(self) -> bool:
        """Whether every row that stays can be read; no code may stand twice."""
        staying = [form for form in self.forms if not form.is_gone]
        checked = [form.is_valid() for form in staying]  # every row says what is wrong with it
        valid = all(checked)
        seen: set[str] = set()
        for form in staying:
            code = form.cleaned_data.get("code") if form.is_valid() else None
            if code and code in seen:
                form.add_error("code", _("このコードは、ほかの行にもあります。"))
                valid = False
            seen.add(code or "")
        return valid

    @property
    def changes(self) -> dict[str, Any]:
        """The key of the body that the rows are."""
        return {self.key: [form.row() for form in self.forms if not form.is_gone]}

    @property
    def faults(self) -> Iterator[tuple[str, str]]:
        """Id of the control and message of everything that is wrong."""
        for form in self.forms:
            if not form.is_gone:
                for name, messages in form.errors.items():
                    yield (f"id_{form.add_prefix(name)}", str(messages[0]))
