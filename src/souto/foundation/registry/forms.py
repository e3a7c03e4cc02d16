"""Forms of the registry's desk. What the actions check they check; a form only carries what was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from souto.foundation.registry.models import RefusedTown
from souto.foundation.registry.rows import Row, RowProblem
from souto.foundation.ui.components import SummaryRow


def _needed(problem: RowProblem) -> dict[str, Any]:
    return {"required": _(problem.value)}


class TownForm(forms.Form):
    """A refused row as a person corrects it. Whoever dismisses the row (`dismiss`) need only say why."""

    town = forms.CharField(
        label=_("町名"),
        help_text=_("丁目まで続けて入力します。例：元本郷町三丁目"),
        error_messages=_needed(RowProblem.NAME_MISSING),
    )
    koaza = forms.CharField(label=_("小字"), required=False)
    lat = forms.CharField(
        label=_("緯度"),
        help_text=_("世界測地系の度。例：35.666"),
        error_messages=_needed(RowProblem.POINT_MISSING),
    )
    lng = forms.CharField(
        label=_("経度"),
        help_text=_("世界測地系の度。例：139.316"),
        error_messages=_needed(RowProblem.POINT_MISSING),
    )
    reason = forms.CharField(
        label=_("理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("記録に残ります。500文字まで。"),
        error_messages={"required": _("理由を500文字までで入力してください。")},
    )

    def __init__(self, *args: Any, dismiss: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("town", "lat", "lng") if dismiss else ():
            self.fields[name].required = False

    @classmethod
    def of(cls, refused: RefusedTown) -> TownForm:
        """The form with what the row says, as far as it can be read."""
        row: dict[str, Any] = refused.row if isinstance(refused.row, dict) else {}
        said = {"town": row.get("town"), "koaza": row.get("koaza"), "lat": row.get("lat")}
        return cls(initial=said | {"lng": row.get("lng", row.get("lon"))})

    def row(self, refused: RefusedTown) -> Row:
        """What was typed, as a row of the list; a municipality that the row named stays."""
        typed = {name: self.cleaned_data[name] for name in ("town", "koaza", "lat", "lng")}
        named = refused.row.get("lg_code") if isinstance(refused.row, dict) else None
        return typed | ({"lg_code": named} if named else {})


def row_as_read(refused: RefusedTown) -> list[SummaryRow]:
    """The row as it came, under the words of the form; what the form does not know stands at the end."""
    if not isinstance(refused.row, dict):
        return [SummaryRow(gettext("行"), str(refused.row))]
    words = {
        "town": _("町名"),
        "koaza": _("小字"),
        "lat": _("緯度"),
        "lng": _("経度"),
        "lon": _("経度"),
        "lg_code": _("団体コード"),
    }
    order = [*(key for key in words if key in refused.row), *(key for key in refused.row if key not in words)]
    return [
        SummaryRow(str(words.get(key, key)), "" if refused.row[key] is None else str(refused.row[key])) for key in order
    ]


class ListForm(forms.Form):
    """A list of towns to take over."""

    file = forms.FileField(
        label=_("ファイル"),
        help_text=_("JSONまたはYAML。1行に町名（town）、緯度（lat）、経度（lng）。5MBまで。"),
        error_messages={
            "required": _("町の一覧のファイルを選んでください。"),
            "empty": _("町の行が1つもありません。ファイルを確認してください。"),
        },
    )
    source = forms.CharField(
        label=_("出典"), required=False, help_text=_("ファイルに書かれているときは空のままにします。")
    )
    licence = forms.CharField(label=_("利用条件"), required=False, help_text=_("例：CC BY 4.0"))
