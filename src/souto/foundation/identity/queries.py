"""Reads of persons and staff."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse

from souto.foundation.identity.models import (
    Account,
    Department,
    Identifier,
    Membership,
    Person,
    ProfileReview,
    Signature,
    Staff,
    StaffInvitation,
)
from souto.foundation.identity.profiles import Profile
from souto.foundation.identity.roles import LABELS, PERMISSIONS, Role
from souto.foundation.vault.keys import KeyDestroyedError
from souto.kernel import clock
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.errors import HiddenError, NotFoundError
from souto.kernel.text import search_key

#: The scheme of 宛名番号, the number under which the city's core systems know a resident.
REGISTER_NUMBER: Final = "jp.city.register-number"

#: Who looks at what no program may decide about a person.
REVIEW_PERMISSION: Final = "identity.manage"

_CONFIRMATION: Final = "identity.contact-confirmation"
CONFIRMATION_FOR: Final = timedelta(hours=24)


def actor_for_account(account: Account, *, assurance: int) -> Actor:
    """The actor that a session's account stands for; `assurance` is that of the credential used to sign in."""
    if account.person_id is not None:
        return Actor(kind=ActorKind.RESIDENT, id=account.person_id, assurance=assurance)
    assert account.staff is not None
    return actor_for_staff(account.staff)


def actor_for_staff(staff: Staff) -> Actor:
    """A staff member with the permissions and departments of the memberships that hold today."""
    permissions: set[str] = set()
    departments = set()
    for membership in current_memberships().filter(staff=staff):
        permissions |= PERMISSIONS[Role(membership.role)]
        departments.add(membership.department_id)
    return Actor(
        kind=ActorKind.STAFF, id=staff.id, permissions=frozenset(permissions), departments=frozenset(departments)
    )


def actor_for_person(person: Person, *, assurance: int) -> Actor:
    """A resident who proved herself with `assurance`."""
    return Actor(kind=ActorKind.RESIDENT, id=person.id, assurance=assurance)


def get_account(account_id: UUID) -> Account:
    """The account of a session that is about to be opened."""
    return Account.objects.select_related("person", "staff").get(pk=account_id)


# Residents


def profile_of(person_id: UUID) -> Profile:
    """What the city holds about a person; raises `NotFoundError`. The caller has passed a gate of its own."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None or person.is_erased:
        raise NotFoundError
    number = Identifier.objects.filter(person=person, scheme=REGISTER_NUMBER).first()
    return _profile(person, number.value if number is not None else "")


def person_display_name(person_id: UUID) -> str:
    """How a person is called on screen: the real characters of the name; "" when it is not known or was erased."""
    return display_names([person_id]).get(person_id, "")


def display_names(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The display names of several persons, for lists."""
    return {person.id: _display_name(person) for person in Person.objects.filter(pk__in=set(person_ids))}


def named(person_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Display name and reading (フリガナ, "" when not known) of several persons, for lists of staff."""
    return {person.id: _named(person) for person in Person.objects.filter(pk__in=set(person_ids))}


def _display_name(person: Person) -> str:
    return _named(person)[0]


def _named(person: Person) -> tuple[str, str]:
    try:
        profile = person.profile
    except KeyDestroyedError:
        return "", ""
    return profile.get("register", {}).get("name") or profile.get("name", ""), profile.get("name_kana", "")


def contact_email(person_id: UUID) -> str | None:
    """The e-mail address that the person gave and confirmed, if any."""
    person = Person.objects.filter(pk=person_id).first()
    return (person.contact.get("email") or None) if person else None


def my_profile(*, actor: Actor) -> Profile:
    """The resident's own data."""
    if not actor.is_resident or actor.id is None:
        raise NotFoundError
    return profile_of(actor.id)


def my_pending_email(*, actor: Actor) -> str:
    """The e-mail address that waits for the resident's confirmation, or ""."""
    person = Person.objects.filter(pk=actor.id).first() if actor.is_resident and actor.id else None
    pending: str = person.contact.get("pending", {}).get("email", "") if person is not None else ""
    return pending


def my_open_reviews(*, actor: Actor) -> int:
    """How many things about the resident wait for a member of staff."""
    if not actor.is_resident or actor.id is None:
        return 0
    return ProfileReview.objects.filter(person_id=actor.id, resolved_at__isnull=True).count()


def count_open_reviews() -> int:
    """How many things about residents wait for a member of staff."""
    return ProfileReview.objects.filter(resolved_at__isnull=True).count()


def contact_confirmation(person_id: UUID) -> tuple[str, str, str] | None:
    """(address, full link, language) of the confirmation that waits; None when there is none. For the room that sends it."""
    person = Person.objects.filter(pk=person_id).first()
    pending = person.contact.get("pending") if person is not None else None
    if person is None or not pending:
        return None
    token = signing.dumps([str(person.id), pending["id"]], salt=_CONFIRMATION, compress=False)
    link = f"{settings.BASE_URL.rstrip('/')}{reverse('identity:confirm_contact', args=[token])}"
    return pending["email"], link, person.language


def read_confirmation(token: str) -> tuple[UUID, str] | None:
    """The person and the id of a confirmation link, if we made it within the day."""
    try:
        person_id, pending_id = signing.loads(token, salt=_CONFIRMATION, max_age=CONFIRMATION_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return UUID(person_id), pending_id


def _profile(person: Person, number: str) -> Profile:
    profile: dict[str, Any] = person.profile
    contact: dict[str, Any] = person.contact
    register: dict[str, Any] = profile.get("register", {})
    return Profile(
        person_id=person.id,
        name=register.get("name") or profile.get("name", ""),
        name_kana=profile.get("name_kana", ""),
        alias=register.get("alias", ""),
        address=register.get("address") or profile.get("address", ""),
        postal_code=register.get("postal_code", ""),
        birth_date=profile.get("birth_date", ""),
        sex=profile.get("sex", ""),
        email=contact.get("email", ""),
        phone=contact.get("phone", ""),
        language=person.language,
        verified_at=person.profile_verified_at,
        card_name=profile.get("name", ""),
        card_address=profile.get("address", ""),
        name_substituted=profile.get("name_substituted", ""),
        address_substituted=profile.get("address_substituted", ""),
        register_number=number,
        is_demo=person.is_demo,
    )


# What waits for staff


def list_reviews(*, actor: Actor) -> list[ProfileReview]:
    """What waits for a member of staff, oldest first."""
    actor.require(REVIEW_PERMISSION)
    waiting = ProfileReview.objects.filter(resolved_at__isnull=True).order_by("raised_at")
    return list(waiting.select_related("person", "other_person", "credential"))


def access_review(*, actor: Actor, review_id: UUID) -> ProfileReview:
    """A review, for staff who manage identities; raises `NotFoundError` or `HiddenError`."""
    review = ProfileReview.objects.select_related("person", "other_person", "credential").filter(pk=review_id).first()
    if review is None:
        raise NotFoundError
    if not (actor.is_staff or actor.is_system) or not actor.may(REVIEW_PERMISSION):
        raise HiddenError("identity.profile_review", review_id)
    return review


# Signatures


def get_signature(*, actor: Actor, signing_id: UUID) -> Signature:
    """The signature of the caller's own request, once it came back; `NotFoundError` until then."""
    signature = Signature.objects.filter(pk=signing_id).first()
    if signature is None:
        raise NotFoundError
    if not actor.is_system and signature.person_id != actor.id:
        raise HiddenError("identity.signature", signing_id)
    return signature


def signature_by_id(signing_id: UUID) -> Signature | None:
    """A signature, for a room whose own gate has let the caller see the document that it covers."""
    return Signature.objects.filter(pk=signing_id).first()


# Staff


def current_memberships() -> Any:
    """The memberships that hold today."""
    today = clock.today()
    return Membership.objects.filter(since__lte=today).filter(Q(until__isnull=True) | Q(until__gte=today))


def get_department(code: str) -> Department:
    """The department of this code; raises `Department.DoesNotExist`."""
    return Department.objects.get(code=code)


def list_departments() -> list[Department]:
    """Every active department, in order."""
    return list(Department.objects.filter(is_active=True))


def departments_of(actor: Actor) -> list[Department]:
    """The departments in which a staff member serves, in order."""
    return list(Department.objects.filter(pk__in=actor.departments, is_active=True))


def list_staff(*, actor: Actor) -> list[Staff]:
    """Every staff member with memberships, for administrators."""
    actor.require("identity.manage")
    return list(Staff.objects.prefetch_related("memberships__department"))


def access_staff(*, actor: Actor, staff_id: UUID) -> Staff:
    """A staff member, for administrators; raises `NotFoundError` or `HiddenError`."""
    staff = Staff.objects.prefetch_related("memberships__department", "passkeys").filter(pk=staff_id).first()
    if staff is None:
        raise NotFoundError
    if not (actor.is_staff or actor.is_system) or not actor.may("identity.manage"):
        raise HiddenError("identity.staff", staff_id)
    return staff


def list_sample_staff() -> list[dict[str, Any]]:
    """The sample staff (見本の職員) of the demo: number, name, roles."""
    members = Staff.objects.filter(is_demo=True, is_active=True).prefetch_related("memberships__department")
    return [
        {
            "number": staff.number,
            "name": staff.name,
            "roles": [
                f"{m.department.name} {LABELS[Role(m.role)]}" for m in staff.memberships.all() if m.until is None
            ],
        }
        for staff in members
    ]


def sample_staff_account(number: str) -> Account | None:
    """The account of an active sample staff member."""
    found = Account.objects.select_related("staff").filter(is_active=True)
    return found.filter(staff__number=number, staff__is_demo=True, staff__is_active=True).first()


def invitation_staff(token_hash: bytes) -> Staff | None:
    """The staff member whom a link that still stands invites."""
    found = StaffInvitation.objects.filter(
        token_hash=token_hash, used_at__isnull=True, expires_at__gt=clock.real_now(), staff__is_active=True
    )
    invitation = found.select_related("staff").first()
    return invitation.staff if invitation is not None else None


def permissions_in(actor: Actor, department_id: UUID) -> frozenset[str]:
    """The permissions that a staff member holds in one department: a chief of one section is no chief of another."""
    roles = current_memberships().filter(staff_id=actor.id, department_id=department_id).values_list("role", flat=True)
    return frozenset(permission for role in roles for permission in PERMISSIONS[Role(role)])


def staff_id_of(number: str) -> UUID | None:
    """The id of the active staff member with this number, for rooms above that invite by number."""
    return Staff.objects.filter(number=number, is_active=True).values_list("id", flat=True).first()


def staff_name(staff_id: UUID) -> str:
    """The name of a staff member; "" when there is no such."""
    return Staff.objects.filter(pk=staff_id).values_list("name", flat=True).first() or ""


def staff_names(staff_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of several staff members, for lists."""
    return dict(Staff.objects.filter(pk__in=set(staff_ids)).values_list("id", "name"))


def staff_of_department(department_id: UUID) -> list[Staff]:
    """The active staff members who serve in a department today."""
    serving = current_memberships().filter(department_id=department_id).values("staff_id")
    return list(Staff.objects.filter(pk__in=serving, is_active=True))


class AuditPeople:
    """How the auditor's desk says who acted: staff by name; residents stay ids."""

    def names_of(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """Names of staff by id."""
        return staff_names(ids)

    def ids_named(self, words: str) -> set[UUID]:
        """Staff whose name, whatever its spacing, or number contains `words`; those who have left too."""
        wanted = search_key(words)
        known = Staff.objects.values_list("id", "name", "number")
        return {i for i, name, number in known if wanted and (wanted in search_key(name) or words.strip() == number)}
