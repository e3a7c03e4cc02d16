"""The ledger: double entry in integer yen. Balances are sums of legs, never stored beside them."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Sum

from souto.kernel.errors import ConflictError
from souto.services.payments.models import Charge, JournalEntry, Leg

RECEIVABLE = "receivable"
SUSPENSE = "suspense"
#: What is decided to be paid back and not paid yet (還付未済金).
REFUND = "refund"


class UnbalancedError(ValueError):
    """The legs of a posting do not sum to zero: a fault in the calling code."""


class PostedDifferentlyError(ConflictError):
    """The same key was posted before with other amounts."""


def income(account: str) -> str:
    """The income account (歳入科目) of a charge."""
    return f"income:{account}"


def clearing(channel: str) -> str:
    """Money on its way to the city through `channel` (`elqr`, a provider's name)."""
    return f"clearing:{channel}"


@transaction.atomic
def post(
    *, kind: str, key: str, legs: list[tuple[str, int, Charge | None]], reverses: JournalEntry | None = None
) -> tuple[JournalEntry, bool]:
    """Post `legs` (account, yen, charge) under the idempotency `key`; returns the entry and whether it is new.

    The same key with the same legs is the same posting; with other legs it is refused.
    """
    if sum(amount for _, amount, _ in legs) != 0 or len(legs) < 2:
        raise UnbalancedError(kind)
    try:
        with transaction.atomic():
            entry = JournalEntry.objects.create(kind=kind, idempotency_key=key, reverses=reverses)
    except IntegrityError:
        known = JournalEntry.objects.filter(idempotency_key=key).first()
        if known is None:
            raise PostedDifferentlyError from None
        if sorted(known.legs.values_list("account", "amount")) != sorted((a, n) for a, n, _ in legs):
            raise PostedDifferentlyError from None
        return known, False
    Leg.objects.bulk_create([Leg(entry=entry, account=a, amount=n, charge=c) for a, n, c in legs])
    return entry, True


@transaction.atomic
def reverse(*, entry: JournalEntry, kind: str, key: str) -> tuple[JournalEntry, bool]:
    """Post the opposite of `entry`; an entry is reversed once."""
    legs = [(leg.account, -leg.amount, leg.charge) for leg in entry.legs.select_related("charge")]
    return post(kind=kind, key=key, legs=legs, reverses=entry)


def balance(account: str) -> int:
    """The balance of an account in yen, debit positive."""
    return Leg.objects.filter(account=account).aggregate(total=Sum("amount"))["total"] or 0


def owed(charge: Charge) -> int:
    """What is still owed on a charge, in yen."""
    legs = Leg.objects.filter(charge=charge, account=RECEIVABLE)
    return legs.aggregate(total=Sum("amount"))["total"] or 0
