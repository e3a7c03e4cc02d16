"""Production's defaults are the published addresses; each can be set; `souto check` finds what would stop a sign-in."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from souto.config import identity
from souto.foundation.identity.checks import check_settings
from souto.foundation.identity.relying_party import ClientKeyError, forget_client, load_client_key

STATE = Path("/nowhere/state")


def production():
    return identity.settings_of(demo=False, state=STATE, base_url="https://city.example.jp")


def test_production_talks_to_the_published_addresses():
    made = production()

    base = "https://auth-and-sign.go.jp"
    assert made["issuer"] == f"{base}/api/realms/main"
    assert made["authorization_url"] == f"{base}/api/realms/main/protocol/openid-connect/auth"
    assert made["token_url"] == f"{base}/api/realms/main/protocol/openid-connect/token"
    assert made["userinfo_url"] == f"{base}/api/realms/main/protocol/openid-connect/userinfo"
    assert made["jwks_url"] == f"{base}/api/realms/main/protocol/openid-connect/certs"
    assert made["signing_url"] == f"{base}/api/sign-transactions"
    assert made["demo_provider"] is made["jpki_demo"] is None
    assert made["register"] == made["end_session_url"] == ""


@pytest.mark.parametrize(
    ("variable", "key"),
    [
        ("SOUTO_IDENTITY_TOKEN_URL", "token_url"),
        ("SOUTO_IDENTITY_JWKS_URL", "jwks_url"),
        ("SOUTO_IDENTITY_SIGNING_URL", "signing_url"),
        ("SOUTO_IDENTITY_END_SESSION_URL", "end_session_url"),
    ],
)
def test_every_address_can_be_set(monkeypatch, variable, key):
    monkeypatch.setenv(variable, "https://other.example/x")

    assert production()[key] == "https://other.example/x"


def test_the_sandbox_needs_one_setting(monkeypatch):
    monkeypatch.setenv("SOUTO_IDENTITY_ISSUER", "https://sb-auth-and-sign.go.jp/api/realms/main")

    assert production()["token_url"].startswith("https://sb-auth-and-sign.go.jp/")
    assert identity.provider_origin(demo=False) == "https://sb-auth-and-sign.go.jp"


def test_fields_of_the_signing_api_can_be_renamed(monkeypatch):
    monkeypatch.setenv("SOUTO_IDENTITY_SIGNING_FIELDS", '{"digest": "hash_value"}')

    assert production()["signing_fields"]["digest"] == "hash_value"
    assert production()["signing_fields"]["signature"] == "signature"


def test_a_missing_key_is_found_by_the_check_and_never_made(settings, tmp_path):
    settings.IDENTITY = {**production(), "client_key": tmp_path / "none.pem"}
    forget_client()

    with pytest.raises(ClientKeyError):
        load_client_key()
    assert [message.id for message in check_settings()] == ["identity.E001"]
    assert list(tmp_path.iterdir()) == []


def test_a_key_of_another_kind_is_found_by_the_check(settings, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    path = tmp_path / "key.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    settings.IDENTITY = {**production(), "client_key": path}

    assert [message.id for message in check_settings()] == ["identity.E001"]
    settings.IDENTITY = {**production(), "client_key": path, "client_algorithm": "ES256"}
    assert [message.id for message in check_settings()] == ["identity.W001"]
    settings.IDENTITY = {**production(), "client_key": path, "client_algorithm": "HS256"}
    assert [message.id for message in check_settings()] == ["identity.E001"]


@pytest.mark.parametrize(
    ("changed", "identifier"),
    [
        ({"jpki_pins": ("sign",)}, "identity.E002"),
        ({"jpki_roots": [Path("/nowhere/root.pem")]}, "identity.E002"),
        ({"jpki_platform": Path("/nowhere/platform.json")}, "identity.E002"),
        ({"register": "no.such.Register"}, "identity.E003"),
    ],
)
def test_what_would_stop_a_signature_is_found(settings, tmp_path, changed, identifier):
    key = ec.generate_private_key(ec.SECP256R1())
    path = tmp_path / "key.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    settings.IDENTITY = {**production(), "client_key": path, "client_algorithm": "ES256", **changed}

    assert [message.id for message in check_settings()] == [identifier]
