"""Reading a notice file whole."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

from souto.kernel.errors import SoutoError
from souto.services.payments.notice_files.mapping import FieldRule, NoticeMapping


class NoticeFileError(SoutoError):
    """The file was not read; nothing of it was booked."""


class EmptyNoticeFileError(NoticeFileError):
    """The file has no content."""

    message = "ファイルの中身が空です。もう一度受け取ってください。"


class WrongEncodingError(NoticeFileError):
    """The bytes are not in the mapping's encoding."""

    message = "文字コードが取り決め（%(encoding)s）と違います。ファイルを確認してください。"


class NoticeFileCutError(NoticeFileError):
    """The trailer is missing, or its count or total disagrees: the transfer was cut."""

    message = "ファイルが途中で切れています（%(detail)s）。1件も取り込んでいません。もう一度受け取ってください。"


class BadLineError(NoticeFileError):
    """A record does not fit the layout."""

    message = "%(line)s行目の「%(part)s」を読めません。1件も取り込んでいません。ファイルを確認してください。"


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice as the file tells it; `amount` in yen."""

    line: int
    stage: str
    case_key: str
    confirmation: str
    office: str
    received_on: date
    amount: int


STAGES = frozenset({"preliminary", "confirmed", "cancelled"})


def read(content: bytes, mapping: NoticeMapping) -> list[NoticeRow]:
    """Every notice of the file, or a `NoticeFileError`: header first, trailer last, count and total in agreement."""
    if not content.strip():
        raise EmptyNoticeFileError
    try:
        text = content.decode(mapping.encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise WrongEncodingError(encoding=mapping.encoding) from None
    records = list(_records(text, mapping))
    kinds = [kind for _, kind, _ in records]
    if not kinds or kinds[0] != mapping.header_type:
        raise NoticeFileCutError(detail="先頭のレコードがありません")
    if kinds[-1] != mapping.trailer_type or kinds.count(mapping.trailer_type) != 1:
        raise NoticeFileCutError(detail="末尾のレコードがありません")
    rows = [_row(line, cells, mapping) for line, kind, cells in records[1:-1] if _is_data(line, kind, mapping)]
    line, _, cells = records[-1]
    count, total = (
        _number(line, "件数", cells, mapping.count, mapping),
        _number(line, "合計", cells, mapping.total, mapping),
    )
    if count != len(rows):
        raise NoticeFileCutError(detail=f"件数 {count} に対し {len(rows)}件")
    if total != sum(row.amount for row in rows):
        raise NoticeFileCutError(detail="合計金額が一致しません")
    return rows


Cells = list[str] | bytes


def _records(text: str, mapping: NoticeMapping) -> Iterator[tuple[int, str, Cells]]:
    if mapping.format == "csv":
        for line, cells in enumerate(csv.reader(StringIO(text), strict=True), start=1):
            if cells:
                yield line, _cell(cells, mapping.type_rule, mapping), cells
        return
    for line, record in enumerate(text.splitlines(), start=1):
        raw = record.encode(mapping.encoding)
        if len(raw) != mapping.record_length:
            raise NoticeFileCutError(detail=f"{line}行目の長さが {len(raw)} バイト")
        yield line, _cell(raw, mapping.type_rule, mapping), raw


def _is_data(line: int, kind: str, mapping: NoticeMapping) -> bool:
    if kind != mapping.data_type:
        raise BadLineError(line=line, part="レコード区分")
    return True


def _cell(cells: Cells, rule: FieldRule, mapping: NoticeMapping) -> str:
    if isinstance(cells, bytes):
        return cells[rule.start : rule.start + rule.length].decode(mapping.encoding).strip()
    return cells[rule.column].strip() if rule.column < len(cells) else ""


def _number(line: int, name: str, cells: Cells, rule: FieldRule, mapping: NoticeMapping) -> int:
    text = _cell(cells, rule, mapping)
    if not (text.isascii() and text.isdecimal()):
        raise BadLineError(line=line, part=name)
    return int(text)


_NAMES = {
    "stage": "区分",
    "case_key": "案件特定キー",
    "confirmation": "確認番号",
    "office": "収納機関",
    "received_on": "領収日",
    "amount": "金額",
}


def _row(line: int, cells: Cells, mapping: NoticeMapping) -> NoticeRow:
    found: dict[str, str] = {}
    for key, rule in mapping.fields.items():
        text = _cell(cells, rule, mapping)
        found[key] = rule.values.get(text, "" if rule.values else text)
    for key in ("case_key", "confirmation", "office"):
        if not (found[key].isascii() and found[key].isalnum()):
            raise BadLineError(line=line, part=_NAMES[key])
    if found["stage"] not in STAGES:
        raise BadLineError(line=line, part=_NAMES["stage"])
    amount = _number(line, _NAMES["amount"], cells, mapping.fields["amount"], mapping)
    if amount == 0:
        raise BadLineError(line=line, part=_NAMES["amount"])
    try:
        # A calendar day has no time zone.
        day = datetime.strptime(found["received_on"], mapping.fields["received_on"].date).date()  # noqa: DTZ007
    except ValueError:
        raise BadLineError(line=line, part=_NAMES["received_on"]) from None
    return NoticeRow(
        line=line,
        stage=found["stage"],
        case_key=found["case_key"],
        confirmation=found["confirmation"],
        office=found["office"],
        received_on=day,
        amount=amount,
    )
