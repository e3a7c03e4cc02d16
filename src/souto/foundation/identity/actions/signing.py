"""Signing a document with the card (電子署名)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef

from souto.foundation.audit.actions import record
from souto.foundation.identity.events import DocumentSigned
from souto.foundation.identity.jpki import (
    UnreadableCertificateError,
    VerificationReport,
    build_cms,
    digest_to_sign,
    prepare_signed_attributes,
    verify_signature,
)
from souto.foundation.identity.models import Credential, Signature, SigningRequest
from souto.foundation.identity.oidc import OidcError, ProviderAnswerError, Secrets
from souto.foundation.identity.queries import profile_of
from souto.foundation.identity.seams import SignatureResult, signing_provider
from souto.foundation.identity.signing import judgement, trust
from souto.foundation.vault.keys import destroy_key, keyed_hash
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError, SoutoError

log = structlog.get_logger(__name__)
_ANSWER_WITHIN: Final = timedelta(minutes=20)


class SigningEndedError(SoutoError):
    """The answer belongs to no open request: it was taken before, or is too old."""

    message = "署名の画面を開いてから時間がたったか、すでに署名を受け付けています。申請の画面に戻って確認してください。"


class SigningCancelledError(SoutoError):
    """The resident stopped at the provider."""

    message = "署名を中止しました。続けるときは、もう一度署名してください。"


class OtherCardError(SoutoError):
    """The card that signed is not the one that signed in."""

    message = "サインインしたカードと別のカードで署名されました。同じカードでもう一度署名してください。"


@dataclass(frozen=True, slots=True)
class SigningStarted:
    """A request that waits for the resident: send her browser to `redirect_url`, ask for the signature by `id`."""

    id: UUID
    redirect_url: str


@dataclass(frozen=True, slots=True)
class SigningAnswer:
    """What became of an answer, and where the browser goes on; `error` is for the resident."""

    id: UUID
    return_to: str
    error: SoutoError | None = None


def start_signing(*, actor: Actor, content: bytes, return_to: str) -> SigningStarted:
    """Ask the resident to sign `content`; `return_to` is a path of this site. Raises `oidc.OidcError` when nobody answers.

    The card signs a digest of the CMS attributes, so these are made and kept now, together with the content.
    """
    if not actor.is_resident or actor.id is None:
        raise NotFoundError
    attributes = prepare_signed_attributes(content, signing_time=clock.real_now())
    ticket = signing_provider().start(digest_to_sign(attributes))
    with transaction.atomic():
        request = SigningRequest(
            person_id=actor.id,
            content_digest=hashlib.sha256(content).hexdigest(),
            state_hash=_state_hash(ticket.secrets.state),
            transaction_id=ticket.transaction_id,
            return_to=return_to,
        )
        request.secret = {
            **ticket.secrets.as_dict(),
            "content": base64.b64encode(content).decode(),
            "attributes": base64.b64encode(attributes).decode(),
        }
        request.save()
        record(actor=actor, action="identity.start_signing", subject=("identity.signing_request", request.id))
    return SigningStarted(request.id, ticket.redirect_url)


def finish_signing(*, actor: Actor, state: str, code: str, error: str) -> SigningAnswer:
    """Take the provider's answer, once: fetch the signature, verify it, keep it with its report.

    Raises `SigningEndedError` when there is nothing to answer and `HiddenError` for another person's request; other
    failures are in the answer, because the resident goes back to her document all the same.
    """
    request = _claim(actor=actor, state=state)
    if not code:
        cancelled = SigningCancelledError() if error == "access_denied" else OidcError(error[:64])
        return _failed(request, error[:64] or "no_code", cancelled)
    kept = request.secret
    secrets = Secrets(kept["state"], kept["nonce"], kept["verifier"])
    try:
        result = signing_provider().finish(request.transaction_id, code=code, secrets=secrets)
        _require_same_card(request, result)
        cms = _envelope(kept, result)
    except OidcError as refused:
        return _failed(request, refused.reason, refused)
    except OtherCardError as refused:
        return _failed(request, "other_card", refused)
    # A revocation service may be asked over the network, so this is no part of the transaction.
    _keep(actor=actor, request=request, cms=cms, report=_verify(kept, cms))
    return SigningAnswer(request.id, request.return_to)


@transaction.atomic
def forget_unsigned(*, actor: Actor, older_than: timedelta) -> int:
    """Erase requests that never became a signature, with the documents in them; returns how many."""
    signed = Signature.objects.filter(request=OuterRef("pk"))
    old = SigningRequest.objects.filter(~Exists(signed), started_at__lt=clock.real_now() - older_than)
    requests = list(old.select_for_update(skip_locked=True))
    for request in requests:
        request.delete()
        # The key goes once the row is gone for good: a rollback must not leave a row that nobody can open.
        transaction.on_commit(partial(destroy_key, request.key_id))
    record(actor=actor, action="identity.forget_unsigned", facts={"count": len(requests)})
    return len(requests)


@transaction.atomic
def _claim(*, actor: Actor, state: str) -> SigningRequest:
    request = SigningRequest.objects.select_for_update().filter(state_hash=_state_hash(state)).first()
    if request is None:
        raise SigningEndedError
    if not actor.is_resident or request.person_id != actor.id:
        raise HiddenError("identity.signing_request", request.id)
    if request.answered_at is not None or clock.real_now() - request.started_at > _ANSWER_WITHIN:
        raise SigningEndedError
    request.answered_at = clock.real_now()
    request.save(update_fields=["answered_at"])
    return request


def _failed(request: SigningRequest, reason: str, error: SoutoError) -> SigningAnswer:
    log.warning("signing failed", rule=reason)
    request.failure = reason
    request.save(update_fields=["failure"])
    return SigningAnswer(request.id, request.return_to, error)


def _require_same_card(request: SigningRequest, result: SignatureResult) -> None:
    known = Credential.objects.filter(
        person_id=request.person_id, issuer=result.issuer, subject=result.subject, ended_at__isnull=True
    )
    if not known.exists():
        raise OtherCardError


def _envelope(kept: dict[str, str], result: SignatureResult) -> bytes:
    if result.certificate_der is None:
        # Encrypted to a platform operator: such a city configures that operator as its signing provider.
        raise ProviderAnswerError("certificate_encrypted")
    attributes = base64.b64decode(kept["attributes"])
    try:
        return build_cms(attributes, signature=result.signature, certificate=result.certificate_der)
    except UnreadableCertificateError:
        raise ProviderAnswerError("certificate_unreadable") from None


def _verify(kept: dict[str, str], cms: bytes) -> VerificationReport:
    judged_by = trust.configured()
    return verify_signature(
        cms=cms,
        content=base64.b64decode(kept["content"]),
        trust=judged_by.roots,
        revocation=judged_by.revocation,
        at=clock.real_now(),
        policies=judged_by.policies,
        serial_key=keyed_hash("serial", purpose="jpki"),
    )


@transaction.atomic
def _keep(*, actor: Actor, request: SigningRequest, cms: bytes, report: VerificationReport) -> Signature:
    compared = judgement.agreements(report.person, profile_of(request.person_id))
    signature = Signature(
        request=request,
        person_id=request.person_id,
        content_digest=request.content_digest,
        state=judgement.state_of(report, compared),
    )
    signature.evidence = {
        "cms": base64.b64encode(cms).decode(),
        "report": report.as_dict(),
        "certificate": judgement.summary_of(report),
        "signer": judgement.signer_items(report.person),
        "agreements": compared,
    }
    signature.save()
    record(
        actor=actor,
        action="identity.sign",
        subject=("identity.signature", request.id),
        facts={
            "state": signature.state,
            "content_digest": signature.content_digest,
            "revocation": report.revocation.value,
        },
    )
    events.publish(DocumentSigned(request.id, request.person_id, signature.ok), actor=actor)
    return signature


def _state_hash(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()
