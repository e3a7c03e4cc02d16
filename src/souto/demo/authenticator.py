"""A software authenticator (認証器) for checks and tests: it answers WebAuthn's questions as a browser with a security key would.

It makes discoverable ES256 credentials with attestation "none", verifies its user, counts signatures up, and writes the
client data of the origin that it is told. The story check uses it, so that staff sign-in is walked and never skipped.
Source: W3C Web Authentication Level 3, 5.8.1 (client data), 6.1 (authenticator data), 6.5 (attestation); RFC 9053 (COSE keys).
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

_USER_PRESENT: Final = 0x01
_USER_VERIFIED: Final = 0x04
_HAS_CREDENTIAL: Final = 0x40
_ES256: Final = -7


@dataclass(slots=True)
class Credential:
    """A passkey that the authenticator holds."""

    id: bytes
    rp_id: str
    user_handle: bytes
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    count: int = 0


@dataclass(slots=True)
class SoftwareAuthenticator:
    """One device with its passkeys. `verifies_user` False imitates a device that did not ask for its owner's finger or PIN."""

    origin: str
    verifies_user: bool = True
    credentials: list[Credential] = field(default_factory=list)

    def create(self, options: str) -> str:
        """Answer `navigator.credentials.create` (options and answer as JSON)."""
        asked: dict[str, Any] = json.loads(options)
        if not any(parameters["alg"] == _ES256 for parameters in asked["pubKeyCredParams"]):
            raise ValueError("this authenticator signs with ES256 only")
        user_handle = base64url_to_bytes(asked["user"]["id"])
        made = Credential(
            secrets.token_bytes(32), asked["rp"]["id"], user_handle, ec.generate_private_key(ec.SECP256R1())
        )
        self.credentials.append(made)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(made, with_key=True)}
        response = {
            "clientDataJSON": bytes_to_base64url(self._client_data("webauthn.create", asked["challenge"])),
            "attestationObject": bytes_to_base64url(cbor2.dumps(attestation)),
            "transports": ["internal"],
        }
        return json.dumps(_answer(made, response))

    def get(self, options: str) -> str:
        """Answer `navigator.credentials.get` with the newest passkey for the asked site."""
        asked: dict[str, Any] = json.loads(options)
        used = next(held for held in reversed(self.credentials) if held.rp_id == asked["rpId"])
        used.count += 1
        data = self._data(used)
        client_data = self._client_data("webauthn.get", asked["challenge"])
        signature = used.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": bytes_to_base64url(client_data),
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(signature),
            "userHandle": bytes_to_base64url(used.user_handle),
        }
        return json.dumps(_answer(used, response))

    def _data(self, credential: Credential, *, with_key: bool = False) -> bytes:
        flags = _USER_PRESENT | (_USER_VERIFIED if self.verifies_user else 0) | (_HAS_CREDENTIAL if with_key else 0)
        head = hashlib.sha256(credential.rp_id.encode()).digest() + bytes([flags]) + struct.pack(">I", credential.count)
        if not with_key:
            return head
        numbers = credential.key.public_key().public_numbers()
        # COSE: kty EC2, alg ES256, crv P-256, x, y.
        key = {1: 2, 3: _ES256, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        return head + bytes(16) + struct.pack(">H", len(credential.id)) + credential.id + cbor2.dumps(key)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        data = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(data, separators=(",", ":")).encode()


def _answer(credential: Credential, response: Mapping[str, object]) -> dict[str, object]:
    name = bytes_to_base64url(credential.id)
    return {
        "id": name,
        "rawId": name,
        "type": "public-key",
        "response": response,
        "clientExtensionResults": {},
        "authenticatorAttachment": "platform",
    }
