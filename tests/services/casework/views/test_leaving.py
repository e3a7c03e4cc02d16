"""Somebody leaves the section or the city: the open cases are found, and given to others with a result for each."""

from __future__ import annotations

import pytest

from souto.foundation.identity import actions as identity
from souto.foundation.identity.models import Membership
from souto.kernel.actor import Actor
from souto.services.applications import actions as of_applications
from souto.services.casework import actions
from souto.services.casework.models import Case
from tests.services.applications import world as applications
from tests.services.casework import world

QUEUE, ASSIGN, RESULT = "/staff/cases/", "/staff/cases/assign/", "/staff/cases/batch/result/"
WARNED = "担当者が異動・退職した案件があります"


@pytest.fixture
def leaver(db: None) -> Actor:
    world.procedure()
    officer = world.officer()
    world.browser(officer)  # Who has signed in has an account.
    return officer


@pytest.fixture
def cases(leaver: Actor) -> list[Case]:
    """Two that are open, one that has ended, all of somebody who serves no more; the fourth is of somebody who stays."""
    found = [world.opened() for _ in range(4)]
    for case in found[:3]:
        actions.take(actor=leaver, case_id=case.id)
    actions.take(actor=world.officer(), case_id=found[3].id)
    _withdrawn(found[2])
    identity.deactivate_staff(actor=world.SYSTEM, staff_id=leaver.known_id)
    return found


def _withdrawn(case: Case) -> None:
    of_applications.withdraw(actor=world.officer(), application_id=case.application_id, reason="電話で申し出")


def test_the_open_cases_of_who_left_are_found_and_said(cases: list[Case]) -> None:
    chief = world.browser(world.chief())

    plain, listed = chief.get(QUEUE + "?state=open"), chief.get(QUEUE + "?who=left")

    assert WARNED in plain.content.decode()
    assert plain.context["choices"].left == 2
    assert {row.id for row in listed.context["rows"]} == {cases[0].id, cases[1].id}
    assert all(row.left for row in listed.context["rows"])
    assert [row.left for row in plain.context["rows"] if row.id == cases[3].id] == [False]


def test_who_only_moved_to_another_section_is_found_too(leaver: Actor) -> None:
    case = world.opened()
    actions.take(actor=leaver, case_id=case.id)
    for membership in Membership.objects.filter(staff_id=leaver.known_id):
        Membership.objects.filter(pk=membership.pk).update(department=applications.section("childcare"))

    assert [r.id for r in world.browser(world.chief()).get(QUEUE + "?who=left").context["rows"]] == [case.id]


def test_nobody_is_warned_who_could_do_nothing_about_it(cases: list[Case]) -> None:
    assert WARNED not in world.browser(world.officer()).get(QUEUE + "?state=open").content.decode()
    assert world.browser(world.chief("childcare")).get(QUEUE + "?who=left").context["rows"] == []


def test_they_are_given_to_another_with_a_result_for_each(cases: list[Case]) -> None:
    chief, heir = world.chief(), world.officer()
    browser = world.browser(chief)

    browser.post(ASSIGN, {"staff": str(heir.id), "case": [str(c.id) for c in cases[:3]], "here": "who=left"})
    page = browser.get(RESULT)

    assert [world.fresh(c).assignee_id for c in cases[:3]] == [heir.id, heir.id, world.fresh(cases[2]).assignee_id]
    assert world.fresh(cases[2]).assignee_id != heir.id
    assert {row.id: bool(reason) for row, reason in page.context["rows"]} == {
        cases[0].id: False, cases[1].id: False, cases[2].id: True,
    }  # fmt: skip
    assert "終わった案件の担当は変えられません" in page.content.decode()
    assert browser.get(QUEUE + "?who=left").context["rows"] == []
    assert WARNED not in browser.get(QUEUE + "?state=open").content.decode()


def test_an_officer_gives_none_of_them_away(cases: list[Case]) -> None:
    browser, heir = world.browser(world.officer()), world.officer()

    browser.post(ASSIGN, {"staff": str(heir.id), "case": [str(c.id) for c in cases[:2]]})

    assert all(reason for _row, reason in browser.get(RESULT).context["rows"])
    assert not Case.objects.filter(assignee_id=heir.id).exists()
