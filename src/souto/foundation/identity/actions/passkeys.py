"""Registering a passkey with an invitation, and signing in with it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from souto.foundation.audit.actions import Outcome, record
from souto.foundation.identity import passkeys
from souto.foundation.identity.actions.staff import token_hash
from souto.foundation.identity.models import Account, Passkey, StaffInvitation
from souto.foundation.identity.passkeys import PasskeyRefusedError
from souto.foundation.identity.queries import actor_for_staff
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StaffSignedIn:
    """Who signed in with a passkey."""

    account_id: UUID
    staff_id: UUID


@transaction.atomic
def register_passkey(*, actor: Actor, token: str, challenge: str, response: str, name: str) -> StaffSignedIn:
    """Take a new passkey over with an invitation, which is then used. `actor` is whoever opened the link (anonymous).

    Raises `NotFoundError` for a link that is unknown, used or too old, and `PasskeyRefusedError`.
    """
    invitation = StaffInvitation.objects.select_for_update().filter(token_hash=token_hash(token)).first()
    now = clock.real_now()
    if invitation is None or invitation.used_at is not None or invitation.expires_at <= now:
        raise NotFoundError
    made = passkeys.verify_registration(response, challenge=challenge)
    try:
        with transaction.atomic():
            passkey = Passkey.objects.create(
                staff=invitation.staff,
                credential_id=made.credential_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                name=name.strip()[:64] or "パスキー",
            )
    except IntegrityError:
        raise PasskeyRefusedError("credential id is taken") from None
    invitation.used_at = now
    invitation.save(update_fields=["used_at"])
    record(
        actor=actor_for_staff(invitation.staff),
        action="identity.register_passkey",
        subject=("identity.staff", invitation.staff_id),
        facts={"passkey": str(passkey.id), "invitation": str(invitation.id), "opened_by": actor.kind.value},
    )
    return StaffSignedIn(Account.objects.get(staff=invitation.staff).id, invitation.staff_id)


def sign_in_with_passkey(*, actor: Actor, challenge: str, response: str) -> StaffSignedIn:
    """Find the staff member whose passkey answered `challenge`. Raises `PasskeyRefusedError`; a refusal is put on record."""
    credential_id = passkeys.credential_id_of(response)
    try:
        return _sign_in(credential_id, challenge=challenge, response=response)
    except PasskeyRefusedError as refused:
        log.warning("passkey refused", rule=refused.reason)
        with transaction.atomic():
            known = Passkey.objects.filter(credential_id=credential_id).first()
            record(
                actor=actor,
                action="identity.sign_in_staff",
                subject=("identity.staff", known.staff_id) if known is not None else None,
                outcome=Outcome.REFUSED,
                facts={"rule": refused.reason},
            )
        raise


@transaction.atomic
def _sign_in(credential_id: bytes, *, challenge: str, response: str) -> StaffSignedIn:
    passkey = (
        Passkey.objects.select_for_update()
        .filter(credential_id=credential_id, ended_at__isnull=True, staff__is_active=True)
        .first()
    )
    if passkey is None:
        raise PasskeyRefusedError("unknown credential")
    passkey.sign_count = passkeys.verify_authentication(response, challenge=challenge, passkey=passkey)
    passkey.last_used_at = clock.real_now()
    passkey.save(update_fields=["sign_count", "last_used_at"])
    record(
        actor=actor_for_staff(passkey.staff),
        action="identity.sign_in_staff",
        subject=("identity.staff", passkey.staff_id),
        facts={"passkey": str(passkey.id)},
    )
    return StaffSignedIn(Account.objects.get(staff_id=passkey.staff_id).id, passkey.staff_id)
