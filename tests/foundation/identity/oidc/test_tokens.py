"""Each rule of an ID token, broken once."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from souto.foundation.identity.oidc import (
    ClientKey,
    JwksCache,
    Provider,
    ProviderAnswerError,
    RelyingParty,
    TokenRefusedError,
    verify_id_token,
)
from souto.foundation.identity.oidc.tokens import at_hash, client_assertion

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ISSUER = "https://idp.example/api/realms/main"
ACCESS = "an-access-token"
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
STRANGER = ECKey.generate_key("P-256", {"kid": "ec"})
PARTY = RelyingParty(
    Provider(ISSUER, f"{ISSUER}/auth", f"{ISSUER}/token", f"{ISSUER}/userinfo", f"{ISSUER}/certs"),
    "RP1",
    ClientKey("RS256", RSA),
)


def keys(*more):
    return JwksCache(lambda: KeySet([EC, RSA, *more]).as_dict(private=False), now=lambda: NOW)


def claims(**changed):
    moment = int(NOW.timestamp())
    whole = {
        "iss": ISSUER,
        "sub": "pairwise-1",
        "aud": "RP1",
        "iat": moment,
        "exp": moment + 300,
        "nonce": "n-1",
        "at_hash": at_hash(ACCESS),
        "session_state": "anything",
        **changed,
    }
    return {name: value for name, value in whole.items() if value is not None}


def token(key=EC, alg="ES256", header=None, **changed):
    return jwt.encode({"alg": alg, "kid": key.kid, **(header or {})}, claims(**changed), key, algorithms=[alg])


def verify(text, **changed):
    given = {"party": PARTY, "keys": keys(), "nonce": "n-1", "access_token": ACCESS, "now": NOW, **changed}
    return verify_id_token(text, **given)


def b64(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def test_a_token_that_keeps_every_rule_is_taken():
    assert verify(token()).subject == "pairwise-1"
    assert verify(token(RSA, "RS256")).issuer == ISSUER
    assert verify(token(aud=["RP1", "other"], azp="RP1")).subject == "pairwise-1"


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("iss", {"iss": ISSUER + "/"}),
        ("iss", {"iss": "https://evil.example/api/realms/main"}),
        ("iss", {"iss": None}),
        ("aud", {"aud": "RP2"}),
        ("aud", {"aud": []}),
        ("aud", {"aud": None}),
        ("azp", {"aud": ["RP1", "RP2"]}),
        ("azp", {"azp": "RP2"}),
        ("exp", {"exp": int(NOW.timestamp()) - 61}),
        ("exp", {"exp": None}),
        ("exp", {"exp": "tomorrow"}),
        ("iat", {"iat": int(NOW.timestamp()) + 3600}),
        ("iat", {"iat": int(NOW.timestamp()) - 3600}),
        ("iat", {"iat": None}),
        ("nbf", {"nbf": int(NOW.timestamp()) + 3600}),
        ("nonce", {"nonce": "n-2"}),
        ("nonce", {"nonce": None}),
        ("at_hash", {"at_hash": at_hash("another")}),
        ("at_hash", {"at_hash": None}),
        ("sub", {"sub": ""}),
        ("sub", {"sub": 7}),
    ],
)
def test_a_broken_claim_is_refused_by_name(rule, changed):
    with pytest.raises(TokenRefusedError) as refused:
        verify(token(**changed))

    assert refused.value.reason == rule


def test_a_token_signed_by_a_stranger_under_a_known_kid_is_refused():
    with pytest.raises(TokenRefusedError, match=r".") as refused:
        verify(token(STRANGER))

    assert refused.value.reason == "signature"


def test_a_tampered_payload_is_refused():
    head, _, tail = token().split(".")

    with pytest.raises(TokenRefusedError) as refused:
        verify(f"{head}.{b64(claims(sub='somebody-else'))}.{tail}")

    assert refused.value.reason == "signature"


@pytest.mark.parametrize("alg", ["none", "None", "NONE"])
def test_an_unsigned_token_is_refused(alg):
    with pytest.raises(TokenRefusedError) as refused:
        verify(f"{b64({'alg': alg, 'kid': 'ec'})}.{b64(claims())}.")

    assert refused.value.reason == "alg"


def test_the_public_key_is_no_shared_secret():
    pem = RSA.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    secret = OctKey.import_key(base64.urlsafe_b64encode(hashlib.sha512(pem).digest()))
    forged = jwt.encode({"alg": "HS256", "kid": "rsa"}, claims(), secret, algorithms=["HS256"])

    with pytest.raises(TokenRefusedError) as refused:
        verify(forged)

    assert refused.value.reason == "alg"


def test_the_token_cannot_choose_another_kind_of_signature_for_a_key():
    head = {"alg": "RS256", "kid": "ec"}

    with pytest.raises(TokenRefusedError) as refused:
        verify(f"{b64(head)}.{b64(claims())}.AAAA")

    assert refused.value.reason == "alg_of_key"


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c.d", "\x00", "é.é.é", "x" * 20_000])
def test_what_is_no_token_is_refused(text):
    with pytest.raises(TokenRefusedError) as refused:
        verify(text)

    assert refused.value.reason == "form"


def test_an_accepted_acr_is_asked_for_where_it_is_configured():
    party = RelyingParty(PARTY.provider, "RP1", PARTY.key, acr_accepted=("aal3",))

    assert verify(token(acr="aal3"), party=party).acr == "aal3"
    with pytest.raises(TokenRefusedError) as refused:
        verify(token(acr="aal1"), party=party)
    assert refused.value.reason == "acr"


def test_an_unknown_key_is_fetched_once_and_not_again_within_a_minute():
    fetched = []
    clock = [NOW]
    published = [EC]

    def fetch():
        fetched.append(clock[0])
        return KeySet(list(published)).as_dict(private=False)

    cache = JwksCache(fetch, now=lambda: clock[0])
    cache.key("ec")
    clock[0] += timedelta(minutes=2)
    published.append(RSA)

    assert cache.key("rsa").kid == "rsa"
    for _ in range(3):
        with pytest.raises(TokenRefusedError):
            cache.key("invented")
    assert len(fetched) == 2


def test_a_shared_secret_among_the_published_keys_is_left_out():
    secret = OctKey.generate_key(256, {"kid": "oct"})
    cache = JwksCache(lambda: {"keys": [EC.as_dict(private=False), secret.as_dict()]}, now=lambda: NOW)

    with pytest.raises(TokenRefusedError):
        cache.key("oct")


def test_what_is_no_key_set_is_said_so():
    with pytest.raises(ProviderAnswerError):
        JwksCache(lambda: {"keys": "none"}, now=lambda: NOW).key("ec")


def test_our_assertion_names_us_the_token_endpoint_and_a_fresh_id():
    made = [jwt.decode(client_assertion(PARTY, now=NOW), RSA, algorithms=["RS256"]).claims for _ in range(2)]

    assert made[0]["iss"] == made[0]["sub"] == "RP1"
    assert made[0]["aud"] == f"{ISSUER}/token"
    assert made[0]["exp"] - made[0]["iat"] <= 300
    assert made[0]["jti"] != made[1]["jti"]
