from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from souto.demo.authenticator import SoftwareAuthenticator
from souto.foundation.audit.models import Entry, Outcome
from souto.foundation.identity import actions
from souto.foundation.identity.models import Passkey, StaffInvitation
from souto.kernel import clock
from tests.foundation.identity.people import ORIGIN, SYSTEM, enrol, make_staff, options_of, passkey_sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make_staff()


@pytest.fixture
def device(client, staff):
    """A device with the staff member's passkey; the browser is signed out again."""
    made = enrol(client, staff)
    client.post("/staff/sign-out")
    return made


def refused(client, answer):
    assert answer.status_code == 422
    assert "_auth_user_id" not in client.session


def test_an_invitation_registers_a_passkey_and_signs_in(client, staff):
    enrol(client, staff)

    assert Passkey.objects.get().name == "庁内のパソコン"
    assert client.session["_auth_user_id"] == str(staff.account.id)
    assert Entry.objects.filter(action="identity.register_passkey", actor_id=staff.id).exists()


def test_a_passkey_signs_in(client, device, staff):
    answer = passkey_sign_in(client, device, next="/staff/cases/")

    assert (answer.status_code, answer["Location"]) == (303, "/staff/cases/")
    assert client.session["_auth_user_id"] == str(staff.account.id)
    assert Passkey.objects.get().sign_count == 1


def test_the_session_key_changes_at_sign_in(client, device):
    client.get("/staff/sign-in")
    before = client.session.session_key

    passkey_sign_in(client, device)

    assert client.session.session_key != before


def test_an_invitation_counts_once(client, staff):
    invitation = actions.invite_staff(actor=SYSTEM, staff_id=staff.id)
    path = f"/staff/passkey/{invitation.token}"
    first = SoftwareAuthenticator(ORIGIN)
    client.post(path, {"credential": first.create(options_of(client.get(path)))})

    again = client.post(path, {"credential": "{}"})

    assert again.status_code == client.get(path).status_code == 404
    assert Passkey.objects.count() == 1


def test_an_invitation_ends_after_a_day(client, staff):
    invitation = actions.invite_staff(actor=SYSTEM, staff_id=staff.id)
    StaffInvitation.objects.update(expires_at=clock.real_now() - timedelta(seconds=1))

    assert client.get(f"/staff/passkey/{invitation.token}").status_code == 404


def test_a_newer_invitation_ends_the_older_one(client, staff):
    older = actions.invite_staff(actor=SYSTEM, staff_id=staff.id)
    newer = actions.invite_staff(actor=SYSTEM, staff_id=staff.id)

    assert client.get(f"/staff/passkey/{older.token}").status_code == 404
    assert client.get(f"/staff/passkey/{newer.token}").status_code == 200


def test_the_token_is_not_kept(staff):
    invitation = actions.invite_staff(actor=SYSTEM, staff_id=staff.id)

    kept = StaffInvitation.objects.get()
    assert invitation.token.encode() not in bytes(kept.token_hash)
    assert not any(invitation.token in str(entry.facts) for entry in Entry.objects.all())


def test_an_answer_counts_once(client, device):
    options = options_of(client.get("/staff/sign-in"))
    answer = device.get(options)
    client.post("/staff/sign-in", {"credential": answer})
    client.post("/staff/sign-out")

    refused(client, client.post("/staff/sign-in", {"credential": answer}))


def test_an_answer_to_another_browser_is_refused(client, device):
    other = Client()
    answer = device.get(options_of(other.get("/staff/sign-in")))
    client.get("/staff/sign-in")

    refused(client, client.post("/staff/sign-in", {"credential": answer}))


def test_another_site_is_refused(client, device):
    device.origin = "https://evil.example"

    refused(client, passkey_sign_in(client, device))


def test_a_device_that_did_not_verify_its_user_is_refused(client, device):
    device.verifies_user = False

    refused(client, passkey_sign_in(client, device))


def test_a_counter_that_goes_back_is_refused_and_put_on_record(client, device, staff):
    passkey_sign_in(client, device)
    client.post("/staff/sign-out")
    device.credentials[0].count = 0

    refused(client, passkey_sign_in(client, device))
    entry = Entry.objects.get(action="identity.sign_in_staff", outcome=Outcome.REFUSED)
    assert entry.subject_id == staff.id


def test_the_key_of_somebody_else_is_refused(client, device):
    from cryptography.hazmat.primitives.asymmetric import ec

    device.credentials[0].key = ec.generate_private_key(ec.SECP256R1())

    refused(client, passkey_sign_in(client, device))


def test_a_passkey_that_names_another_person_is_refused(client, device):
    other = make_staff("T2")
    device.credentials[0].user_handle = other.id.bytes

    refused(client, passkey_sign_in(client, device))


def test_an_ended_passkey_is_refused(client, device):
    Passkey.objects.update(ended_at=clock.real_now())

    refused(client, passkey_sign_in(client, device))


def test_a_deactivated_staff_member_is_out_at_once(client, device, staff):
    passkey_sign_in(client, device)
    actions.deactivate_staff(actor=SYSTEM, staff_id=staff.id)

    assert client.get("/staff/people").status_code == 302
    fresh = Client()
    refused(fresh, passkey_sign_in(fresh, device))


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"rawId": 5}', '{"rawId": "AA", "response": {}}', "\x00"])
def test_what_is_no_answer_is_refused(client, device, text):
    client.get("/staff/sign-in")

    refused(client, client.post("/staff/sign-in", {"credential": text}))


def test_too_many_attempts_are_slowed_down(client, device, settings):
    settings.IDENTITY = {**settings.IDENTITY, "passkey_limit": (2, 300)}
    answers = [client.post("/staff/sign-in", {"credential": "{}"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 429]


def test_the_page_asks_for_a_verified_user_and_names_nobody(client):
    asked = json.loads(options_of(client.get("/staff/sign-in")))

    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "localhost"
    assert not asked.get("allowCredentials")
