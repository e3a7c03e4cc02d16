"""The demo provider refuses what the real one refuses: each rule of the protocol broken once, over HTTP."""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from souto.foundation.identity import relying_party
from souto.foundation.identity.demo_provider import registration
from souto.foundation.identity.demo_provider.config import Config, NotADemoError
from souto.foundation.identity.oidc import authorization_url, begin
from souto.foundation.identity.oidc.tokens import ASSERTION_TYPE, client_assertion
from souto.kernel import clock
from tests.foundation.identity.provider import choose_card, query_of

RSA = RSAKey.generate_key(2048)


@pytest.fixture
def party(provider):
    return relying_party.client().party


@pytest.fixture
def http(provider):
    with httpx.Client(follow_redirects=False) as client:
        yield client


def uri():
    return relying_party.redirect_uri("identity:callback")


def asked(party, **changed):
    made = begin()
    parameters = query_of(authorization_url(party, made, redirect_uri=uri())) | changed
    return {name: value for name, value in parameters.items() if value is not None}


def authorize(http, party, **changed):
    return http.get(f"{party.provider.authorization_endpoint}?{urlencode(asked(party, **changed))}")


def test_a_request_that_keeps_every_rule_shows_the_cards(http, party):
    page = authorize(http, party)

    assert page.status_code == 200
    assert "見本" in page.text
    assert "長宗我部" in page.text
    assert "script" not in page.text


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "unknown"},
        {"client_id": None},
        {"redirect_uri": "http://testserver/sign-in/callback/"},
        {"redirect_uri": "http://evil.example/sign-in/callback"},
        {"redirect_uri": None},
    ],
)
def test_a_stranger_is_not_even_sent_back(http, party, changed):
    answer = authorize(http, party, **changed)

    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("error", "changed"),
    [
        ("unsupported_response_type", {"response_type": "token"}),
        ("unsupported_response_type", {"response_type": None}),
        ("invalid_scope", {"scope": "name"}),
        ("invalid_scope", {"scope": "openid profile"}),
        ("invalid_scope", {"scope": None}),
        ("invalid_request", {"state": None}),
        ("invalid_request", {"state": "漢字"}),
        ("invalid_request", {"state": "x" * 256}),
        ("invalid_request", {"nonce": None}),
        ("invalid_request", {"nonce": "a\nb"}),
        ("invalid_request", {"code_challenge": None}),
        ("invalid_request", {"code_challenge": "short"}),
        ("invalid_request", {"code_challenge_method": "plain"}),
        ("invalid_request", {"code_challenge_method": None}),
        ("invalid_request", {"scope": "openid sign"}),
        ("invalid_request", {"sign_transaction_id": "65a04b4e-af8b-45a2-8713-5ec2631bab64"}),
        ("invalid_request", {"scope": "openid sign", "sign_transaction_id": "65a04b4e-af8b-45a2-8713-5ec2631bab64"}),
        ("invalid_request", {"request_uri": "http://evil.example"}),
    ],
)
def test_a_broken_rule_is_named_on_the_way_back(http, party, error, changed):
    answer = authorize(http, party, **changed)

    assert answer.status_code == 303
    assert query_of(answer.headers["location"])["error"] == error


def test_a_form_counts_once(http, party):
    page = authorize(http, party)
    name = page.text.split('name="request" value="')[1].split('"')[0]
    origin = party.provider.issuer.split("/api")[0]
    form = {"request": name, "resident": "hanako", "answer": "yes"}
    first = http.post(f"{origin}/card", data=form)

    assert first.status_code == 303
    assert http.post(f"{origin}/card", data=form).status_code == 400


def code_of(party, resident="hanako"):
    made = begin()
    back = query_of(choose_card(authorization_url(party, made, redirect_uri=uri()), resident))
    return back["code"], made


def exchange(http, party, code, made, /, **changed):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": uri(),
        "client_id": party.client_id,
        "code_verifier": made.verifier,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": client_assertion(party, now=clock.real_now()),
        **changed,
    }
    return http.post(party.provider.token_endpoint, data={k: v for k, v in form.items() if v is not None})


def test_the_answer_holds_what_the_standard_says(http, party, provider):
    code, made = code_of(party)

    answer = exchange(http, party, code, made).json()

    claims = jwt.decode(answer["id_token"], provider.key, algorithms=["ES256"]).claims
    assert claims["aud"] == party.client_id
    assert claims["nonce"] == made.nonce
    assert "name" not in claims
    assert claims["session_state"]
    assert answer["scope"].split() == list(party.scopes)


def assertion(party, key=None, alg="RS256", **changed):
    moment = int(clock.real_now().timestamp())
    claims = {
        "iss": party.client_id,
        "sub": party.client_id,
        "aud": party.provider.token_endpoint,
        "jti": secrets.token_urlsafe(24),
        "iat": moment,
        "exp": moment + 120,
        **changed,
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    used = key or party.key.key
    return jwt.encode({"alg": alg, "kid": used.kid}, claims, used, algorithms=[alg])


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "other"},
        {"sub": "other"},
        {"aud": "http://localhost/other"},
        {"aud": None},
        {"jti": None},
        {"jti": "short"},
        {"exp": 1},
        {"exp": None},
        {"exp": int((clock.real_now() + timedelta(hours=1)).timestamp())},
    ],
)
def test_an_assertion_that_breaks_a_rule_is_no_proof(http, party, changed):
    code, made = code_of(party)

    answer = exchange(http, party, code, made, client_assertion=assertion(party, **changed))

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_an_assertion_by_another_key_is_no_proof(http, party):
    code, made = code_of(party)
    RSA.ensure_kid()

    answer = exchange(http, party, code, made, client_assertion=assertion(party, RSA))

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "changed", [{"client_assertion": None}, {"client_assertion": "x.y.z"}, {"client_assertion_type": "jwt"}]
)
def test_without_an_assertion_there_is_no_token(http, party, changed):
    code, made = code_of(party)

    assert exchange(http, party, code, made, **changed).status_code == 401


def test_an_assertion_counts_once(http, party):
    proof = assertion(party)
    code, made = code_of(party)
    assert exchange(http, party, code, made, client_assertion=proof).status_code == 200
    code, made = code_of(party)

    answer = exchange(http, party, code, made, client_assertion=proof)

    assert answer.json()["error_description"] == "jti was used before"


@pytest.mark.parametrize(
    "changed",
    [
        {"code": "invented"},
        {"redirect_uri": "http://testserver/sign/callback"},
        {"code_verifier": "x" * 43},
        {"code_verifier": "short"},
        {"code_verifier": None},
    ],
)
def test_a_code_that_does_not_fit_gives_no_token(http, party, changed):
    code, made = code_of(party)

    answer = exchange(http, party, code, made, **changed)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_code_may_be_tried_once_only(http, party):
    code, made = code_of(party)
    exchange(http, party, code, made, code_verifier="x" * 43)

    assert exchange(http, party, code, made).json()["error"] == "invalid_grant"


def test_an_old_code_gives_no_token(http, party, provider):
    code, made = code_of(party)
    provider.store.code_times.take(code)

    assert exchange(http, party, code, made).json()["error_description"] == "code has expired"


def test_another_grant_is_not_supported(http, party):
    code, made = code_of(party)

    assert exchange(http, party, code, made, grant_type="password").json()["error"] == "unsupported_grant_type"


def test_our_own_token_is_for_signing_only(http, party):
    code, made = code_of(party)

    assert exchange(http, party, code, made, grant_type="client_credentials").json()["error"] == "invalid_scope"


def test_a_subject_is_pairwise(provider):
    resident = provider.people["hanako"]

    one = provider.subject("https://a.example/callback", resident)
    other = provider.subject("https://b.example/callback", resident)
    assert one != other
    assert "hanako" not in one
    assert one == provider.subject("https://a.example/other", resident)


@pytest.mark.parametrize("bearer", ["", "Bearer invented", "Basic abc"])
def test_userinfo_needs_a_token(http, party, bearer):
    answer = http.get(party.provider.userinfo_endpoint, headers={"Authorization": bearer} if bearer else {})

    assert answer.status_code == 401


def test_userinfo_gives_what_was_agreed_to(http, party):
    made = begin()
    url = f"{party.provider.authorization_endpoint}?" + urlencode(
        query_of(authorization_url(party, made, redirect_uri=uri())) | {"scope": "openid birthdate"}
    )
    code = query_of(choose_card(url, "hanako"))["code"]
    token = exchange(http, party, code, made).json()["access_token"]

    claims = http.get(party.provider.userinfo_endpoint, headers={"Authorization": f"Bearer {token}"}).json()

    assert set(claims) == {"sub", "birthdate"}


def test_a_residents_token_opens_no_transaction(http, party, provider):
    code, made = code_of(party)
    token = exchange(http, party, code, made).json()["access_token"]
    body = {"digest": base64.b64encode(bytes(32)).decode(), "digest_algorithm": "SHA256"}

    answer = http.post(
        f"{provider.config.origin}/api/sign-transactions", json=body, headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("body", [{}, [], {"digest": "AAAA", "digest_algorithm": "SHA256"}, {"digest": "AAAA"}])
def test_a_transaction_is_over_a_digest(http, party, provider, body):
    token = relying_party.client().service_token()

    answer = http.post(
        f"{provider.config.origin}/api/sign-transactions", json=body, headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 400


def test_production_cannot_start_it(settings):
    settings.IDENTITY = {**settings.IDENTITY, "demo_provider": None}

    with pytest.raises(NotADemoError):
        Config.from_settings()


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "with-hyphen"},
        {"redirect_uris": []},
        {"redirect_uris": ["https://a.example/1", "https://b.example/1"]},
        {"redirect_uris": ["https://a.example/" + "x" * 255]},
        {"algorithm": "HS256"},
        {"jwks": {"keys": [RSA.as_dict(private=True)]}},
    ],
)
def test_what_cannot_be_registered(tmp_path, changed):
    given = {
        "client_id": "RP1",
        "name": "市",
        "redirect_uris": ["https://a.example/1"],
        "algorithm": "RS256",
        "jwks": {"keys": [RSA.as_dict(private=False)]},
        **changed,
    }

    with pytest.raises(registration.RegistrationError):
        registration.register(tmp_path, **given)
