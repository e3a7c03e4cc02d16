"""The ledger as a finance officer checks it: both sides of every account, the journal behind it, and both as CSV."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from souto.foundation.identity.roles import Role
from souto.kernel.actor import Actor
from souto.services.payments import actions, queries
from souto.services.payments.actions.charges import settle
from tests.services.applications import world
from tests.services.payments.test_ledger import charge

ADDRESSES = ("/staff/payments/balances/", "/staff/payments/balances/?csv", "/staff/payments/journal/", "/staff/payments/journal/?csv")  # fmt: skip


@pytest.fixture
def cashier(db: None) -> Client:
    paid, given_up = charge(300, "k1"), charge(450, "k2")
    settle(actor=Actor.system("test"), charge_id=paid.id, channel="elqr", key="p1")
    actions.cancel_charge(actor=Actor.system("test"), charge_id=given_up.id, reason="重複")
    return world.browser(world.staff(Role.CASHIER))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_books_are_for_the_cashier(address: str) -> None:
    assert Client().get(address).status_code == 302
    assert world.browser(world.resident()).get(address).status_code == 404
    assert world.browser(world.staff(Role.OFFICER)).get(address).status_code == 403


def test_both_sides_of_every_account_add_up(cashier: Client) -> None:
    page = cashier.get("/staff/payments/balances/")

    rows = {row.account: (row.debit, row.credit, row.total) for row, _name in page.context["rows"]}
    assert rows["receivable"] == (750, 750, 0)
    assert rows["income:fees"] == (450, 750, -300)
    assert rows["clearing:elqr"] == (300, 0, 300)
    assert page.context["total"] == 0
    assert "未収金" in page.content.decode()


def test_an_account_opens_to_its_postings_which_add_up_to_its_balance(cashier: Client) -> None:
    for balance in queries.balances(actor=Actor.system("test")):
        page = cashier.get("/staff/payments/journal/", {"account": balance.account})
        sides = [(debit or 0) - (credit or 0) for _leg, _kind, _name, debit, credit in page.context["rows"]]
        assert sum(sides) == balance.total


def test_the_journal_as_csv_balances_posting_by_posting(cashier: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(cashier.get("/staff/payments/journal/?csv").content.decode("utf-8-sig"))))

    postings: dict[str, int] = {}
    for row in rows:
        postings[row["仕訳"]] = postings.get(row["仕訳"], 0) + int(row["借方"] or 0) - int(row["貸方"] or 0)
    assert set(postings.values()) == {0}
    assert {row["種類"] for row in rows} == {"調定", "入金", "調定の取消"}


def test_a_period_without_postings_is_empty_and_a_day_that_never_was_is_left_out(cashier: Client) -> None:
    assert cashier.get("/staff/payments/journal/?until=2020-01-01").context["rows"] == []
    assert len(cashier.get("/staff/payments/journal/?since=2026-02-31").context["rows"]) == 8
