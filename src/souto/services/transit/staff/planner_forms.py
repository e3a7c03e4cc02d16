"""What a planner types: a definition to import, a day to publish from, a week to simulate and what to vary."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from souto.services.transit.actions.simulating import MOST
from souto.services.transit.simulation.questions import Question, Variation
from souto.services.transit.staff.editing import name_what_is_missing


class ImportForm(forms.Form):
    """A definition as YAML."""

    text = forms.CharField(
        label=gettext_lazy("YAML"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        max_length=1_000_000,
    )


class PublishForm(forms.Form):
    """From which day the draft holds."""

    valid_from = forms.DateField(
        label=gettext_lazy("この日の運行から"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sure = forms.BooleanField(label=gettext_lazy("変わる内容を確かめました"))


class SweepField(forms.CharField):
    """Several numbers, written with commas or spaces; nothing: as the version has it."""

    def __init__(self, *, least: float, most: float, whole: bool = True, **more: Any) -> None:
        super().__init__(max_length=60, required=False, **more)
        self.least, self.most, self.whole = least, most, whole

    def clean(self, value: Any) -> list[float]:
        """The numbers in their order, each once."""
        text = unicodedata.normalize("NFKC", super().clean(value))
        found: list[float] = []
        for word in re.split(r"[\s,、]+", text.strip()):
            if not word:
                continue
            try:
                number = int(word) if self.whole else float(word)
            except ValueError as error:
                raise forms.ValidationError(_("数を「2, 3, 4」のように書いてください。")) from error
            if not self.least <= number <= self.most:
                limits = {"least": self.least, "most": self.most}
                raise forms.ValidationError(_("%(least)sから%(most)sまでの数にしてください。") % limits)
            found.append(number)
        return list(dict.fromkeys(found))


class SimulateForm(forms.Form):
    """A week, its wishes, its costs, and the alternatives: each chosen version with each combination of the numbers."""

    title = forms.CharField(label=gettext_lazy("この比較の名前"), max_length=100, required=False)
    versions = forms.MultipleChoiceField(label=gettext_lazy("比べる運行"), widget=forms.CheckboxSelectMultiple)
    vehicles = SweepField(
        label=gettext_lazy("車両の数"),
        help_text=gettext_lazy("「2, 3, 4」のように書くと、それぞれを比べます。空欄なら、運行に書いてあるとおりです。"),
        least=1,
        most=60,
    )
    promise = SweepField(label=gettext_lazy("お約束する迎えの時間の幅（分）"), least=1, most=60)
    search = SweepField(label=gettext_lazy("待ってもらう時間の上限（分）"), least=5, most=240)
    first = forms.DateField(
        label=gettext_lazy("はじめの日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    days = forms.IntegerField(label=gettext_lazy("日数"), min_value=1, max_value=14, initial=7)
    rides_per_1000 = forms.FloatField(
        label=gettext_lazy("人口1,000人あたりの、1日に乗りたい人（片道）"), min_value=0.05, max_value=200, initial=1.0
    )
    returns = forms.IntegerField(label=gettext_lazy("帰りも乗る人（%）"), min_value=0, max_value=100, initial=85)
    ahead = forms.IntegerField(
        label=gettext_lazy("前の日までに予約する人（%）"), min_value=0, max_value=100, initial=45
    )
    walk_m = forms.IntegerField(
        label=gettext_lazy("停留所まで歩く距離の上限（m）"), min_value=50, max_value=3000, initial=500
    )
    seed = forms.IntegerField(
        label=gettext_lazy("乱数の種"),
        help_text=gettext_lazy("同じ種なら、同じ結果になります。"),
        min_value=0,
        max_value=2**31,
        initial=1,
    )
    yen_per_hour = forms.IntegerField(
        label=gettext_lazy("車両1台の1時間の費用（円）"), min_value=0, max_value=100_000, initial=4000
    )
    yen_per_km = forms.IntegerField(
        label=gettext_lazy("走行1kmの費用（円）"), min_value=0, max_value=10_000, initial=40
    )

    week = ("first", "days", "rides_per_1000", "returns", "ahead", "walk_m", "seed")
    costs = ("yen_per_hour", "yen_per_km")
    sweeps = ("vehicles", "promise", "search")

    def __init__(self, *args: Any, versions: list[tuple[str, str]], today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        chosen = self.fields["versions"]
        if isinstance(chosen, forms.MultipleChoiceField):
            chosen.choices = versions
        self.fields["first"].initial = today + timedelta(days=7 - today.weekday())
        self.names = dict(versions)
        name_what_is_missing(self)

    def clean(self) -> dict[str, Any]:
        """Not too many alternatives."""
        given = super().clean() or {}
        if not self.errors and len(self.alternatives) > MOST:
            number = len(self.alternatives)
            text = _("組み合わせが%(number)s通りあります。%(most)s通りまでにしてください。") % {
                "number": number,
                "most": MOST,
            }
            self.add_error("vehicles", text)
        return given

    @property
    def question(self) -> Question:
        """The week."""
        given = self.cleaned_data
        return Question(
            first=given["first"],
            days=given["days"],
            seed=given["seed"],
            rides_per_1000=given["rides_per_1000"],
            returns=given["returns"] / 100,
            ahead=given["ahead"] / 100,
            walk_m=given["walk_m"],
            yen_per_hour=given["yen_per_hour"],
            yen_per_km=given["yen_per_km"],
        )

    @property
    def alternatives(self) -> list[tuple[UUID, Variation]]:
        """Every combination of what was chosen."""
        given = self.cleaned_data
        sweeps = [given[name] or [None] for name in self.sweeps]
        return [
            (UUID(version), Variation(vehicles=vehicles, promise_minutes=promise, search_minutes=search))
            for version, vehicles, promise, search in product(given["versions"], *sweeps)
        ]
