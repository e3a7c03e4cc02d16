"""Invite a staff member to register a passkey, and print the link.

Makes the first administrator of a new installation; afterwards administrators invite people on the page 職員と課. A number that is
registered already only gets a new link. The link works once, within 24 hours, at the address of the staff face.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from souto.config.commands.base import database, load_django

if TYPE_CHECKING:
    from uuid import UUID

    from souto.kernel.actor import Actor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `souto invite`."""
    parser.add_argument("number", help="the staff number (職員番号)")
    parser.add_argument("name", help="the name, as colleagues read it")
    parser.add_argument("--role", default="administrator", help="role in the department (administrator)")
    parser.add_argument("--department", default="", help="code of a department in city.toml (the last one there)")


def run(arguments: argparse.Namespace) -> int:
    """Make what is missing and print the link."""
    with database():
        load_django()
        print(invite(arguments.number, arguments.name, role=arguments.role, department=arguments.department))
    return 0


def invite(number: str, name: str, *, role: str, department: str) -> str:
    """The link for the staff member `number`, who is made with `role` in `department` where she does not exist yet."""
    from django.conf import settings
    from django.db import transaction
    from django.urls import reverse

    from souto.foundation.identity import actions, queries
    from souto.kernel.actor import Actor

    actor = Actor.system("souto invite")
    with transaction.atomic():
        staff_id = queries.staff_id_of(number) or _make(actor, number, name, role, department)
        invitation = actions.invite_staff(actor=actor, staff_id=staff_id)
    return f"{settings.BASE_URL.rstrip('/')}{reverse('identity_staff:register', args=[invitation.token])}"


def _make(actor: Actor, number: str, name: str, role: str, department: str) -> UUID:
    from souto.config.commands.base import CommandError
    from souto.foundation.identity import actions
    from souto.foundation.identity.roles import Role
    from souto.foundation.ui.city import city
    from souto.kernel.language import say

    sections = {section.code: section for section in city().sections}
    code = department or next(reversed(sections), "")
    if code not in sections:
        raise CommandError(f"city.toml has no department {code!r}; it has {', '.join(sections) or 'none'}.")
    if role not in set(Role):
        raise CommandError(f"{role!r} is no role; roles are {', '.join(Role)}.")
    actions.create_department(
        actor=actor,
        code=code,
        name=say(sections[code].name, "ja"),
        name_en=sections[code].name.get("en", ""),
        name_easy=sections[code].name.get("ja-easy", ""),
    )
    staff = actions.create_staff(actor=actor, number=number, name=name)
    actions.add_membership(actor=actor, staff_id=staff.id, department_code=code, role=Role(role))
    return staff.id
