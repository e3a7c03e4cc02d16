"""How a planner begins a new service: its name, its code, the section, and whose hours, fares and rules it starts from."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from souto.services.transit.staff.editing import LANGUAGES, name_what_is_missing, texts
from souto.services.transit.staff.sections import sections

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")


class BeginForm(forms.Form):
    """Name, code, section, pattern. `patterns`: id and name of the versions to start from."""

    def __init__(self, *args: Any, patterns: list[tuple[str, str]], language: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        self.fields.update(texts("name", _("名前"), whole=True))
        self.fields["slug"] = forms.CharField(
            label=_("コード"),
            max_length=48,
            help_text=_(
                "予約の画面のアドレスになり、あとから変えられません。半角の英小文字、数字、「-」で書きます。例：west-hills"
            ),
            widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
        )
        self.fields["department"] = forms.ChoiceField(label=_("担当の課"), choices=sections(language))
        if patterns:
            self.fields["like"] = forms.ChoiceField(
                label=_("時間、運賃、決まりの始めの値"),
                help_text=_("あとで、どれも直せます。"),
                choices=[("", _("Soutoの始めの値（運賃は0円）")), *patterns],
                required=False,
            )
        name_what_is_missing(self)

    def clean_slug(self) -> str:
        """Full-width and capital letters are read as what they stand for."""
        code = unicodedata.normalize("NFKC", self.cleaned_data["slug"]).strip().lower()
        if not _CODE.fullmatch(code):
            raise forms.ValidationError(
                _("コードは、半角の英小文字、数字、「-」で書いてください。最初の文字は、英小文字か数字です。")
            )
        return code

    @property
    def name(self) -> dict[str, str]:
        """The name in the languages in which it was written."""
        return {code: self.cleaned_data[f"name_{code}"] for code in LANGUAGES if self.cleaned_data[f"name_{code}"]}

    @property
    def like(self) -> UUID | None:
        """The version to start from."""
        chosen = self.cleaned_data.get("like")
        return UUID(chosen) if chosen else None
