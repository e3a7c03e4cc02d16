"""The audit trail: nobody can rewrite it unnoticed, and nothing committed is left out of the chain."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from souto.foundation.audit import actions, queries, sealing
from souto.foundation.audit.models import Entry, Outcome, Seal
from souto.kernel.actor import Actor
from souto.kernel.ids import new_id
from tests.sealing import seal_all

SYSTEM = Actor.system("test")


def record(action: str = "test.act") -> Entry:
    return actions.record(
        actor=SYSTEM, action=action, subject=("test.thing", new_id()), fields=["b", "a"], facts={"n": 1}
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'other'",
        "DELETE FROM audit_entry",
        "UPDATE audit_seal SET digest = 'x'",
        "DELETE FROM audit_seal",
        "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL souto.may_truncate = 'off'; TRUNCATE audit_entry CASCADE",
    ],
)
def test_database_refuses_to_change_what_was_written(statement: str) -> None:
    record()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_batch (at, below_xid, entries) VALUES (now(), 1, 1) RETURNING id")
        batch = cursor.fetchone()[0]
        Seal.objects.create(seq=1, entry=Entry.objects.get(), batch_id=batch, digest=b"d" * 32)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Entry.objects.get().action == "test.act"


@pytest.mark.django_db(transaction=True)
def test_sealed_entries_verify_and_tail_is_reported() -> None:
    for _ in range(5):
        record()
    assert seal_all() == 5
    record()

    found = queries.verify()

    assert (found.ok, found.links, found.unsealed) == (True, 5, 1)
    assert found.unsealed_since is not None
    assert seal_all() == 1
    assert queries.verify().unsealed == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            "UPDATE audit_entry SET action = 'forged' WHERE id = (SELECT entry_id FROM audit_seal WHERE seq = 2)",
            "altered",
        ),
        ("DELETE FROM audit_seal WHERE seq = 2", "gap"),
        ("UPDATE audit_seal SET digest = decode(repeat('00', 32), 'hex') WHERE seq = 2", "altered"),
    ],
)
def test_verify_finds_what_a_database_administrator_changed(statement: str, reason: str) -> None:
    for _ in range(3):
        record()
    seal_all()

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER; ALTER TABLE audit_seal DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER; ALTER TABLE audit_seal ENABLE TRIGGER USER")
    found = queries.verify()

    assert found.broken_at == 2
    assert reason in found.reason


@pytest.mark.django_db(transaction=True)
def test_an_entry_of_a_slow_transaction_is_sealed_later_and_never_skipped() -> None:
    started, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                record("test.slow")
                started.set()
                may_commit.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    started.wait(10)
    record("test.fast")
    sealed_meanwhile = sealing.seal_committed()
    may_commit.set()
    thread.join()
    seal_all()

    assert sealed_meanwhile == 0  # the horizon waits for the slow transaction
    assert set(Seal.objects.values_list("entry__action", flat=True)) == {"test.slow", "test.fast"}
    assert queries.verify().unsealed == 0


@pytest.mark.django_db(transaction=True)
def test_a_restored_database_seals_on() -> None:
    record()
    seal_all()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_batch (at, below_xid, entries) VALUES (now(), 9000000000000000, 0)")
    record()

    assert seal_all() == 1
    record()
    assert seal_all() == 1
    assert queries.verify().ok


@pytest.mark.django_db
def test_entries_hold_who_and_what_in_order() -> None:
    entry = actions.record(actor=SYSTEM, action="x.y", outcome=Outcome.SEEN, fields=["b", "a"])

    assert (entry.actor_kind, entry.actor_name, entry.fields) == ("system", "test", ["a", "b"])
