"""The work of the slips benchmark: which slips are printed, made from a number or read from a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from souto.kernel.errors import SoutoError
from souto.services.payments.elqr import (
    SPECIMEN_COMPANY,
    Demand,
    ElQr,
    IssuedCode,
    SpecimenNumbering,
    StoreBarcode,
    issue,
)
from souto.services.payments.slips import STORE_LIMIT_YEN, Issuer, Slip

ISSUER = Issuer(
    "八王子市", "132012", "市民部 市民課", ("〒192-8501 東京都八王子市元本郷町三丁目24番1号", "電話 042-626-3111")
)
FAMILY = [
    "佐藤",
    "鈴木",
    "髙橋",
    "田中",
    "伊藤",
    "渡邊",
    "山本",
    "中村",
    "小林",
    "加藤",
    "𠮷田",
    "山﨑",
    "齋藤",
    "濵田",
    "長谷川",
    "小笠原",
]
GIVEN = [
    "陽翔",
    "凛",
    "蒼",
    "結菜",
    "大和",
    "さくら",
    "健太郎",
    "美智子",
    "花子",
    "一郎",
    "千代",
    "勇気",
    "彩",
    "誠",
    "由紀夫",
    "真理子",
]
LONG_NAME = "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末𠮷野家髙﨑濵𡈽食う寝る処"
ITEMS = [
    "住民票の写し交付手数料",
    "印鑑登録証明書交付手数料",
    "学童保育所保育料",
    "市民税・都民税（普通徴収）",
    "固定資産税・都市計画税",
    "介護保険料",
    "軽自動車税（種別割）",
]
TOWNS = ["元本郷町", "明神町", "旭町", "子安町", "散田町", "めじろ台", "南大沢", "高尾町", "大横町", "みなみ野"]


class InstanceError(Exception):
    """The file given with ``--instance`` cannot be used; the message says where and why."""


def made_up(pages: int) -> list[Slip]:
    """``pages`` different specimen slips, the same ones every time: invented people, real towns; each fiftieth name has 40 characters."""
    return [_slip(_invented(number)) for number in range(pages)]


def from_file(path: Path, pages: int | None) -> list[Slip]:
    """The slips of a JSON list (or of an object's ``slips``), repeated up to ``pages`` if that is more than the list has.

    Each is an object; every key may be left out: payer, amount, reference, item, postal_code, address (list), due, payable_until,
    issued_on (YYYY-MM-DD), levy_year, tax_year, instalment, qr (255 digits to print as they are; they then tell amount and dates),
    barcode (44 digits, or false for none).

    Raises:
        InstanceError: the file is no such list, or a slip of it holds something else than a slip may.
    """
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as unreadable:
        raise InstanceError(f"{path}: {unreadable}") from unreadable
    if isinstance(listed, dict):
        listed = listed.get("slips")
    if not isinstance(listed, list) or not listed or not all(isinstance(record, dict) for record in listed):
        raise InstanceError(f"{path}: a JSON list with at least one slip (an object) is expected")
    total = pages or len(listed)
    slips = []
    for number in range(total):
        try:
            slips.append(_slip({**_invented(number), **listed[number % len(listed)]}))
        except (SoutoError, ValueError, TypeError, KeyError) as fault:
            raise InstanceError(f"{path}: slip {number % len(listed) + 1}: {fault}") from fault
    return slips


def _invented(number: int) -> dict[str, Any]:
    random = Random(number)
    name = LONG_NAME if number % 50 == 49 else f"{random.choice(FAMILY)} {random.choice(GIVEN)}"
    return {
        "payer": name,
        "amount": random.randrange(1, 3_000) * 100,
        "reference": f"26-{number + 1:07d}",
        "item": random.choice(ITEMS),
        "postal_code": f"19{random.randrange(2, 4)}-{random.randrange(1, 1000):04d}",
        "address": [f"東京都八王子市{random.choice(TOWNS)}{random.randrange(1, 900)}番地の{random.randrange(1, 30)}"],
        "due": "2026-12-25",
        "payable_until": "2027-01-31",
        "issued_on": "2026-11-22",
        "levy_year": 2026,
        "tax_year": 2026,
        "instalment": random.randrange(0, 5),
    }


def _slip(record: Mapping[str, Any]) -> Slip:
    day = date.fromisoformat
    if record.get("qr"):
        code = ElQr.parse(record["qr"])
        issued = IssuedCode(code, specimen=code.numbers.case_key.startswith("99999"))
    else:
        demand = Demand(
            amount=int(record["amount"]),
            item="900",
            institution="13201",
            office="001",
            levy_year=int(record["levy_year"]),
            tax_year=int(record["tax_year"]),
            instalment=int(record["instalment"]),
            due=day(record["due"]),
            payable_until=day(record["payable_until"]),
        )
        issued = issue(SpecimenNumbering(), demand, str(record["reference"]))
    return Slip(
        issuer=ISSUER,
        issued=issued,
        reference=str(record["reference"]),
        item=record["item"],
        payer=record["payer"],
        issued_on=day(record["issued_on"]),
        barcode=_barcode(record, issued),
        postal_code=record["postal_code"],
        address=tuple(record["address"]),
    )


def _barcode(record: Mapping[str, Any], issued: IssuedCode) -> StoreBarcode | None:
    demand = issued.code.demand
    if record.get("barcode"):
        return StoreBarcode.parse(record["barcode"])
    if record.get("barcode") is False or demand.amount > STORE_LIMIT_YEN or not issued.specimen:
        return None
    key = issued.code.numbers.case_key
    return StoreBarcode(SPECIMEN_COMPANY, f"0{key}", 0, demand.payable_until, False, demand.amount)
