"""Slips to print in tests."""

from dataclasses import replace
from datetime import date
from typing import Any

from souto.services.payments.elqr import (
    SPECIMEN_COMPANY,
    Demand,
    NumberingAuthority,
    Numbers,
    SpecimenNumbering,
    StoreBarcode,
    issue,
)
from souto.services.payments.slips import Issuer, Slip

ISSUER = Issuer("桑都市", "999997", "市民部 市民課", ("〒000-0000 桑都市中央一丁目1番1号", "電話 000-000-0000"))
DUE, LAST_DAY = date(2026, 12, 25), date(2027, 1, 31)


class Authority:
    """A real numbering authority, as a city would connect it."""

    is_real = True

    def issue(self, demand: Demand, reference: str) -> Numbers:
        return Numbers("38", "82", f"{int(reference):020d}", "778284")


def demand(amount: int = 300, **changes: Any) -> Demand:
    return replace(Demand(amount, "900", "99999", "001", 2026, 2026, 0, DUE, LAST_DAY), **changes)


def specimen(number: int = 1, *, amount: int = 300, **changes: Any) -> Slip:
    """A slip without a real authority."""
    return _slip(number, amount, SpecimenNumbering(), SPECIMEN_COMPANY, changes)


def payable(number: int = 1, *, amount: int = 39_500, **changes: Any) -> Slip:
    """A slip with numbers from a real authority."""
    return _slip(number, amount, Authority(), "959919", changes)


def _slip(number: int, amount: int, authority: NumberingAuthority, company: str, changes: dict[str, Any]) -> Slip:
    if "barcode" not in changes:
        changes["barcode"] = StoreBarcode(company, f"{number:021d}", 0, LAST_DAY, False, amount)
    return Slip(
        **{
            "issuer": ISSUER,
            "issued": issue(authority, demand(amount), str(number)),
            "reference": f"26-{number:07d}",
            "item": "住民票の写し交付手数料",
            "payer": f"山田 花子{number}",
            "issued_on": date(2026, 11, 22),
            "postal_code": "000-0000",
            "address": ("桑都市元本郷町三丁目24番1号", "コーポ桑都 101号室"),
            **changes,
        }
    )
