"""A payment slip (納付書) as data: what stands on the paper, checked so that codes and words cannot say different things."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from souto.foundation.documents.typesetting import ErrorLevel
from souto.kernel.errors import SoutoError
from souto.services.payments.elqr import IssuedCode, StoreBarcode

STORE_LIMIT_YEN = 300_000
"""Convenience stores take no more than this on one barcode (30万円), by their contracts with the cities."""

_LIMITS = {"payer": ("納付者の氏名", 60), "item": ("科目", 30), "reference": ("通知書番号", 20)}
_ADDRESS_LINES = 3
_GUIDANCE_LINES = 4

GUIDANCE = (
    "金融機関、またはスマートフォンの決済アプリで納付できます。コンビニエンスストアでは納付できません。",
    "スマートフォンやパソコンでは、eL-QR（地方税統一QRコード）を読み取ってください。",
    "3枚を切り離さずに窓口へお持ちください。領収証書は大切に保管してください。",
    "支払期限を過ぎると、この納付書は使えません。担当課へご連絡ください。",
)
"""What the paper tells the payer to do, when the city says nothing else."""

STORE_GUIDANCE = (
    "金融機関、コンビニエンスストアの窓口、またはスマートフォンの決済アプリで納付できます。",
    *GUIDANCE[1:],
)
"""The same where the slip carries a barcode."""


class SlipTextError(SoutoError):
    """A text is empty or longer than its place on the paper."""

    message = "%(part)sは1文字以上%(limit)s文字以内にしてください（%(found)s文字）。"


class SlipLinesError(SoutoError):
    """More lines than the paper has."""

    message = "%(part)sは%(limit)s行以内にしてください（%(found)s行）。"


class CodesDisagreeError(SoutoError):
    """The eL-QR and the barcode of one slip name different amounts or days, or one is a specimen and the other is not."""

    message = "eL-QRとバーコードの%(part)sが違います（%(code)s、%(barcode)s）。"


class StoreLimitError(SoutoError):
    """The amount is above what a convenience store takes, so the slip must not carry a barcode."""

    message = "%(limit)s円を超える金額には、コンビニエンスストアのバーコードを付けられません（%(found)s円）。"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who asks for the money: printed the same on every slip of a batch."""

    city: str
    code: str
    """全国地方公共団体コード with its check digit: 132012."""
    department: str
    contact: tuple[str, ...] = ()
    """Address and telephone of the department, a line each."""
    treasurer: str = "会計管理者"
    """To whom the money goes; the city's name is put before it."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One payment slip.

    Amount, dates, fiscal year and instalment are read from the eL-QR itself; the paper has no second copy that could differ.

    Raises:
        SlipTextError, SlipLinesError: something does not fit its place.
        CodesDisagreeError, StoreLimitError: the barcode does not belong to the eL-QR.
    """

    issuer: Issuer
    issued: IssuedCode
    reference: str
    """通知書番号, the number that the city finds the charge by."""
    item: str
    """科目: what is paid for."""
    payer: str
    """Name without 様; 40 characters are usual for the longest, 60 fit."""
    issued_on: date
    barcode: StoreBarcode | None = None
    postal_code: str = ""
    address: tuple[str, ...] = ()
    guidance: tuple[str, ...] = ()
    """Lines in place of `GUIDANCE` or `STORE_GUIDANCE`."""
    error_level: ErrorLevel = "M"

    def __post_init__(self) -> None:
        """Everything fits and nothing contradicts."""
        for name, (part, limit) in _LIMITS.items():
            length = len(getattr(self, name).strip())
            if not 1 <= length <= limit:
                raise SlipTextError(field=name, part=part, limit=limit, found=length)
        for part, lines, most in (
            ("住所", self.address, _ADDRESS_LINES),
            ("納付の案内", self.guidance, _GUIDANCE_LINES),
        ):
            if len(lines) > most:
                raise SlipLinesError(part=part, limit=most, found=len(lines))
        if self.barcode:
            self._require_agreement(self.barcode)

    def _require_agreement(self, barcode: StoreBarcode) -> None:
        demand = self.issued.code.demand
        for part, in_code, in_barcode in (
            ("金額", demand.amount, barcode.amount),
            ("支払期限", demand.payable_until, barcode.payable_until),
            ("見本の区別", self.issued.specimen, barcode.specimen),
        ):
            if in_code != in_barcode:
                raise CodesDisagreeError(part=part, code=in_code, barcode=in_barcode)
        if demand.amount > STORE_LIMIT_YEN:
            raise StoreLimitError(limit=f"{STORE_LIMIT_YEN:,}", found=f"{demand.amount:,}")

    @property
    def instructions(self) -> tuple[str, ...]:
        """What the paper tells the payer to do: never to go to a store without a barcode."""
        return self.guidance or (STORE_GUIDANCE if self.barcode else GUIDANCE)

    @property
    def specimen(self) -> bool:
        """Whether this is a 見本, which nobody can pay."""
        return self.issued.specimen
