"""What the page of gaps is asked: distances, least service, kind of day, and what to try out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from souto.foundation.ui.errors import text_of
from souto.services.transit import gaps, places
from souto.services.transit.definition import ServiceDefinition, seconds_of
from souto.services.transit.gaps import DayKind, WalkKind

if TYPE_CHECKING:
    from souto.services.transit import coverage

FREE = "free"
#: Distances in use (`coverage.DISTANCES`), as the page offers them.
_DISTANCES = [
    ("300/500", gettext_lazy("バス停300m・駅500m")),
    ("300/800", gettext_lazy("バス停300m・駅800m")),
    ("500/800", gettext_lazy("バス停500m・駅800m")),
    ("500/1000", gettext_lazy("バス停500m・駅1km")),
    ("1000/1000", gettext_lazy("どちらも1km")),
    (FREE, gettext_lazy("自分で決める")),
]
_DAYS = [
    (DayKind.WEEKDAY.value, gettext_lazy("平日")),
    (DayKind.SATURDAY.value, gettext_lazy("土曜日")),
    (DayKind.SUNDAY.value, gettext_lazy("日曜日")),
]
_WALKS = [(WalkKind.STRAIGHT.value, gettext_lazy("直線")), (WalkKind.STREETS.value, gettext_lazy("歩く道のり"))]


class CoverageForm(forms.Form):
    """The question of the page, all of it in the address, so that it can be sent to a colleague. What is left out has its usual value."""

    distances = forms.ChoiceField(label=gettext_lazy("届くとみなす距離"), choices=_DISTANCES, required=False)
    bus = forms.IntegerField(label=gettext_lazy("バス停"), min_value=0, max_value=gaps.FARTHEST, required=False)
    station = forms.IntegerField(label=gettext_lazy("駅"), min_value=0, max_value=gaps.FARTHEST, required=False)
    demand = forms.IntegerField(
        label=gettext_lazy("デマンド交通の停留所"), min_value=0, max_value=gaps.FARTHEST, required=False
    )
    departures = forms.IntegerField(label=gettext_lazy("1日の本数（以上）"), min_value=0, max_value=500, required=False)
    last_from = forms.CharField(label=gettext_lazy("終発がこの時刻より後"), max_length=5, required=False)
    day = forms.ChoiceField(label=gettext_lazy("どの日の時刻表で見るか"), choices=_DAYS, required=False)
    walk = forms.ChoiceField(label=gettext_lazy("距離の測り方"), choices=_WALKS, required=False)
    services = forms.MultipleChoiceField(
        label=gettext_lazy("加えるデマンド交通"), widget=forms.CheckboxSelectMultiple, required=False
    )
    added = forms.CharField(
        label=gettext_lazy("新しい停留所"),
        help_text=gettext_lazy(
            "1行に1か所、緯度と経度を書きます（例：35.655, 139.339）。地図を押すと、ここに入ります。"
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=20_000,
        required=False,
    )
    removed = forms.CharField(
        label=gettext_lazy("なくす停留所"),
        help_text=gettext_lazy("1行に1つ、停留所の名前を書きます。同じ名前の停留所は、どれもなくしたものとします。"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=20_000,
        required=False,
    )
    line = forms.CharField(
        label=gettext_lazy("新しい路線が通る所"),
        help_text=gettext_lazy("1行に1か所、緯度と経度を書きます。50m以内に停留所があれば、そこに停まるものとします。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=20_000,
        required=False,
    )
    line_departures = forms.IntegerField(
        label=gettext_lazy("新しい停留所と路線の1日の本数"), min_value=1, max_value=500, required=False
    )
    without = forms.MultipleChoiceField(
        label=gettext_lazy("なくす路線"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self,
        *args: Any,
        services: dict[str, tuple[str, ServiceDefinition]],
        published: list[str],
        lines: list[gaps.Line],
        streets: bool,
        usual: tuple[str, int],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        self.known, self.published, self.usual = services, published, usual
        self._choices("services", [(key, name) for key, (name, _definition) in services.items()])
        self._choices("without", [(line.key, line.name) for line in lines])
        if not streets:
            self._choices("walk", _WALKS[:1])

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        field.choices = choices

    def clean_last_from(self) -> int | None:
        """Minutes since midnight."""
        text = self.cleaned_data["last_from"].strip()
        try:
            return seconds_of(text) // 60 if text else None
        except ValueError as error:
            raise forms.ValidationError(_("時刻は「20:00」のように書いてください。")) from error

    def _places(self, name: str) -> list[tuple[float, float, str]]:
        try:
            return places.read(self.cleaned_data[name])
        except places.PlaceUnreadableError as error:
            raise forms.ValidationError(text_of(error)) from error

    def clean_added(self) -> list[tuple[float, float, str]]:
        """Places."""
        return self._places("added")

    def clean_line(self) -> list[tuple[float, float, str]]:
        """Places."""
        found = self._places("line")
        if len(found) == 1:
            raise forms.ValidationError(_("路線には、2か所以上が必要です。"))
        return found

    def clean(self) -> dict[str, Any]:
        """Usual values for what was left out; a free distance needs its metres."""
        given = super().clean() or {}
        given["distances"] = given.get("distances") or self.usual[0]
        given["day"] = DayKind(given.get("day") or DayKind.WEEKDAY)
        given["walk"] = WalkKind(given.get("walk") or WalkKind.STRAIGHT)
        if given.get("departures") is None and "departures" not in self.errors:
            given["departures"] = self.usual[1]
        if given["distances"] == FREE:
            for name in ("bus", "station", "demand"):
                if given.get(name) is None and name not in self.errors:
                    self.add_error(name, _("距離をメートルで入力してください。"))
        return given

    @property
    def standard(self) -> coverage.Standard:
        """The thresholds."""
        from souto.services.transit import coverage

        given = self.cleaned_data
        if given["distances"] == FREE:
            reach = {kind: float(given[kind.value]) for kind in coverage.Kind}
        else:
            reach = dict(coverage.DISTANCES[given["distances"]])
        return coverage.Standard(reach_m=reach, departures=given["departures"], last_from=given["last_from"])

    @property
    def base(self) -> gaps.Trial:
        """The demand services that run today: what is there before anything is tried out."""
        return gaps.Trial(services={key: self.known[key][1] for key in self.published})

    def trial(self, city: coverage.Analysis) -> gaps.Trial:
        """What is to be compared with it."""
        from souto.services.transit import coverage

        given = self.cleaned_data
        service = coverage.Service(given["line_departures"] or 20)
        chosen = given["services"] if "asked" in self.data else self.published

        def stops(key: str, name: str) -> list[coverage.Stop]:
            return [
                coverage.Stop(f"{key}:{n}", text or _(name) % {"number": n}, lat, lon, coverage.Kind.BUS, service)
                for n, (lat, lon, text) in enumerate(given[key], 1)
            ]

        return gaps.Trial(
            added=stops("added", "新しい停留所%(number)s"),
            removed=frozenset(stop.id for stop in city.stops if stop.name in set(self.names_removed)),
            line=stops("line", "新しい路線の停留所%(number)s"),
            without=frozenset(given["without"]),
            services={key: self.known[key][1] for key in chosen},
        )

    @property
    def names_removed(self) -> list[str]:
        """The names of the stops that go."""
        return [name.strip() for name in self.cleaned_data["removed"].splitlines() if name.strip()]
