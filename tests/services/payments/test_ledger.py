"""The ledger: every posting balances, in Python and in the database; nothing is changed; nothing is booked twice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from souto.kernel.actor import Actor
from souto.kernel.ids import new_id
from souto.services.payments import actions, ledger, queries
from souto.services.payments.actions.charges import settle, unsettle
from souto.services.payments.models import Charge, JournalEntry, Leg

SYSTEM = Actor.system("test")
CASHIER = Actor.system("cashier")


def charge(amount: int = 300, key: str = "k1", subject: UUID | None = None, person: UUID | None = None) -> Charge:
    return actions.create_charge(
        actor=SYSTEM,
        purpose="test.fee",
        subject_id=subject or new_id(),
        payer_person_id=person,
        payer_name="𠮷田　花子",
        description={"ja": "住民票の写しの手数料"},
        amount=amount,
        account="fees",
        due_on=date(2026, 12, 28),
        idempotency_key=key,
        is_demo=True,
    )


@transaction.atomic
def insert_posting(*amounts: int) -> None:
    """Write a posting past the ledger and let the database check it as it does when a transaction ends."""
    entry = JournalEntry.objects.create(kind="x", idempotency_key="x")
    for amount in amounts:
        Leg.objects.create(entry=entry, account="a", amount=amount)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
def test_a_charge_is_owed_until_it_is_paid() -> None:
    made = charge(600)
    assert (ledger.owed(made), ledger.balance(ledger.RECEIVABLE), ledger.balance("income:fees")) == (600, 600, -600)

    with transaction.atomic():
        settle(actor=SYSTEM, charge_id=made.id, channel="elqr", key="p1")

    assert (ledger.owed(made), ledger.balance("clearing:elqr")) == (0, 600)
    assert sum(b.total for b in queries.balances(actor=SYSTEM)) == 0


@pytest.mark.django_db
def test_the_same_key_makes_one_charge_and_another_amount_is_refused() -> None:
    subject = new_id()
    first = charge(300, "same", subject)

    assert charge(300, "same", subject).id == first.id
    with pytest.raises(ledger.PostedDifferentlyError):
        charge(301, "same", subject)
    assert Leg.objects.count() == 2


@pytest.mark.django_db
def test_paying_twice_books_once_and_a_second_payment_is_refused() -> None:
    made = charge()
    with transaction.atomic():
        settle(actor=SYSTEM, charge_id=made.id, channel="elqr", key="p1")
        settle(actor=SYSTEM, charge_id=made.id, channel="elqr", key="p1")

    with pytest.raises(actions.AlreadySettledError):
        settle(actor=SYSTEM, charge_id=made.id, channel="elqr", key="p2")
    assert ledger.balance("clearing:elqr") == 300


@pytest.mark.django_db
def test_a_payment_taken_back_is_owed_again() -> None:
    made = charge()
    settle(actor=SYSTEM, charge_id=made.id, channel="elqr", key="p1")

    unsettle(actor=SYSTEM, charge_id=made.id, payment_key="p1", key="r1")

    assert (ledger.owed(made), ledger.balance("clearing:elqr")) == (300, 0)
    assert Charge.objects.get().is_open


@pytest.mark.django_db
def test_cancelling_gives_up_the_claim_once() -> None:
    made = charge()

    actions.cancel_charge(actor=SYSTEM, charge_id=made.id, reason="取下げ")

    assert (ledger.owed(made), ledger.balance("income:fees")) == (0, 0)
    with pytest.raises(actions.AlreadySettledError):
        actions.cancel_charge(actor=SYSTEM, charge_id=made.id, reason="取下げ")


@pytest.mark.django_db
@pytest.mark.parametrize("amount", [0, -1])
def test_a_charge_is_positive(amount: int) -> None:
    with pytest.raises(actions.ChargeAmountError):
        charge(amount)

    assert not Charge.objects.exists()


@pytest.mark.django_db
def test_the_database_refuses_a_posting_that_does_not_balance() -> None:
    with pytest.raises(ledger.UnbalancedError):
        ledger.post(kind="x", key="x", legs=[("a", 1, None), ("b", 1, None)])

    with pytest.raises(DatabaseError, match="does not balance"):
        insert_posting(5, -4)


@pytest.mark.django_db
def test_the_database_refuses_a_posting_without_legs() -> None:
    with pytest.raises(DatabaseError, match="does not balance"):
        insert_posting()


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE payments_leg SET amount = amount + 1", "DELETE FROM payments_leg"])
def test_the_database_refuses_to_change_a_posting(statement: str) -> None:
    charge()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


STEPS = st.lists(st.tuples(st.sampled_from(["pay", "again", "back", "cancel"]), st.integers(0, 2)), max_size=12)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(1, 10**9), min_size=3, max_size=3), steps=STEPS)
def test_whatever_happens_the_books_balance(amounts: list[int], steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        charges = [charge(amount, f"h{i}") for i, amount in enumerate(amounts)]
        paid: dict[int, int] = {}
        for number, (what, which) in enumerate(steps):
            made = charges[which]
            try:
                with transaction.atomic():
                    if what == "pay":
                        settle(actor=SYSTEM, charge_id=made.id, channel="elqr", key=f"pay{number}")
                        paid[which] = number
                    elif what == "again" and which in paid:
                        settle(actor=SYSTEM, charge_id=made.id, channel="elqr", key=f"pay{paid[which]}")
                    elif what == "back" and which in paid:
                        unsettle(actor=SYSTEM, charge_id=made.id, payment_key=f"pay{paid[which]}", key=f"back{number}")
                    elif what == "cancel":
                        actions.cancel_charge(actor=SYSTEM, charge_id=made.id, reason="x")
            except (actions.AlreadySettledError, ledger.PostedDifferentlyError):
                pass

        assert sum(b.total for b in queries.balances(actor=SYSTEM)) == 0
        for made in Charge.objects.all():
            assert ledger.owed(made) == (made.amount if made.is_open else 0)
        transaction.set_rollback(True)
