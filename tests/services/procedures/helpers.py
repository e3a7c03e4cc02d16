"""Actors and procedures for the tests of this room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.test import Client

from souto.foundation.identity.models import Account, Department, Membership, Person, Staff
from souto.foundation.identity.queries import actor_for_staff
from souto.foundation.identity.roles import Role
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.ids import new_id
from souto.services.procedures import actions
from souto.services.procedures.definition import Definition, yaml_io
from souto.services.procedures.models import ProcedureVersion
from tests.services.procedures.definition.samples import body, field, page


def staff(*roles: Role, department: str = "citizens") -> Actor:
    """A staff member with these roles in a department."""
    section, _ = Department.objects.get_or_create(code=department, defaults={"name": department})
    member = Staff.objects.create(number=f"S{new_id().hex[-12:]}", name="佐藤 一郎")
    for role in roles:
        Membership.objects.create(staff=member, department=section, role=role)
    return actor_for_staff(member)


def editor() -> Actor:
    return staff(Role.PROCEDURE_EDITOR)


def resident(person_id: UUID | None = None) -> Actor:
    return Actor(kind=ActorKind.RESIDENT, id=person_id or new_id(), assurance=2)


def sample_yaml(**more: Any) -> str:
    """A small procedure as YAML; keywords replace parts of it."""
    pages = more.pop("pages", [page("reason", field("text", "reason", label="理由"))])
    return yaml_io.dump(Definition.from_body(body(*pages, **more)))


def published(actor: Actor | None = None, **more: Any) -> ProcedureVersion:
    """A published procedure."""
    who = actor or Actor.system("test")
    draft = actions.import_yaml(actor=who, text=sample_yaml(**more), is_demo=False)
    return actions.publish(actor=who, version_id=draft.id)


def desk(*roles: Role) -> Client:
    """The browser of a staff member with these roles."""
    return _signed_in(Account.objects.create(staff_id=staff(*roles).id))


def resident_client() -> Client:
    """The browser of a signed-in resident."""
    person = Person()
    person.profile, person.contact = {}, {}
    person.save()
    return _signed_in(Account.objects.create(person=person))


def _signed_in(account: Account) -> Client:
    client = Client(headers={"accept-language": "ja"})
    client.force_login(account)
    return client
