"""What is asked of the figures, and the form of a month's cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from souto.kernel import clock
from souto.kernel.language import say
from souto.kernel.measures import Period
from souto.services.transit.definition import ServiceDefinition

#: Days that are shown where nobody asks for others, and at most.
USUAL, MOST = 30, 800


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days of which service (empty: of all)."""

    period: Period
    slug: str

    @classmethod
    def of(cls, given: Mapping[str, str], services: list[ServiceDefinition]) -> Asked:
        """What an address asks for; what cannot be read becomes the usual days of all services, a reversed period is turned round."""
        today = clock.today()
        until = _day(given.get("until", ""), today)
        since = _day(given.get("since", ""), until - timedelta(days=USUAL - 1))
        since, until = min(since, until), max(since, until)
        slug = given.get("service", "")
        known = {service.slug for service in services}
        return cls(Period(max(since, until - timedelta(days=MOST)), until), slug if slug in known else "")


def _day(text: str, usual: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return usual
    return found if 2000 <= found.year <= 2100 else usual


class CostForm(forms.Form):
    """What a service cost in a month that is over."""

    def __init__(self, *args: Any, services: list[ServiceDefinition], language: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        needed = {"required": _("入力してください。"), "invalid": _("数字で入力してください。")}
        self.fields["cost_service"] = forms.ChoiceField(
            label=_("運行"), choices=[(service.slug, say(service.name, language)) for service in services]
        )
        self.fields["month"] = forms.DateField(
            label=_("月"),
            help_text=_("例：2026-10"),
            input_formats=["%Y-%m"],
            widget=forms.DateInput(attrs={"inputmode": "numeric", "maxlength": 7}, format="%Y-%m"),
            error_messages={**needed, "invalid": _("「2026-10」のように入力してください。")},
        )
        self.fields["yen"] = forms.IntegerField(
            label=_("費用（円）"),
            help_text=_("運賃の収入を引く前の金額です。"),
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            error_messages=needed,
        )
        self.fields["source"] = forms.CharField(
            label=_("出典"), max_length=200, help_text=_("決算書や請求書の名前"), error_messages=needed
        )
