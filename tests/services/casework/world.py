"""Cases for the tests of this room: made by the same actions that residents and officers use."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.test import Client

from souto.foundation.identity.models import Account
from souto.foundation.identity.roles import Role
from souto.kernel.actor import Actor
from souto.services.applications.models import Application
from souto.services.casework import actions
from souto.services.casework.models import Case, Proposal
from tests.services.applications import world

SYSTEM = world.SYSTEM


def procedure(**more: Any) -> None:
    """A procedure whose application is handed over to `juki` once it is approved."""
    world.publish(world.body(handover_at="approval", core_system="juki", **more))


def officer(department: str = world.SECTION) -> Actor:
    return world.staff(Role.OFFICER, department=department)


def chief(department: str = world.SECTION) -> Actor:
    return world.staff(Role.CHIEF, department=department)


def opened(resident: Actor | None = None) -> Case:
    """A case as it stands a moment after a resident has sent her application."""
    application = world.submitted(resident or world.resident())
    return case_of(application.id)


def case_of(application_id: UUID) -> Case:
    return Case.objects.select_related("application__version__procedure", "department").get(
        application_id=application_id
    )


def fresh(case: Case) -> Case:
    return case_of(case.application_id)


def application_of(case: Case) -> Application:
    return Application.objects.get(id=case.application_id)


def proposed(case: Case, by: Actor, outcome: str = "granted", reason: str = "要件を満たしています") -> Proposal:
    return actions.propose(actor=by, case_id=case.id, outcome=outcome, reason=reason)


def decided(case: Case, *, outcome: str = "granted") -> Case:
    """Proposed by one officer, settled by another person."""
    proposed(case, officer(), outcome)
    actions.approve(actor=chief(), case_id=case.id)
    return fresh(case)


def browser(actor: Actor) -> Client:
    """A signed-in browser."""
    client = Client()
    key = {"person_id": actor.id} if actor.is_resident else {"staff_id": actor.id}
    account, _ = Account.objects.get_or_create(**key)
    client.force_login(account, backend="souto.foundation.identity.backends.SessionBackend")
    session = client.session
    session["assurance"] = 2
    session.save()
    return client
