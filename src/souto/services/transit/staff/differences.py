"""What differs between two versions of a service, place by place, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from souto.services.transit.staff.editing import (
    DAYS,
    LANGUAGE_NAMES,
    LATE_CANCELLATIONS,
    PAYMENTS,
    BasicsForm,
    HoursForm,
    RulesForm,
)

#: Parts of a definition as people call them.
PARTS = {
    "name": gettext_noop("名前"),
    "note": gettext_noop("説明"),
    "department": gettext_noop("担当の課"),
    "zone": gettext_noop("区域"),
    "stops": gettext_noop("停留所"),
    "hours": gettext_noop("運行日と時間"),
    "vehicles": gettext_noop("車両"),
    "fares": gettext_noop("運賃"),
    "booking": gettext_noop("予約の決まり"),
    "ride": gettext_noop("乗車の決まり"),
    "retention_days": gettext_noop("記録を残す日数"),
    "publish_positions": gettext_noop("車両の位置の公開"),
}
_WORDS: dict[str, Any] = {
    **{
        name: field.label
        for form in (BasicsForm, HoursForm, RulesForm)
        for name, field in form.base_fields.items()
        if name not in PARTS
    },
    **LANGUAGE_NAMES,
    "name": gettext_lazy("名前"),
    "kana": gettext_lazy("よみ（ひらがな）"),
    "lat": gettext_lazy("緯度"),
    "lon": gettext_lazy("経度"),
    "colour": gettext_lazy("色"),
    "plate": gettext_lazy("ナンバー"),
    "layouts": gettext_lazy("座席の並べ方"),
    "depot": gettext_lazy("車庫（出て、帰る停留所）"),
    "begins": gettext_lazy("勤務の始まり"),
    "ends": gettext_lazy("勤務の終わり"),
    "breaks": gettext_lazy("休憩"),
    "phone": gettext_lazy("電話"),
}
_CHOICES: dict[str, dict[str, Any]] = {
    "payment": {str(key): word for key, word in PAYMENTS},
    "late_cancellation": dict(LATE_CANCELLATIONS),
    "weekdays": {str(key): word for key, word in DAYS},
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Part, place in it, what it was and what it is; empty where there was or is nothing."""

    part: str
    place: str
    before: str
    after: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Every difference between two bodies, in the order of the parts. Stops and vehicles are matched by their code."""
    return [
        Difference(_(label), place, before, after)
        for part, label in PARTS.items()
        for place, before, after in _changed(part, old.get(part), new.get(part))
    ]


def _changed(part: str, old: Any, new: Any) -> Iterator[tuple[str, str, str]]:
    if old == new:
        return
    if part in ("stops", "vehicles"):
        yield from _rows(old or [], new or [])
    elif part == "zone":
        points = {tuple(point) for point in old or []}
        moved = sum(tuple(point) not in points for point in new or [])
        after = _("%(n)s点（うち新しい点 %(moved)s）") % {"n": len(new or []), "moved": moved}
        yield "", _("%(n)s点") % {"n": len(old or [])}, after
    else:
        yield from _leaves(old, new, part, "")


def _rows(old: list[Mapping[str, Any]], new: list[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Rows that went, that came, and what changed in those that stayed."""
    before, after = {row["code"]: row for row in old}, {row["code"]: row for row in new}
    for code in dict.fromkeys((*before, *after)):
        if code not in after:
            yield code, _called(before[code]), _("なくなる")
        elif code not in before:
            yield code, "", _("加わる：%(name)s") % {"name": _called(after[code])}
        else:
            yield from _leaves(before[code], after[code], "", code)


def _called(row: Mapping[str, Any]) -> str:
    return str(row.get("name", {}).get("ja", row["code"]))


def _leaves(old: Any, new: Any, key: str, place: str) -> Iterator[tuple[str, str, str]]:
    """What changed below a key, with the words of the way to it."""
    if isinstance(old, Mapping) or isinstance(new, Mapping):
        was, will = old or {}, new or {}
        for inner in dict.fromkeys((*was, *will)):
            word = str(_WORDS.get(inner, inner))
            yield from _leaves(was.get(inner), will.get(inner), inner, f"{place} {word}".strip())
    elif (before := _said(key, old)) != (after := _said(key, new)):
        yield place, before, after


def _said(key: str, value: Any) -> str:
    """A value as people read it; nothing is empty."""
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if key == "layouts":
        layout = _("座席%(seat)s・車いす%(wheelchair)s")
        return " / ".join(layout % one for one in value)
    if key == "breaks":
        rest = _("%(earliest)s–%(latest)sに始まる%(minutes)s分")
        return " / ".join(rest % one for one in value)
    words = _CHOICES.get(key, {})
    return " ".join(str(words.get(str(one), one)) for one in (value if isinstance(value, list) else [value]))
