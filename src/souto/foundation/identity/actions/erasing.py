"""Giving up what identity keeps about a record that is disposed of."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import record
from souto.foundation.identity.models import Signature, SigningRequest
from souto.foundation.vault.erasure import Erasure
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError


@transaction.atomic
def erase_signatures(*, actor: Actor, signing_ids: Collection[UUID]) -> Erasure:
    """Name the keys of signatures and of their requests; what they sealed (envelope, certificate, signer) goes with the keys.

    For the system only, on behalf of the room whose record they covered.
    """
    if not actor.is_system:
        raise ForbiddenError
    keys = []
    for request in SigningRequest.objects.filter(pk__in=signing_ids):
        keys.append(request.key_id)
        keys += Signature.objects.filter(pk=request.pk).values_list("key_id", flat=True)
        record(actor=actor, action="identity.erase_signature", subject=("identity.signingrequest", request.pk))
    return Erasure(tuple(keys), counts={"signatures": len(signing_ids)} if signing_ids else {})
