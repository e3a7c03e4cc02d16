"""Scene 5: officers sign in with passkeys; the software authenticator stands for their finger, never a shortcut."""

from __future__ import annotations

import html
import re

from souto.demo.story.cast import Cast
from souto.demo.walking import Page, WalkError
from souto.foundation.identity import actions as identity
from souto.foundation.identity import queries as people
from souto.kernel.actor import Actor

OFFICER, COLLEAGUE, CHIEF = "D0001", "D0002", "D0003"
CHILDCARE, CASHIER, PLANNER, AUDITOR = "D0004", "D0008", "D0009", "D0010"
DISPATCHER, DRIVER = "D0012", "D0013"
EVERYBODY = (OFFICER, COLLEAGUE, CHIEF, CHILDCARE, CASHIER, PLANNER, DISPATCHER, DRIVER)


def register(cast: Cast) -> None:
    """Each follows a one-time invitation, registers a passkey and comes in; the invitation does not work twice."""
    for number in EVERYBODY:
        account = people.sample_staff_account(number)
        if account is None or account.staff is None:
            raise WalkError(f"the demo has no staff member {number}")
        invitation = identity.invite_staff(actor=Actor.system("demo.story"), staff_id=account.staff.id)
        visitor, address = cast.visitor(number), f"/staff/passkey/{invitation.token}"
        page = visitor.open(address)
        answer = cast.device(number).create(_options(page))
        visitor.send({"credential": answer, "name": "机のパソコン"}, having="credential")
        _in_office(visitor.open("/staff/"))
        if visitor.open(address).status != 404:
            raise WalkError("an invitation worked twice")


def sign_in(cast: Cast) -> None:
    """She signs out and in again with the passkey."""
    visitor = cast.visitor(OFFICER)
    visitor.open("/staff/")
    visitor.send(action="sign-out")
    if visitor.open("/staff/cases/").status == 200 and "/sign-in" not in visitor.open("/staff/cases/").path:
        raise WalkError("the queue opens without signing in")
    page = visitor.open("/staff/sign-in")
    visitor.send({"credential": cast.device(OFFICER).get(_options(page))}, having="credential")
    _in_office(visitor.open("/staff/"))


def _options(page: Page) -> str:
    """What the page asks the browser to do, as its script reads it."""
    found = re.search(r"data-options=(\"|')(.*?)\1", page.answer.text, re.DOTALL)
    if found is None:
        raise WalkError(f"{page.path} asks for no passkey: {page.text[:300]}")
    return html.unescape(found.group(2))


def _in_office(page: Page) -> None:
    if page.path != "/staff/" or page.status != 200:
        raise WalkError(f"the staff's home does not open: {page.path} {page.status}")
