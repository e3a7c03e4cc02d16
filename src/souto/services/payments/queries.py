"""Reading charges, slips and notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError
from souto.services.payments import ledger, seams
from souto.services.payments.models import Charge, Checkout, Leg, Notice, NoticeImport, Slip
from souto.services.payments.notice_files import NoticeRow

__all__ = [
    "Balance",
    "Slip",
    "access_charge",
    "access_notice",
    "all_paid",
    "balances",
    "charges_for",
    "checkout_of",
    "imports",
    "journal",
    "notices",
    "open_charges",
    "payment_of",
    "refund_of",
    "slips_of",
    "subjects_numbered",
    "suspense_count",
]


def access_charge(*, actor: Actor, charge_id: UUID) -> Charge:
    """A charge, for its payer, the cashier, or whoever may see the record that it was made for."""
    charge = Charge.objects.filter(pk=charge_id).first()
    if charge is None:
        raise NotFoundError
    is_payer = actor.is_resident and charge.payer_person_id == actor.id
    if is_payer or actor.may("payments.view") or seams.may_see(actor, charge.purpose, charge.subject_id):
        return charge
    raise HiddenError("payments.charge", charge_id)


def charges_for(*, purpose: str, subject_id: UUID) -> list[Charge]:
    """The charges made for a record, oldest first; the caller has passed that record's gate."""
    return list(Charge.objects.filter(purpose=purpose, subject_id=subject_id).order_by("id"))


def refund_of(charge: Charge) -> int:
    """How much of a charge was decided to be paid back, in yen; the caller has passed the charge's gate."""
    found = Leg.objects.filter(charge=charge, account=ledger.REFUND).aggregate(total=Sum("amount"))["total"]
    return -(found or 0)


def all_paid(*, purpose: str, subject_id: UUID) -> bool:
    """True when nothing is owed for a record any more (also when nothing ever was)."""
    return not Charge.objects.filter(
        purpose=purpose, subject_id=subject_id, paid_at__isnull=True, cancelled_at__isnull=True
    ).exists()


def slips_of(charge: Charge) -> list[Slip]:
    """The slips issued for a charge, newest first."""
    return list(Slip.objects.filter(charge=charge).order_by("-issued_at"))


def checkout_of(*, checkout_id: UUID) -> Checkout:
    """A checkout; `NotFoundError` where there is none."""
    found = Checkout.objects.select_related("charge").filter(pk=checkout_id).first()
    if found is None:
        raise NotFoundError
    return found


def notices(*, actor: Actor, state: str = "") -> QuerySet[Notice]:
    """Notices for the cashier, newest file first."""
    actor.require("payments.view")
    found = Notice.objects.select_related("source", "charge", "settled_by").order_by("-source__imported_at", "line")
    return found.filter(state=state) if state else found


def access_notice(*, actor: Actor, notice_id: UUID) -> Notice:
    """One notice, for the cashier."""
    if not actor.may("payments.view"):
        raise HiddenError("payments.notice", notice_id)
    found = Notice.objects.select_related("source", "charge", "settled_by").filter(pk=notice_id).first()
    if found is None:
        raise NotFoundError
    return found


def payment_of(cancellation: Notice | NoticeRow) -> Notice | None:
    """The notice by which the payment that a cancellation speaks of was booked: same case, confirmation, office and amount, the last of
    several; None where none came. The caller has passed the cancellation's gate.
    """
    same = Notice.objects.filter(
        case_key=cancellation.case_key,
        confirmation=cancellation.confirmation,
        office=cancellation.office,
        amount=cancellation.amount,
    )
    booked = same.exclude(stage=Notice.Stage.CANCELLED).exclude(state=Notice.State.REPEATED)
    return booked.select_related("charge").order_by("-received_on", "id").first()


def suspense_count(actor: Actor) -> int | None:
    """How many notices wait in suspense; None for those who do not settle them."""
    return Notice.objects.filter(state=Notice.State.SUSPENSE).count() if actor.may("payments.match") else None


def imports(*, actor: Actor) -> QuerySet[NoticeImport]:
    """The imported files, newest first."""
    actor.require("payments.view")
    return NoticeImport.objects.select_related("imported_by").order_by("-imported_at")


@dataclass(frozen=True, slots=True)
class Balance:
    """An account: `debit` (借方) and `credit` (貸方) as positive yen, `total` their difference, debit positive."""

    account: str
    debit: int
    credit: int

    @property
    def total(self) -> int:
        """The balance in yen, debit positive."""
        return self.debit - self.credit


def balances(*, actor: Actor) -> list[Balance]:
    """Every account with what was booked on either side; the balances sum to zero."""
    actor.require("payments.view")
    rows = (
        Leg.objects.values("account")
        .annotate(debit=Sum("amount", filter=Q(amount__gt=0)), credit=Sum("amount", filter=Q(amount__lt=0)))
        .order_by("account")
    )
    return [Balance(row["account"], row["debit"] or 0, -(row["credit"] or 0)) for row in rows]


def journal(
    *, actor: Actor, account: str = "", since: datetime | None = None, until: datetime | None = None
) -> QuerySet[Leg]:
    """The journal (仕訳帳), newest posting first, a row a leg: of one `account`, from `since` on and before `until`."""
    actor.require("payments.view")
    legs = Leg.objects.select_related("entry", "entry__reverses", "charge").order_by("-entry__at", "-entry_id", "id")
    if account:
        legs = legs.filter(account=account)
    if since is not None:
        legs = legs.filter(entry__at__gte=since)
    return legs if until is None else legs.filter(entry__at__lt=until)


def open_charges(*, actor: Actor, amount: int | None = None) -> QuerySet[Charge]:
    """Charges that are still owed, for matching by hand."""
    actor.require("payments.match")
    found = Charge.objects.filter(paid_at__isnull=True, cancelled_at__isnull=True).order_by("-created_at")
    return found if amount is None else found.filter(amount=amount)


def subjects_numbered(text: str) -> list[tuple[str, UUID]]:
    """The charge of the slip with this 案件特定キー, as the auditor's desk names it; no personal data."""
    found = Slip.objects.filter(case_key=text.strip()).values_list("charge_id", flat=True)
    return [("payments.charge", charge_id) for charge_id in found]
