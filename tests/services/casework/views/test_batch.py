"""Many cases at once: each is checked anew when its turn comes, and the page after says what became of every one."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from souto.foundation.audit.models import Entry
from souto.services.casework import actions
from souto.services.casework.models import Case
from tests.services.applications import world as applications
from tests.services.casework import world

RESULT = "/staff/cases/batch/result/"


@pytest.fixture
def cases(db: None) -> list[Case]:
    world.procedure()
    her = applications.resident(applications.person(name_kana="ヤマダ　ハナコ"))
    return [world.opened(her) for _ in range(3)]


def _post(client: Client, deed: str, *cases: Case) -> int:
    return client.post("/staff/cases/batch/", {"do": deed, "case": [str(c.id) for c in cases]}).status_code


@pytest.mark.django_db
def test_what_can_be_accepted_is_and_the_rest_is_named_with_its_reason(cases: list[Case]) -> None:
    officer = world.officer()
    actions.take(actor=world.officer(), case_id=cases[0].id)
    client = world.browser(officer)

    assert _post(client, "accept", *cases) == 302
    page = client.get(RESULT)

    assert {world.application_of(c).state for c in cases} == {"in_review"}
    assert {row.id: bool(reason) for row, reason in page.context["rows"]} == {
        cases[0].id: True, cases[1].id: False, cases[2].id: False,
    }  # fmt: skip
    assert "もう始まっているか" in page.content.decode()
    assert {world.fresh(c).assignee_id for c in cases[1:]} == {None}


@pytest.mark.django_db
def test_another_section_changes_nothing_and_learns_nothing(cases: list[Case]) -> None:
    client = world.browser(world.officer("childcare"))

    _post(client, "accept", *cases)
    _post(client, "hand_over", *cases)
    page = client.get(RESULT)
    taken = client.post("/staff/cases/batch/", {"do": "export", "case": [str(c.id) for c in cases]})

    assert {world.application_of(c).state for c in cases} == {"submitted"}
    assert page.context["rows"] == []
    assert cases[0].application.number not in page.content.decode() + taken.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["anonymous", "resident"])
def test_strangers_change_nothing(cases: list[Case], who: str) -> None:
    client = Client() if who == "anonymous" else world.browser(applications.resident())

    assert _post(client, "accept", *cases) in {302, 404}
    assert client.get(RESULT).status_code in {302, 404}
    assert {world.application_of(c).state for c in cases} == {"submitted"}


@pytest.mark.django_db
def test_only_what_the_core_system_refused_is_handed_over_again(cases: list[Case]) -> None:
    report = actions.hand_over_many(actor=world.officer(), case_ids=[c.id for c in cases])

    assert report.done == []
    assert len(report.left) == 3
    assert not any(c.hand_overs.exists() for c in cases)


@pytest.mark.django_db
def test_the_chosen_rows_leave_as_csv_with_the_reading_and_on_record(cases: list[Case]) -> None:
    client = world.browser(world.officer())

    sent = client.post("/staff/cases/batch/", {"do": "export", "case": [str(cases[1].id)]})
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))))

    assert [(r["受付番号"], r["フリガナ"]) for r in rows] == [(cases[1].application.number, "ヤマダ　ハナコ")]
    assert Entry.objects.filter(action="casework.export", facts__rows=1).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("form", [{}, {"do": "erase"}, {"do": "accept"}, {"do": "export"}])
def test_nothing_chosen_is_said(cases: list[Case], form: dict[str, str]) -> None:
    answer = world.browser(world.officer()).post("/staff/cases/batch/", form, follow=True)

    assert answer.redirect_chain
    assert "選んでください" in answer.content.decode()


@pytest.mark.django_db
def test_the_queue_shows_and_finds_the_reading(cases: list[Case]) -> None:
    client = world.browser(world.officer())

    page = client.get("/staff/cases/?q=やまだはなこ")

    assert page.context["page"].paginator.count == 3
    assert "ヤマダ　ハナコ" in page.content.decode()
    assert client.get("/staff/cases/?q=スズキ").context["page"].paginator.count == 0
