"""What was settled by hand can be undone, money that belongs to nobody goes back, and the books balance after each step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db.models import Sum
from django.test import Client

from souto.foundation.audit.models import Entry
from souto.foundation.identity.roles import Role
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.errors import ForbiddenError
from souto.services.payments import actions, ledger
from souto.services.payments.models import Charge, JournalEntry, Leg, Notice
from tests.services.applications import world
from tests.services.payments.test_ledger import charge
from tests.services.payments.test_notices import cashier, csv_file, line, slip, take

OTHER = "99999000000000000006"
ACCOUNTS = ("clearing:elqr", "suspense", "receivable", "refund")


@pytest.fixture(autouse=True)
def balanced(db: None) -> Iterator[None]:
    """Whatever a test did: the books sum to zero, entry by entry."""
    yield
    sums = Leg.objects.values("entry").annotate(total=Sum("amount")).values_list("total", flat=True)
    assert set(sums) <= {0}


def books() -> tuple[int, ...]:
    """The balances of the channel, suspense, what is owed, and what is to be paid back."""
    return tuple(ledger.balance(account) for account in ACCOUNTS)


def by_hand() -> Notice:
    """A payment with an unknown key, settled by hand against a charge of 300 yen."""
    made = charge()
    take(csv_file(line(key=OTHER)))
    return actions.match_notice(
        actor=cashier(), notice_id=Notice.objects.get().id, charge_id=made.id, reason="電話で確認"
    )


def cancellation() -> Notice:
    take(csv_file(line(key=OTHER, stage="9")))
    return Notice.objects.get(stage=Notice.Stage.CANCELLED)


def test_the_cancellation_of_what_was_settled_by_hand_waits_and_then_takes_it_all_back() -> None:
    by_hand()
    assert books() == (300, 0, 0, 0)

    waiting = cancellation()
    assert (waiting.state, books()) == (Notice.State.SUSPENSE, (300, 0, 0, 0))

    done = actions.take_back_notice(actor=cashier(), notice_id=waiting.id, reason="金融機関に確認")

    assert books() == (0, 0, 300, 0)
    assert Charge.objects.get().is_open
    assert (done.state, done.settled_reason, done.charge) == (
        Notice.State.SETTLED,
        "金融機関に確認",
        Charge.objects.get(),
    )
    assert Entry.objects.filter(action="payments.take_back_notice", subject_id=str(waiting.id)).exists()
    with pytest.raises(actions.NotInSuspenseError):
        actions.take_back_notice(actor=cashier(), notice_id=waiting.id, reason="もう一度")
    assert books() == (0, 0, 300, 0)


def test_after_that_the_charge_is_paid_anew() -> None:
    slip(charge())
    take(csv_file(line(key=OTHER)))
    actions.match_notice(
        actor=cashier(), notice_id=Notice.objects.get().id, charge_id=Charge.objects.get().id, reason="電話で確認"
    )
    actions.take_back_notice(actor=cashier(), notice_id=cancellation().id, reason="金融機関に確認")

    take(csv_file(line(day="20261126")))

    assert (Charge.objects.get().is_open, books()) == (False, (300, 0, 0, 0))


def test_a_cancellation_of_nothing_is_put_away_and_books_nothing() -> None:
    waiting = cancellation()

    actions.take_back_notice(actor=cashier(), notice_id=waiting.id, reason="金融機関の誤り")

    assert Notice.objects.get().state == Notice.State.SETTLED
    assert not JournalEntry.objects.exists()


def test_a_double_payment_goes_back_to_its_payer() -> None:
    slip(charge())
    take(csv_file(line()))
    take(csv_file(line(day="20261125")))
    double = Notice.objects.get(received_on=date(2026, 11, 25))
    assert books() == (600, -300, 0, 0)

    actions.refund_notice(actor=cashier(), notice_id=double.id, reason="二重払い")

    assert books() == (600, 0, 0, -300)
    assert not Charge.objects.get().is_open
    assert Notice.objects.get(pk=double.pk).state == Notice.State.SETTLED


def test_a_refund_whose_payment_is_cancelled_is_no_longer_to_be_paid() -> None:
    take(csv_file(line(key=OTHER)))
    actions.refund_notice(actor=cashier(), notice_id=Notice.objects.get().id, reason="誤った入金")

    actions.take_back_notice(actor=cashier(), notice_id=cancellation().id, reason="金融機関に確認")

    assert books() == (0, 0, 0, 0)


def test_the_cancellation_of_a_confirmed_double_payment_leaves_the_first_payment_alone() -> None:
    slip(charge())
    take(csv_file(line()))
    take(csv_file(line(day="20261125")))
    take(csv_file(line(day="20261125", stage="2")))

    take(csv_file(line(day="20261125", stage="9")))

    assert (Charge.objects.get().is_open, books()) == (False, (300, 0, 0, 0))


def test_neither_without_a_reason_nor_a_permission_nor_the_wrong_way_round() -> None:
    by_hand()
    waiting, made = cancellation(), Charge.objects.get()
    take(csv_file(line(key="99999000000000000008", amount=5)))
    money = Notice.objects.get(amount=5)
    stranger = Actor(kind=ActorKind.STAFF, id=made.id, permissions=frozenset({"payments.view"}))
    before = books()

    for act, notice, wrong in ((actions.take_back_notice, waiting, money), (actions.refund_notice, money, waiting)):
        with pytest.raises(actions.NoReasonError):
            act(actor=cashier(), notice_id=notice.id, reason="  ")
        with pytest.raises(ForbiddenError):
            act(actor=stranger, notice_id=notice.id, reason="x")
        with pytest.raises(actions.NotInSuspenseError):
            act(actor=cashier(), notice_id=wrong.id, reason="x")

    assert books() == before
    assert not Charge.objects.get(pk=made.pk).is_open


def test_the_pages_speak_english_to_who_reads_english() -> None:
    take(csv_file(line(key=OTHER)))
    desk = world.browser(world.staff(Role.CASHIER))
    desk.cookies["souto_language"] = "en"

    page = desk.get("/staff/payments/").content.decode()

    assert "No slip has this case key" in page
    assert "仮受" not in page


def test_the_page_by_caller() -> None:
    by_hand()
    waiting = cancellation()
    address, form = f"/staff/payments/notices/{waiting.id}/", {"do": "take_back", "reason": "金融機関に確認"}
    callers = [Client(), world.browser(world.resident()), world.browser(world.staff(Role.OFFICER))]

    assert [c.post(address, form).status_code for c in callers] == [302, 404, 403]
    assert books() == (300, 0, 0, 0)

    desk = world.browser(world.staff(Role.CASHIER))
    page = desk.get(address).content.decode()
    assert "は、未納に戻ります" in page
    assert desk.post(address, {"do": "take_back", "reason": ""}).status_code == 400
    assert desk.post(address, form).status_code == 302
    assert books() == (0, 0, 300, 0)
