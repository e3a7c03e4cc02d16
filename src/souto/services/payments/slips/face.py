"""A slip as the template takes it: the form (what many slips share) and the face (what differs), ready to print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from souto.foundation.documents.typesetting import (
    POINT_MM,
    DoesNotFitError,
    Drawing,
    FontSet,
    fit,
    gs1_128,
    lines_needed,
    printable,
    qr,
)
from souto.kernel.calendar import FiscalYear, format_era
from souto.services.payments.elqr import StoreBarcode
from souto.services.payments.slips.slip import Issuer, Slip

_LONG_WORD = re.compile(r"[!-~À-ɏ]{18,}")
_BREAK = "\u200b"

# Boxes of slip.typ in millimetres, and what may stand in them: (size in points, lines), the largest first.
_LETTER_MM, _ITEM_LETTER_MM, _WIDE_MM, _NARROW_MM = 92.0, 52.0, 60.2, 32.2
_ADDRESS = ((10.0, 3), (9.0, 4), (8.0, 5))
_PAYER_LETTER = ((12.0, 1), (10.5, 2), (9.0, 3), (8.0, 3))
_PAYER_CELL = ((10.0, 3), (9.0, 4), (8.0, 5), (7.0, 6))
_ITEM = ((9.0, 1), (8.0, 2), (7.0, 3))
_ONE_LINE = ((9.0, 1), (8.0, 1), (7.0, 1), (6.0, 1))
_AMOUNT = ((14.0, 1), (12.0, 1), (10.0, 1), (8.0, 1))


@dataclass(frozen=True, slots=True)
class Form:
    """What is the same on all slips of a batch; the mark of a specimen belongs to it."""

    issuer: Issuer
    guidance: tuple[str, ...]
    specimen: bool
    barcode: bool

    @classmethod
    def of(cls, slip: Slip) -> Form:
        """The form that ``slip`` is printed on: a specimen is never on one without the mark."""
        return cls(slip.issuer, slip.instructions, specimen=slip.specimen, barcode=slip.barcode is not None)

    def data(self) -> dict[str, Any]:
        """The form as the template takes it."""
        return {
            "city": self.issuer.city,
            "code": self.issuer.code,
            "department": self.issuer.department,
            "contact": list(self.issuer.contact),
            "treasurer": f"{self.issuer.city}{self.issuer.treasurer}",
            "guidance": list(self.guidance),
            "specimen": self.specimen,
            "barcode": self.barcode,
        }

    def words(self) -> str:
        """Everything on the form that came from outside and may hold a character that no font has."""
        issuer = self.issuer
        return "".join((issuer.city, issuer.code, issuer.department, issuer.treasurer, *issuer.contact, *self.guidance))


def face(slip: Slip, form: Form, fonts: FontSet) -> dict[str, Any]:
    """What the template prints on ``form`` for ``slip``: its wording, and the two codes as SVG.

    Raises:
        SpecimenMarkMissingError: the slip is a specimen and the form does not say so.
        DoesNotFitError: a text is too long for its box.
    """
    payload = slip.issued.payload(marked=form.specimen)
    return {
        **wording(slip, fonts),
        "qr": qr(payload, slip.error_level).svg(),
        "barcode": {"svg": barcode_drawing(slip.barcode).svg(), "lines": barcode_lines(slip.barcode)}
        if slip.barcode
        else None,
    }


def wording(slip: Slip, fonts: FontSet) -> dict[str, Any]:
    """The words of a slip, and in points the sizes of those that vary much: for the letter, the wide part, the narrow parts."""
    demand = slip.issued.code.demand
    numbers = slip.issued.code.numbers
    payer = _breakable(printable(slip.payer.strip())) + "　様"
    item, amount = _breakable(printable(slip.item)), f"{demand.amount:,}"
    address = [_breakable(printable(line)) for line in slip.address]
    return {
        "issued_on": _day(slip.issued_on)[0],
        "postal_code": slip.postal_code,
        "address": address,
        "address_size": _address_size(tuple(address), fonts),
        "payer": payer,
        "payer_sizes": [
            fit(payer, _LETTER_MM, _PAYER_LETTER, fonts),
            fit(payer, _WIDE_MM, _PAYER_CELL, fonts),
            fit(payer, _NARROW_MM, _PAYER_CELL, fonts),
        ],
        "reference": slip.reference,
        "reference_size": fit(slip.reference, _NARROW_MM, _ONE_LINE, fonts),
        "item": item,
        "item_sizes": [
            fit(item, _ITEM_LETTER_MM, _ITEM, fonts),
            fit(item, _WIDE_MM, _ITEM, fonts),
            fit(item, _NARROW_MM, _ITEM, fonts),
        ],
        "year": _year(demand.levy_year),
        "instalment": f"第{demand.instalment}期" if demand.instalment else "随時",
        "taxed": "" if demand.tax_year == demand.levy_year else f"（{_year(demand.tax_year)}相当）",
        "amount": amount,
        "amount_size": fit(f"¥{amount}円", _NARROW_MM, _AMOUNT, fonts),
        "due": _day(demand.due),
        "until": _day(demand.payable_until),
        "case_key": " ".join(re.findall(r"\d{5}", numbers.case_key)),
        "confirmation": numbers.confirmation,
    }


def barcode_drawing(barcode: StoreBarcode) -> Drawing:
    """The bars."""
    content = barcode.text()
    return gs1_128(f"({content[:2]}){content[2:]}")


def barcode_lines(barcode: StoreBarcode) -> list[str]:
    """The two lines of digits under the bars."""
    company, free, *rest = barcode.readable().split("-")
    return [f"{company}-{free}", "-".join(rest)]


def words(slip: Slip) -> str:
    """Everything of the slip's own that came from outside and may hold a character that no font has."""
    return "".join((slip.reference, slip.item, slip.payer, slip.postal_code, *slip.address))


def _address_size(lines: tuple[str, ...], fonts: FontSet) -> float:
    """The first size in which all ``lines`` together take no more lines than it allows."""
    for size, most in _ADDRESS:
        if sum(lines_needed(line, _LETTER_MM / (size * POINT_MM), fonts) for line in lines) <= most:
            return size
    raise DoesNotFitError(text=" ".join(lines))


@lru_cache(maxsize=1024)
def _day(day: date) -> tuple[str, str]:
    return format_era(day), f"{day.year}年{day.month}月{day.day}日"


@lru_cache(maxsize=64)
def _year(year: int) -> str:
    return FiscalYear(year).era_label


def _breakable(text: str) -> str:
    """Let a Latin word too long for a line be broken anywhere: a name must never run over its box."""
    return _LONG_WORD.sub(lambda word: _BREAK.join(word.group()), text)
