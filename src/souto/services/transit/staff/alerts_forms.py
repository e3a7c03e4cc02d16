"""The form of a notice to riders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from souto.kernel.language import LANGUAGES, say
from souto.services.transit.actions.alerts import HEADER, TEXT
from souto.services.transit.definition import ServiceDefinition
from souto.services.transit.models import Cause, Effect


def _moment(label: str, *, required: bool, help_text: str = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": _("日時を入力してください。"), "invalid": _("日時を入力してください。")},
    )


class AlertForm(forms.Form):
    """A notice: which service, what happens and why, from when until when, in three languages."""

    def __init__(self, *args: Any, services: list[ServiceDefinition], language: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        chosen = {"required": _("選んでください。"), "invalid_choice": _("選んでください。")}
        self.fields["slug"] = forms.ChoiceField(
            label=_("どの運行についてですか"),
            required=False,
            choices=[("", _("すべての運行")), *((service.slug, say(service.name, language)) for service in services)],
            error_messages=chosen,
        )
        empty = [("", _("選択してください"))]
        self.fields["effect"] = forms.ChoiceField(
            label=_("何が起きますか"), choices=[*empty, *Effect.choices], error_messages=chosen
        )
        self.fields["cause"] = forms.ChoiceField(
            label=_("理由"), choices=[*empty, *Cause.choices], error_messages=chosen
        )
        self.fields["starts"] = _moment(_("いつから"), required=True)
        self.fields["ends"] = _moment(
            _("いつまで"),
            required=False,
            help_text=_("決まっていなければ空けておき、終わったときに「終える」を押してください。"),
        )
        for code, name in zip(LANGUAGES, (_("日本語"), _("やさしい日本語"), _("英語")), strict=True):
            needed = code == "ja"
            words = {"required": _("入力してください。"), "max_length": _("%(limit_value)s文字までにしてください。")}
            self.fields[f"header_{code}"] = forms.CharField(
                label=_("見出し（%(language)s）") % {"language": name},
                required=needed,
                max_length=HEADER,
                error_messages=words,
            )
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("本文（%(language)s）") % {"language": name},
                required=needed,
                max_length=TEXT,
                error_messages=words,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def clean(self) -> dict[str, Any]:
        """The end lies behind the beginning."""
        given = super().clean() or {}
        starts, ends = given.get("starts"), given.get("ends")
        if isinstance(starts, datetime) and isinstance(ends, datetime) and ends <= starts:
            self.add_error("ends", _("終わりの日時は、始まりより後にしてください。"))
        return given

    def words(self, part: str) -> dict[str, str]:
        """The texts of `header` or `text` by language."""
        return {code: self.cleaned_data[f"{part}_{code}"] for code in LANGUAGES}
