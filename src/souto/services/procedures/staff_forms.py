"""Forms of the editor's desk. What the actions check they check; a form only carries what was typed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from souto.foundation.ui.errors import text_of
from souto.kernel.calendar import DateError, parse_date
from souto.services.procedures.inventory_rows import COLUMNS
from souto.services.procedures.models import FactKind


class DefinitionForm(forms.Form):
    """A definition to import: a file, or its text."""

    file = forms.FileField(label=_("YAMLのファイル"), required=False, help_text=_("手続の定義。1MBまで。"))
    text = forms.CharField(
        label=_("YAMLの内容"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("ファイルを選ばないときは、ここに貼り付けます。"),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        cleaned = super().clean() or {}
        if not cleaned.get("file") and not cleaned.get("text", "").strip():
            self.add_error("file", _("ファイルを選ぶか、内容を貼り付けてください。"))
        return cleaned


class InventoryForm(forms.Form):
    """An inventory list to take."""

    file = forms.FileField(
        label=_("CSVのファイル"),
        help_text=_("見出しの行が必要です。文字コードはUTF-8かShift_JIS。5MBまで。"),
        error_messages={"required": _("CSVのファイルを選んでください。"), "empty": _("ファイルが空です。")},
    )


class FactForm(forms.Form):
    """A dated fact that a person found out."""

    kind = forms.ChoiceField(label=_("何について"), choices=FactKind.choices, widget=forms.RadioSelect)
    holds = forms.ChoiceField(
        label=_("どうなったか"), choices=[("yes", _("できる")), ("no", _("できない"))], widget=forms.RadioSelect
    )
    since = forms.CharField(label=_("いつから"), max_length=60, help_text=_("例：令和8年4月1日、2026年4月1日"))
    source = forms.CharField(label=_("出典"), max_length=300, help_text=_("どの資料で確かめたか。記録に残ります。"))

    def clean_since(self) -> date:
        """The day, in either calendar."""
        try:
            return parse_date(self.cleaned_data["since"])
        except DateError as wrong:
            raise forms.ValidationError(text_of(wrong)) from None


class RowForm(forms.Form):
    """A refused row as a person mends it: one control for each column."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, label in COLUMNS.items():
            self.fields[name] = forms.CharField(
                label=_(label), required=False, widget=forms.Textarea(attrs={"rows": 2}) if name == "note" else None
            )
