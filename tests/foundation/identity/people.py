"""Staff for tests: made through the actions, signed in with a software authenticator."""

from __future__ import annotations

import html
import re

from souto.demo.authenticator import SoftwareAuthenticator
from souto.foundation.identity import actions
from souto.foundation.identity.models import Staff
from souto.foundation.identity.roles import Role
from souto.kernel.actor import Actor

SYSTEM = Actor.system("test")
ORIGIN = "http://localhost:8000"


def make_staff(number: str = "T1", *, role: Role = Role.OFFICER, department: str = "citizens") -> Staff:
    """A staff member with one role in one department."""
    actions.create_department(actor=SYSTEM, code=department, name={"citizens": "市民課"}.get(department, department))
    staff = actions.create_staff(actor=SYSTEM, number=number, name="佐藤　明")
    actions.add_membership(actor=SYSTEM, staff_id=staff.id, department_code=department, role=role)
    return staff


def options_of(page) -> str:
    """What a page asks the browser's authenticator."""
    found = re.search(r'data-options="([^"]+)"', page.content.decode())
    assert found is not None
    return html.unescape(found[1])


def enrol(client, staff: Staff, device: SoftwareAuthenticator | None = None) -> SoftwareAuthenticator:
    """Register a passkey with an invitation, as a person does; `client` is signed in afterwards."""
    device = device or SoftwareAuthenticator(ORIGIN)
    invitation = actions.invite_staff(actor=SYSTEM, staff_id=staff.id)
    path = f"/staff/passkey/{invitation.token}"
    answer = client.post(path, {"credential": device.create(options_of(client.get(path))), "name": "庁内のパソコン"})
    assert answer.status_code == 303, answer.content.decode()
    return device


def passkey_sign_in(client, device: SoftwareAuthenticator, **form: str):
    """Sign in with a passkey; returns the answer of the site."""
    options = options_of(client.get("/staff/sign-in"))
    return client.post("/staff/sign-in", {"credential": device.get(options), **form})
