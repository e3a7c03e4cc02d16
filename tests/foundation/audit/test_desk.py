"""The auditor's desk over HTTP: who may look, what is found, what leaves, and that every look is an entry itself."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client

from souto.foundation.audit import actions, queries
from souto.foundation.audit.models import Entry, Outcome
from souto.foundation.identity import queries as identity
from souto.foundation.identity.roles import Role
from souto.kernel.actor import Actor
from souto.kernel.ids import new_id
from tests import jobs
from tests.sealing import seal_all
from tests.services.applications import world

ADDRESSES = ["/staff/audit/", "/staff/audit/entries.csv", "/staff/audit/entries.jsonl", "/staff/audit/chain/"]


@pytest.fixture
def auditor(db: None) -> Client:
    return world.browser(world.staff(Role.AUDITOR))


def _entry(action: str = "casework.open_case", outcome: Outcome = Outcome.SEEN, actor: Actor | None = None) -> Entry:
    return actions.record(
        actor=actor or Actor.system("test"), action=action, outcome=outcome, subject=("casework.case", new_id())
    )


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_desk_is_for_auditors(address: str) -> None:
    anonymous = Client().get(address)
    resident = world.browser(world.resident()).get(address)
    officer = world.browser(world.staff(Role.OFFICER)).get(address)

    assert anonymous.status_code == 302
    assert "/staff/sign-in?next=" in anonymous.url
    assert (resident.status_code, officer.status_code) == (404, 403)
    assert not Entry.objects.filter(action__startswith="audit.").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, Role.OFFICER, Role.ADMINISTRATOR])
def test_only_auditors_have_the_chain_verified(role: Role | None) -> None:
    client = Client() if role is None else world.browser(world.staff(role))

    answer = client.post("/staff/audit/chain/")

    assert answer.status_code in {302, 403}
    assert not Entry.objects.filter(action=queries.ASKED).exists()


@pytest.mark.django_db
def test_entries_are_found_by_person_outcome_room_and_record(auditor: Client) -> None:
    somebody = world.staff(Role.OFFICER)
    looked = _entry(actor=somebody)
    refused = _entry("identity.refuse", Outcome.REFUSED)
    _entry("payments.settle", Outcome.DONE)
    name = identity.staff_name(somebody.known_id)

    def found(query: str) -> set[object]:
        page = auditor.get(f"/staff/audit/?{query}")
        assert page.status_code == 200
        return {row["entry"].id for row in page.context["rows"] if not row["entry"].action.startswith("audit.")}

    assert {looked.id, refused.id} <= found("")
    assert found(f"who={name}") == {looked.id}
    assert found("who=nobody+of+this+name") == set()
    assert found("outcome=refused") == {refused.id}
    assert {Entry.objects.get(id=i).action for i in found("room=payments")} == {"payments.settle"}
    assert found(f"record={looked.subject_id}") == {looked.id}
    assert found("record=H26-000000-0") == set()
    assert found("since=2020-01-01&until=2020-12-31") == set()


@pytest.mark.django_db
def test_a_record_is_found_where_entries_name_it_as_their_application(auditor: Client) -> None:
    application = new_id()
    entry = actions.record(
        actor=Actor.system("test"), action="casework.note", subject=("casework.case", new_id()),
        facts={"application": str(application)},
    )  # fmt: skip

    page = auditor.get(f"/staff/audit/?record={application}")

    assert [row["entry"].id for row in page.context["rows"]] == [entry.id]


@pytest.mark.django_db
def test_an_application_is_found_by_its_number(auditor: Client) -> None:
    world.publish()
    application = world.submitted(world.resident())

    page = auditor.get(f"/staff/audit/?record={application.number.lower()}")

    assert "applications.submit" in {row["entry"].action for row in page.context["rows"]}
    assert all(
        row["entry"].subject_id == application.id or row["entry"].facts["application"] == str(application.id)
        for row in page.context["rows"]
    )


@pytest.mark.django_db
def test_a_date_that_never_was_is_said_and_finds_nothing(auditor: Client) -> None:
    page = auditor.get("/staff/audit/?since=2026-02-31")

    assert page.status_code == 422
    assert "2026-11-22" in page.content.decode()
    assert page.context["rows"] == []


@pytest.mark.django_db
def test_a_look_is_an_entry_of_its_own(auditor: Client) -> None:
    auditor.get("/staff/audit/?outcome=seen")

    entry = Entry.objects.get(action="audit.search")
    assert (entry.outcome, entry.fields) == (Outcome.SEEN, ["outcome", "since"])


@pytest.mark.django_db
def test_csv_says_what_the_screen_says_and_its_export_is_on_record(auditor: Client) -> None:
    _entry(actor=Actor.system("=1+1"))

    rows = list(csv.reader(io.StringIO(auditor.get("/staff/audit/entries.csv").content.decode("utf-8-sig"))))

    line = next(row for row in rows if "casework.open_case" in row)
    assert line[3] == "案件を開いた"
    assert line[1] == "'=1+1"
    assert Entry.objects.get(action="audit.export").facts["form"] == "csv"


@pytest.mark.django_db(transaction=True)
def test_exported_lines_prove_the_chain() -> None:
    client = world.browser(world.staff(Role.AUDITOR))
    _entry()
    seal_all()

    answer = client.get("/staff/audit/entries.jsonl")
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]

    assert all(len(line["digest"]) == 64 for line in lines if line["seq"])
    assert max(line["seq"] or 0 for line in lines) >= 1
    assert lines == list(queries.export(actor=Actor.system("test")))[: len(lines)]


@pytest.mark.django_db(transaction=True)
def test_a_verification_is_asked_for_and_its_result_shown() -> None:
    client = world.browser(world.staff(Role.AUDITOR))
    _entry()
    seal_all()
    client.post("/staff/audit/chain/")
    assert queries.chain_state(actor=Actor.system("test")).waiting

    assert "audit.verify" in jobs.run_all()
    page = client.get("/staff/audit/chain/").content.decode()

    assert not queries.chain_state(actor=Actor.system("test")).waiting
    assert "すべて合っています" in page
