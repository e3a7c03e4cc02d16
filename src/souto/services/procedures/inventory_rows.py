"""One line of an inventory list, read and checked. What is not stated stays unknown; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop as _

from souto.kernel.calendar import DateError, parse_date
from souto.kernel.text import fold_code, strip_outer
from souto.services.procedures.models import Answer, FactKind

#: The columns of a list, with what stands in them; `key`, `name`, `legal_basis` and `source` are needed, the others may stay empty.
COLUMNS: dict[str, str] = {
    "key": _("キー（小文字の英数字と_）"),
    "name": _("手続の名前"),
    "kana": _("読み"),
    "legal_basis": _("根拠法令"),
    "department": _("所管課"),
    "identity_required": _("本人確認の要否（yes・no・空）"),
    "identity_source": _("本人確認の要否の出典"),
    "source": _("この手続を挙げた出典"),
    "yearly_volume": _("年間の件数（分からないときは空）"),
    "online": _("オンラインで申請できるか（yes・no・空）"),
    "card": _("公的個人認証が使えるか（yes・no・空）"),
    "facts_since": _("オンラインと公的個人認証の、いつからか（年月日）"),
    "facts_source": _("オンラインと公的個人認証の出典"),
    "note": _("備考"),
}
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
_ANSWERS = {
    "yes": Answer.YES, "はい": Answer.YES, "○": Answer.YES, "要": Answer.YES, "可": Answer.YES,
    "no": Answer.NO, "いいえ": Answer.NO, "×": Answer.NO, "不要": Answer.NO, "不可": Answer.NO,
    "": Answer.UNKNOWN, "unknown": Answer.UNKNOWN, "未確認": Answer.UNKNOWN, "不明": Answer.UNKNOWN,
}  # fmt: skip
_LIMITS = {
    "name": 200,
    "kana": 200,
    "legal_basis": 300,
    "department": 100,
    "identity_source": 300,
    "source": 300,
    "note": 2000,
}


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A dated fact that a list states."""

    kind: FactKind
    holds: bool
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """A readable line: the columns of the item, and the dated facts."""

    key: str
    columns: dict[str, object]
    facts: tuple[StatedFact, ...]


def read_line(row: Mapping[str, str]) -> tuple[Line | None, list[str]]:
    """The line and no reasons, or None and every reason why it cannot be taken."""
    cells = {name: strip_outer(str(row.get(name) or "")) for name in COLUMNS}
    reasons = [f"見出し「{name}」は使いません" for name in row if name not in COLUMNS and name != "?" and row[name]]
    if row.get("?"):
        reasons.append('見出しより多い列があります。値の中の「,」を「"」で囲んでください')
    reasons += [f"「{COLUMNS[name]}」が空です" for name in ("key", "name", "legal_basis", "source") if not cells[name]]
    if cells["key"] and not _KEY.fullmatch(cells["key"]):
        reasons.append("キーは、英小文字で始まる小文字の英数字と「_」で63字までです")
    reasons += [
        f"「{COLUMNS[name]}」は{limit}字までです" for name, limit in _LIMITS.items() if len(cells[name]) > limit
    ]
    required = _answer(cells, "identity_required", reasons)
    if required is not Answer.UNKNOWN and not cells["identity_source"]:
        reasons.append("本人確認の要否には、その出典が必要です")
    volume = _volume(cells["yearly_volume"], reasons)
    facts = _facts(cells, reasons)
    if reasons:
        return None, reasons
    columns: dict[str, object] = {name: cells[name] for name in _LIMITS}
    columns |= {"identity_required": str(required), "yearly_volume": volume}
    return Line(cells["key"], columns, facts), []


def _answer(cells: Mapping[str, str], name: str, reasons: list[str]) -> Answer:
    found = _ANSWERS.get(cells[name].lower())
    if found is None:
        reasons.append(f"「{COLUMNS[name]}」の「{cells[name][:20]}」を読み取れません")
    return found or Answer.UNKNOWN


def _volume(text: str, reasons: list[str]) -> int | None:
    folded = fold_code(text).replace(",", "").removesuffix("件")
    if not folded:
        return None
    if not (folded.isascii() and folded.isdigit() and len(folded) <= 9):
        reasons.append(f"年間の件数「{text[:20]}」は数ではありません。分からないときは空にしてください")
        return None
    return int(folded)


def _facts(cells: Mapping[str, str], reasons: list[str]) -> tuple[StatedFact, ...]:
    stated = {FactKind.ONLINE: _answer(cells, "online", reasons), FactKind.CARD: _answer(cells, "card", reasons)}
    known = {kind: answer is Answer.YES for kind, answer in stated.items() if answer is not Answer.UNKNOWN}
    if not known:
        return ()
    if known.get(FactKind.CARD) and known.get(FactKind.ONLINE) is False:
        reasons.append("オンラインで申請できない手続で、公的個人認証は使えません")
    if not cells["facts_source"]:
        reasons.append("オンラインと公的個人認証の欄には、その出典が必要です")
    try:
        since = parse_date(cells["facts_since"])
    except DateError:
        reasons.append("オンラインと公的個人認証の欄には、いつからか（年月日）が必要です")
        return ()
    return tuple(StatedFact(kind, holds, since, cells["facts_source"]) for kind, holds in known.items())
