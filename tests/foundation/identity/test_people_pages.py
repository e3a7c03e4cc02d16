"""The pages for staff and departments, as every kind of caller."""

from __future__ import annotations

import re

import pytest

from souto.foundation.audit.models import Entry
from souto.foundation.identity import queries
from souto.foundation.identity.models import Department, Membership, Staff, StaffInvitation
from souto.foundation.identity.roles import Role
from tests.foundation.identity.people import enrol, make_staff
from tests.foundation.identity.provider import sign_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def other():
    return make_staff("T9")


@pytest.fixture
def administrator(client):
    staff = make_staff("A1", role=Role.ADMINISTRATOR, department="digital")
    enrol(client, staff)
    return staff


def paths(staff):
    membership = staff.memberships.get()
    base = f"/staff/people/{staff.id}"
    return [
        ("get", "/staff/people"),
        ("get", "/staff/people/new"),
        ("post", "/staff/people/new"),
        ("get", base),
        ("post", f"{base}/roles"),
        ("post", f"{base}/roles/{membership.id}/end"),
        ("post", f"{base}/invite"),
        ("post", f"{base}/deactivate"),
        ("post", "/staff/departments/new"),
    ]


def counts():
    return (
        Staff.objects.filter(is_active=True).count(),
        Membership.objects.filter(until__isnull=True).count(),
        StaffInvitation.objects.filter(used_at__isnull=True).count(),
        Department.objects.count(),
    )


FORM = {
    "number": "X1", "name": "新人", "department": "citizens", "role": "chief", "code": "new-one",
}  # fmt: skip


def test_a_visitor_is_sent_to_the_staff_sign_in(client, other):
    before = counts()

    for method, path in paths(other):
        answer = getattr(client, method)(path, FORM if method == "post" else None)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/staff/sign-in")

    assert counts() == before


def test_a_resident_is_nobody_here(client, provider, other):
    sign_in(client, "hanako")
    before = counts()

    for method, path in paths(other):
        assert getattr(client, method)(path, FORM if method == "post" else None).status_code == 302

    assert counts() == before


def test_an_officer_is_refused_and_it_is_on_record(client, other):
    enrol(client, make_staff("T1"))
    before = counts()

    for method, path in paths(other):
        assert getattr(client, method)(path, FORM if method == "post" else None).status_code == 403

    assert counts() == before
    assert Entry.objects.filter(action="identity.refuse", outcome="refused").count() == len(paths(other))


def test_an_administrator_registers_a_person_and_gives_a_role(client, administrator, other):
    made = client.post("/staff/people/new", {"number": "X1", "name": "新人", "email": ""})
    staff = Staff.objects.get(number="X1")
    assert made["Location"] == f"/staff/people/{staff.id}"

    client.post(f"/staff/people/{staff.id}/roles", {"department": "citizens", "role": "chief"})

    assert queries.actor_for_staff(staff).may("casework.approve")
    assert "市民課" in words(client.get(f"/staff/people/{staff.id}"))
    membership = staff.memberships.get()
    client.post(f"/staff/people/{staff.id}/roles/{membership.id}/end")
    membership.refresh_from_db()
    assert membership.until is not None


def test_a_number_that_is_taken_is_said_beside_the_field(client, administrator, other):
    answer = client.post("/staff/people/new", {"number": "T9", "name": "新人"})

    assert answer.status_code == 422
    assert "この職員番号は、すでに登録されています" in words(answer)


def test_the_same_role_twice_is_refused(client, administrator, other):
    answer = client.post(f"/staff/people/{other.id}/roles", {"department": "citizens", "role": "officer"})

    assert answer.status_code == 422
    assert other.memberships.count() == 1


def test_an_invitation_is_shown_once(client, administrator, other):
    page = client.post(f"/staff/people/{other.id}/invite")

    link = re.search(r"http://localhost:8000(/staff/passkey/[^<\"]+)", page.content.decode())[1]
    assert client.get(link).status_code == 200
    assert "passkey/" not in client.get(f"/staff/people/{other.id}").content.decode()


def test_a_department_is_registered_and_brought_up_to_date(client, administrator):
    client.post("/staff/departments/new", {"code": "parks", "name": "公園課"})
    client.post("/staff/departments/new", {"code": "parks", "name": "公園緑地課"})

    assert Department.objects.get(code="parks").name == "公園緑地課"


def test_what_does_not_exist_is_404(client, administrator):
    assert client.get("/staff/people/01a20994-618b-7b84-8b3d-c4c58c4a1ba4").status_code == 404


def test_the_header_says_who_is_signed_in(client, administrator):
    assert "digital 佐藤　明" in words(client.get("/staff/people"))
