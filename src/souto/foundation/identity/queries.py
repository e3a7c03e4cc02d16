"""Reads of persons and staff."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from souto.foundation.identity.models import Account, Department, Membership, Person, Staff
from souto.foundation.identity.roles import PERMISSIONS, Role
from souto.kernel import clock
from souto.kernel.actor import Actor, ActorKind


def actor_for_account(account: Account, *, assurance: int) -> Actor:
    """The actor that a session's account stands for; `assurance` is that of the credential used to sign in."""
    if account.person_id is not None:
        return Actor(kind=ActorKind.RESIDENT, id=account.person_id, assurance=assurance)
    assert account.staff is not None
    return actor_for_staff(account.staff)


def actor_for_staff(staff: Staff) -> Actor:
    """A staff member with the permissions and departments of the memberships that hold today."""
    today = clock.today()
    current = Membership.objects.filter(staff=staff, since__lte=today).filter(
        Q(until__isnull=True) | Q(until__gte=today)
    )
    permissions: set[str] = set()
    departments = set()
    for membership in current:
        permissions |= PERMISSIONS[Role(membership.role)]
        departments.add(membership.department_id)
    return Actor(
        kind=ActorKind.STAFF, id=staff.id, permissions=frozenset(permissions), departments=frozenset(departments)
    )


def actor_for_person(person: Person, *, assurance: int) -> Actor:
    """A resident who proved herself with `assurance`."""
    return Actor(kind=ActorKind.RESIDENT, id=person.id, assurance=assurance)


def get_department(code: str) -> Department:
    """The department of this code; raises `Department.DoesNotExist`."""
    return Department.objects.get(code=code)


def contact_email(person_id: UUID) -> str | None:
    """The e-mail address that the person gave and confirmed, if any."""
    person = Person.objects.filter(pk=person_id).first()
    return (person.contact.get("email") or None) if person else None
