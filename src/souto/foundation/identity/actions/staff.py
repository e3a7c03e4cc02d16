"""Staff, departments (課) and memberships (所属)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import record
from souto.foundation.identity.events import MembershipChanged
from souto.foundation.identity.models import Account, Department, Membership, Passkey, Staff, StaffInvitation
from souto.foundation.identity.roles import Role
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError, SoutoError

PERMISSION: Final = "identity.manage"
INVITATION_FOR: Final = timedelta(hours=24)


class StaffNumberTakenError(SoutoError):
    """Another staff member has this number."""

    message = "この職員番号は、すでに登録されています"


class AlreadyMemberError(SoutoError):
    """The staff member holds this role in this department already."""

    message = "この職員は、すでにこの課でこの役割を持っています"


class MembershipDatesError(SoutoError):
    """The last day is before the first."""

    message = "終了日は、開始日より後の日付にしてください"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link to register a passkey: `token` is shown now and never again."""

    id: UUID
    staff_id: UUID
    expires_at: datetime
    token: str = field(repr=False)


@transaction.atomic
def create_department(
    *,
    actor: Actor,
    code: str,
    name: str,
    name_en: str = "",
    name_easy: str = "",
    phone: str = "",
    hours: str = "",
    place: str = "",
    order: int = 100,
) -> Department:
    """Create a department, or bring the one of this code up to date."""
    actor.require(PERMISSION)
    values = {
        "name": name,
        "name_en": name_en,
        "name_easy": name_easy,
        "phone": phone,
        "hours": hours,
        "place": place,
        "order": order,
    }
    department = Department.objects.select_for_update().filter(code=code).first()
    changed = [key for key, value in values.items() if getattr(department, key, None) != value]
    if department is not None and not changed:
        return department
    department = department or Department(code=code)
    for key, value in values.items():
        setattr(department, key, value)
    department.save()
    record(
        actor=actor,
        action="identity.create_department",
        subject=("identity.department", department.id),
        fields=changed,
        facts={"code": code},
    )
    return department


@transaction.atomic
def create_staff(*, actor: Actor, number: str, name: str, email: str = "", is_demo: bool = False) -> Staff:
    """Create a staff member with an account; nobody can sign in to it before a passkey is registered.

    Raises `StaffNumberTakenError`.
    """
    actor.require(PERMISSION)
    number, name = number.strip(), name.strip()
    if Staff.objects.filter(number=number).exists():
        raise StaffNumberTakenError(field="number")
    staff = Staff.objects.create(number=number, name=name, email=email.strip(), is_demo=is_demo)
    account = Account(staff=staff)
    account.set_unusable_password()
    account.save()
    record(actor=actor, action="identity.create_staff", subject=("identity.staff", staff.id))
    return staff


@transaction.atomic
def deactivate_staff(*, actor: Actor, staff_id: UUID) -> None:
    """End a staff member's service: memberships, passkeys and sessions end today."""
    actor.require(PERMISSION)
    staff = _staff(staff_id)
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    now = clock.real_now()
    for membership in Membership.objects.filter(staff=staff, until__isnull=True):
        _end(actor, membership, clock.today())
    Passkey.objects.filter(staff=staff, ended_at__isnull=True).update(ended_at=now)
    StaffInvitation.objects.filter(staff=staff, used_at__isnull=True).update(expires_at=now)
    account = Account.objects.get(staff=staff)
    account.set_unusable_password()
    account.is_active = False
    account.save(update_fields=["password", "is_active"])
    record(actor=actor, action="identity.deactivate_staff", subject=("identity.staff", staff.id))


@transaction.atomic
def add_membership(
    *, actor: Actor, staff_id: UUID, department_code: str, role: Role, since: date | None = None
) -> Membership:
    """Let a staff member serve in a department with a role, from `since` (today). Raises `AlreadyMemberError`."""
    actor.require(PERMISSION)
    staff = _staff(staff_id)
    department = Department.objects.filter(code=department_code, is_active=True).first()
    if department is None:
        raise NotFoundError
    if Membership.objects.filter(staff=staff, department=department, role=role, until__isnull=True).exists():
        raise AlreadyMemberError
    membership = Membership.objects.create(staff=staff, department=department, role=role, since=since or clock.today())
    record(
        actor=actor,
        action="identity.add_membership",
        subject=("identity.staff", staff.id),
        facts={"department": department.code, "role": role.value, "since": membership.since.isoformat()},
    )
    events.publish(MembershipChanged(membership.id, staff.id, department.id), actor=actor)
    return membership


@transaction.atomic
def end_membership(*, actor: Actor, membership_id: UUID, until: date | None = None) -> None:
    """End a membership; `until` (today) is its last day. Raises `MembershipDatesError`."""
    actor.require(PERMISSION)
    membership = Membership.objects.select_for_update().filter(pk=membership_id, until__isnull=True).first()
    if membership is None:
        raise NotFoundError
    _end(actor, membership, until or clock.today())


@transaction.atomic
def invite_staff(*, actor: Actor, staff_id: UUID) -> Invitation:
    """Make a link with which the staff member registers a passkey within a day; earlier links end."""
    actor.require(PERMISSION)
    staff = _staff(staff_id)
    now = clock.real_now()
    StaffInvitation.objects.filter(staff=staff, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    token = secrets.token_urlsafe(32)
    invitation = StaffInvitation.objects.create(
        staff=staff, token_hash=token_hash(token), invited_by=actor.id, expires_at=now + INVITATION_FOR
    )
    record(
        actor=actor,
        action="identity.invite_staff",
        subject=("identity.staff", staff.id),
        facts={"invitation": str(invitation.id)},
    )
    return Invitation(invitation.id, staff.id, invitation.expires_at, token)


def token_hash(token: str) -> bytes:
    """What is kept of an invitation's token."""
    return hashlib.sha256(f"invitation\n{token}".encode()).digest()


def _end(actor: Actor, membership: Membership, until: date) -> None:
    if until < membership.since:
        raise MembershipDatesError(field="until")
    membership.until = until
    membership.save(update_fields=["until"])
    record(
        actor=actor,
        action="identity.end_membership",
        subject=("identity.staff", membership.staff_id),
        facts={"membership": str(membership.id), "until": until.isoformat()},
    )
    events.publish(MembershipChanged(membership.id, membership.staff_id, membership.department_id), actor=actor)


def _staff(staff_id: UUID) -> Staff:
    staff = Staff.objects.select_for_update().filter(pk=staff_id, is_active=True).first()
    if staff is None:
        raise NotFoundError
    return staff
