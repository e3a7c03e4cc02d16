"""Notices of payment: read whole or not at all, booked once, and what matches nothing waits where a person can settle it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from souto.foundation.audit.models import Entry
from souto.foundation.identity.models import Staff
from souto.foundation.identity.roles import Role
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.errors import ForbiddenError
from souto.services.payments import actions, ledger, notice_files, queries
from souto.services.payments.models import Charge, Notice, NoticeImport, Slip
from tests.services.applications import world
from tests.services.payments.test_ledger import charge

MAPPINGS = notice_files.load_mappings(Path(__file__).parents[3] / "cities" / "hachioji" / "payments.toml")
CSV = MAPPINGS["sample-csv"]
FIXED = MAPPINGS["sample-fixed"]
KEY = "99999000000000000001"


def cashier() -> Actor:
    staff, _ = Staff.objects.get_or_create(number="c1", defaults={"name": "収納 太郎"})
    permissions = frozenset({"payments.view", "payments.match", "payments.import"})
    return Actor(kind=ActorKind.STAFF, id=staff.id, permissions=permissions)


def slip(made: Charge, key: str = KEY, confirmation: str = "123456") -> Slip:
    return Slip.objects.create(
        charge=made, case_key=key, confirmation=confirmation, specimen=True, due_on=date(2026, 12, 28)
    )


def line(
    amount: int = 300, *, stage: str = "1", key: str = KEY, confirmation: str = "123456", day: str = "20261124"
) -> str:
    return f"D,{stage},{key},{confirmation},1310001,{day},{amount}"


def csv_file(*lines: str, count: int | None = None, total: int | None = None) -> bytes:
    amounts = [int(text.rsplit(",", 1)[1]) for text in lines]
    trailer = f"T,{len(lines) if count is None else count},{sum(amounts) if total is None else total}"
    return "\r\n".join(["H,20261124", *lines, trailer, ""]).encode()


def take(content: bytes) -> object:
    return actions.import_notices(actor=cashier(), mapping=CSV, content=content, filename="notice.csv")


@pytest.mark.django_db
def test_a_notice_that_matches_pays_the_charge() -> None:
    made = charge()
    slip(made)

    report = take(csv_file(line()))

    assert (report.matched, report.suspense) == (1, 0)
    assert not Charge.objects.get().is_open
    assert ledger.balance("clearing:elqr") == 300


@pytest.mark.django_db
def test_preliminary_then_confirmed_is_one_payment() -> None:
    slip(charge())
    take(csv_file(line(stage="1")))

    report = take(csv_file(line(stage="2")))

    assert (report.matched, ledger.balance("clearing:elqr")) == (1, 300)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (line(key="99999000000000000002"), "納付書はありません"),
        (line(amount=299), "金額が納付書"),
        (line(confirmation="654321"), "確認番号"),
    ],
)
def test_what_matches_nothing_waits_in_suspense_with_its_reason(row: str, reason: str) -> None:
    slip(charge())

    report = take(csv_file(row))

    notice = Notice.objects.get()
    assert (report.suspense, notice.state) == (1, Notice.State.SUSPENSE)
    assert reason in notice.reason
    assert Charge.objects.get().is_open
    assert ledger.balance(ledger.SUSPENSE) == -notice.amount


@pytest.mark.django_db
def test_a_second_payment_of_the_same_slip_waits_too() -> None:
    slip(charge())
    take(csv_file(line()))

    take(csv_file(line(day="20261125")))

    assert Notice.objects.get(received_on=date(2026, 11, 25)).state == Notice.State.SUSPENSE
    assert ledger.balance(ledger.SUSPENSE) == -300


@pytest.mark.django_db
def test_the_same_file_and_the_same_row_are_booked_once() -> None:
    slip(charge())
    content = csv_file(line())
    take(content)

    with pytest.raises(actions.AlreadyImportedError):
        take(content)
    report = take(csv_file(line(), line(key="99999000000000000009", amount=10)))

    assert (report.repeated, report.suspense) == (1, 1)
    assert ledger.balance("clearing:elqr") == 310


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        csv_file(line(), line(day="20261125"))[:-20],
        csv_file(line())[:40],
        csv_file(line(), count=2),
        csv_file(line(), total=1),
        csv_file(line()).replace(b"H,20261124\r\n", b""),
        csv_file(line()) + csv_file(line()),
        # Cut after a record that reads like the trailer of what stands before it.
        csv_file(line(), "D,1,300,123456,1310001,20261124,5").rsplit(b"T,", 1)[0],
        csv_file(line(day="20260230")),
        csv_file(line(stage="7")),
        csv_file(line()).replace(b"D,1", b"X,1"),
        "H\r\nD,1,あ".encode("cp932"),
        b"",
        b"   \r\n",
    ],
)
def test_a_cut_or_broken_file_books_nothing(content: bytes) -> None:
    slip(charge())

    with pytest.raises(notice_files.NoticeFileError):
        take(content)

    assert not Notice.objects.exists()
    assert not NoticeImport.objects.exists()
    assert Charge.objects.get().is_open


@pytest.mark.django_db
def test_after_a_cut_file_the_whole_one_is_read() -> None:
    slip(charge())
    content = csv_file(line(), line(key="99999000000000000003", amount=5))
    with pytest.raises(notice_files.NoticeFileCutError):
        take(content[:-12])

    assert take(content).matched == 1


@pytest.mark.django_db
def test_a_cancellation_takes_the_payment_back() -> None:
    slip(charge())
    take(csv_file(line()))

    take(csv_file(line(stage="9")))

    assert Charge.objects.get().is_open
    assert (ledger.balance("clearing:elqr"), ledger.balance(ledger.RECEIVABLE)) == (0, 300)


@pytest.mark.django_db
def test_a_cancellation_clears_suspense_and_one_without_a_payment_waits() -> None:
    take(csv_file(line(key="99999000000000000004")))
    take(csv_file(line(key="99999000000000000004", stage="9"), line(key="99999000000000000005", stage="9")))

    assert ledger.balance(ledger.SUSPENSE) == 0
    assert Notice.objects.get(case_key="99999000000000000005").state == Notice.State.SUSPENSE


@pytest.mark.django_db
def test_a_person_settles_what_waits_with_a_reason() -> None:
    made = charge()
    take(csv_file(line(key="99999000000000000006")))
    notice = Notice.objects.get()

    with pytest.raises(actions.NoReasonError):
        actions.match_notice(actor=cashier(), notice_id=notice.id, charge_id=made.id, reason=" ")
    with pytest.raises(actions.AmountDiffersError):
        actions.match_notice(actor=cashier(), notice_id=notice.id, charge_id=charge(301, "k2").id, reason="電話で確認")
    with pytest.raises(ForbiddenError):
        actions.match_notice(
            actor=Actor(kind=ActorKind.STAFF, id=made.id), notice_id=notice.id, charge_id=made.id, reason="x"
        )
    assert Notice.objects.get().state == Notice.State.SUSPENSE

    actions.match_notice(actor=cashier(), notice_id=notice.id, charge_id=made.id, reason="電話で確認")

    assert (ledger.balance(ledger.SUSPENSE), ledger.owed(made)) == (0, 0)
    assert Notice.objects.get().settled_reason == "電話で確認"
    with pytest.raises(actions.NotInSuspenseError):
        actions.match_notice(actor=cashier(), notice_id=notice.id, charge_id=made.id, reason="もう一度")
    assert Entry.objects.filter(action="payments.match_notice").count() == 1


def fixed_file(rows: list[tuple[str, str, int]]) -> bytes:
    lines = ["1".ljust(80)]
    lines += [f"2{stage}{key:<20}123456131000120261124{amount:011d}".ljust(80) for stage, key, amount in rows]
    lines.append(f"8{len(rows):07d}{sum(a for _, _, a in rows):013d}".ljust(80))
    return "\r\n".join(lines).encode("cp932")


@given(st.lists(st.tuples(st.sampled_from("129"), st.from_regex(r"[0-9]{20}", fullmatch=True), st.integers(1, 10**9))))
def test_fixed_records_are_read_as_written(rows: list[tuple[str, str, int]]) -> None:
    found = notice_files.read(fixed_file(rows), FIXED)

    names = {"1": "preliminary", "2": "confirmed", "9": "cancelled"}
    assert [(r.stage, r.case_key, r.amount) for r in found] == [(names[s], k, a) for s, k, a in rows]


@given(st.integers(1, 300))
def test_a_fixed_file_cut_anywhere_is_noticed(cut: int) -> None:
    whole = fixed_file([("1", KEY, 300), ("2", KEY, 300)])

    with pytest.raises(notice_files.NoticeFileError):
        notice_files.read(whole[: len(whole) - cut], FIXED)


@pytest.mark.django_db
def test_the_pages_by_caller(client: Client) -> None:
    officer = world.browser(world.staff(Role.OFFICER))
    resident = world.browser(world.resident())

    for address in ("/staff/payments/", "/staff/payments/balances/"):
        assert client.get(address).status_code == 302
        assert resident.get(address).status_code == 404
        assert officer.get(address).status_code == 403
    assert [c.post("/staff/payments/import/", {}).status_code for c in (client, resident, officer)] == [302, 404, 403]
    assert not queries.imports(actor=cashier()).exists()
