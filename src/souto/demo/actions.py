"""What only the demo may do."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction

from souto.foundation.audit.actions import record
from souto.foundation.identity import queries
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError


@transaction.atomic
def sign_in_demo_staff(*, actor: Actor, number: str) -> UUID:
    """The account of a sample staff member (見本の職員), for a session without a passkey. `actor` is the visitor.

    Raises `NotFoundError` outside demo mode and for everybody who is not a sample.
    """
    account = queries.sample_staff_account(number) if settings.DEMO else None
    if account is None or account.staff is None:
        raise NotFoundError
    record(
        actor=actor,
        action="demo.sign_in_staff",
        subject=("identity.staff", account.staff.id),
        facts={"one_click": True},
    )
    return account.id
