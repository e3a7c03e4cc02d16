"""Passkeys (WebAuthn) of staff: what the browser is asked, and what its answer must be. Nobody has a password.

The relying party id is the host of `SOUTO_BASE_URL`. User verification is required; the credential is discoverable, so the
sign-in page asks for no name; a counter that goes back means a copied key and is refused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from django.conf import settings
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from souto.foundation.identity.models import Passkey, Staff
from souto.foundation.ui.city import city
from souto.kernel.errors import SoutoError

_ALGORITHMS = [COSEAlgorithmIdentifier.ECDSA_SHA_256, COSEAlgorithmIdentifier.EDDSA]


class PasskeyRefusedError(SoutoError):
    """The answer of the browser is not what was asked for; `reason` is for the log."""

    message = "パスキーを確認できませんでした。もう一度お試しください。続くときは、所属の管理者に相談してください。"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__()


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A credential that a browser made for us."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def relying_party_id() -> str:
    """The host of the site."""
    return urlsplit(settings.BASE_URL).hostname or ""


def origin() -> str:
    """The origin of the site, as browsers write it."""
    parts = urlsplit(settings.BASE_URL)
    return f"{parts.scheme}://{parts.netloc}"


def registration_options(staff: Staff) -> tuple[str, str]:
    """What `navigator.credentials.create` is asked (JSON), and the challenge in it (base64url)."""
    known = Passkey.objects.filter(staff=staff, ended_at__isnull=True)
    options = webauthn.generate_registration_options(
        rp_id=relying_party_id(),
        rp_name=f"{city().name} 職員",
        user_id=staff.id.bytes,
        user_name=staff.number,
        user_display_name=staff.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(key.credential_id)) for key in known],
        supported_pub_key_algs=_ALGORITHMS,
    )
    return webauthn.options_to_json(options), bytes_to_base64url(options.challenge)


def authentication_options() -> tuple[str, str]:
    """What `navigator.credentials.get` is asked (JSON), and the challenge in it."""
    options = webauthn.generate_authentication_options(
        rp_id=relying_party_id(), user_verification=UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(options), bytes_to_base64url(options.challenge)


def verify_registration(response: str, *, challenge: str) -> NewPasskey:
    """Judge the answer to `registration_options`. Raises `PasskeyRefusedError`."""
    try:
        verified = webauthn.verify_registration_response(
            credential=_json(response),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=relying_party_id(),
            expected_origin=origin(),
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefusedError(type(error).__name__) from None
    return NewPasskey(verified.credential_id, verified.credential_public_key, verified.sign_count)


def credential_id_of(response: str) -> bytes:
    """The credential that an answer claims to be from. Raises `PasskeyRefusedError`."""
    try:
        return base64url_to_bytes(_json(response)["rawId"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PasskeyRefusedError("rawId") from None


def verify_authentication(response: str, *, challenge: str, passkey: Passkey) -> int:
    """Judge the answer to `authentication_options` with the passkey's key; returns its new counter.

    Raises `PasskeyRefusedError`.
    """
    credential = _json(response)
    try:
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=relying_party_id(),
            expected_origin=origin(),
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
        handle = UUID(bytes=base64url_to_bytes(credential["response"]["userHandle"]))
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefusedError(type(error).__name__) from None
    if handle != passkey.staff_id:
        raise PasskeyRefusedError("userHandle")
    return verified.new_sign_count


def _json(response: str) -> dict[str, Any]:
    try:
        read = json.loads(response)
    except ValueError:
        raise PasskeyRefusedError("json") from None
    if not isinstance(read, dict):
        raise PasskeyRefusedError("json")
    return read
