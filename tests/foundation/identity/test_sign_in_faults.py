"""What must not become a session, tried against the running provider."""

from __future__ import annotations

import httpx
import pytest
from django.test import Client

from souto.foundation.identity import relying_party
from souto.foundation.identity.models import Account, Person
from souto.foundation.identity.oidc import ProviderAnswerError, TokenRefusedError, begin
from tests.foundation.identity.provider import choose_card, path_of, query_of, sign_in, words

pytestmark = pytest.mark.django_db


def begin_and_choose(client, resident="hanako"):
    begun = client.post("/sign-in/start")
    return path_of(choose_card(begun["Location"], resident))


def refused(client, answer):
    assert answer.status_code in (400, 502)
    assert "_auth_user_id" not in client.session
    assert not Person.objects.exists()
    assert "もう一度サインインする" in words(answer)


def test_a_replayed_answer_opens_nothing(client, provider):
    back = begin_and_choose(client)
    client.get(back)
    client.post("/sign-out")

    answer = client.get(back)

    assert answer.status_code == 400
    assert "_auth_user_id" not in client.session


def test_an_answer_in_another_browser_opens_nothing(client, provider):
    back = begin_and_choose(client)
    other = Client()

    refused(other, other.get(back))


def test_an_answer_with_an_invented_state_opens_nothing(client, provider):
    back = begin_and_choose(client)
    state = query_of(back)["state"]

    refused(client, client.get(back.replace(state, "x" * 43)))


def test_the_code_of_another_sign_in_is_refused(client, provider):
    other = Client()
    stolen = query_of(begin_and_choose(other, "kenta"))["code"]
    back = begin_and_choose(client)

    refused(client, client.get(back.replace(query_of(back)["code"], stolen)))


def test_an_invented_code_is_refused(client, provider):
    back = begin_and_choose(client)

    refused(client, client.get(back.replace(query_of(back)["code"], "invented")))


def test_a_token_with_another_nonce_is_refused(provider):
    rp = relying_party.client()
    from souto.foundation.identity.oidc import Secrets, authorization_url

    uri = relying_party.redirect_uri("identity:callback")
    made = begin()
    code = query_of(choose_card(authorization_url(rp.party, made, redirect_uri=uri), "hanako"))["code"]

    with pytest.raises(TokenRefusedError) as why:
        rp.exchange(code, Secrets(made.state, "another-nonce", made.verifier), redirect_uri=uri)

    assert why.value.reason == "nonce"


def test_a_code_counts_once_and_a_second_use_takes_its_tokens_back(provider):
    from souto.foundation.identity.oidc import authorization_url

    rp = relying_party.client()
    uri = relying_party.redirect_uri("identity:callback")
    made = begin()
    code = query_of(choose_card(authorization_url(rp.party, made, redirect_uri=uri), "hanako"))["code"]
    tokens = rp.exchange(code, made, redirect_uri=uri)

    with pytest.raises(ProviderAnswerError) as why:
        rp.exchange(code, made, redirect_uri=uri)

    assert why.value.reason == "invalid_grant"
    with pytest.raises(ProviderAnswerError):
        rp.userinfo(tokens)


def test_userinfo_of_another_subject_is_refused(provider):
    from souto.foundation.identity.oidc import Client as Rp
    from souto.foundation.identity.oidc import authorization_url

    real = relying_party.client()
    uri = relying_party.redirect_uri("identity:callback")
    made = begin()
    code = query_of(choose_card(authorization_url(real.party, made, redirect_uri=uri), "hanako"))["code"]
    tokens = real.exchange(code, made, redirect_uri=uri)
    answers = httpx.MockTransport(lambda request: httpx.Response(200, json={"sub": "somebody", "name": "x"}))
    bent = Rp(real.party, transport=answers)

    with pytest.raises(TokenRefusedError) as why:
        bent.userinfo(tokens)

    assert why.value.reason == "userinfo_sub"
    bent.close()


def test_stopping_at_the_provider_comes_back_to_a_page_that_helps(client, provider):
    begun = client.post("/sign-in/start", {"next": "/procedures/"})
    back = path_of(choose_card(begun["Location"], "hanako", answer="no"))

    answer = client.get(back)

    refused(client, answer)
    assert "中止しました" in words(answer)
    assert 'value="/procedures/"' in answer.content.decode()


def test_a_provider_that_is_away_says_try_later_and_opens_nothing(client, provider, settings):
    back = begin_and_choose(client)
    relying_party.forget_client()
    settings.IDENTITY = {**settings.IDENTITY, "token_url": "http://127.0.0.1:9/token"}

    answer = client.get(back)

    refused(client, answer)
    assert "しばらくしてから" in words(answer)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "evil"]
)
def test_nobody_is_sent_to_another_site(client, provider, elsewhere):
    assert sign_in(client, "hanako", next_path=elsewhere)["Location"] == "/me"


def test_signing_out_ends_the_session(client, provider):
    sign_in(client, "hanako")

    client.post("/sign-out")

    assert client.get("/me").status_code == 302


def test_signing_out_everywhere_ends_other_browsers(client, provider):
    other = Client()
    sign_in(client, "hanako")
    sign_in(other, "hanako")
    assert other.get("/me").status_code == 200

    client.post("/me/sessions")

    assert other.get("/me").status_code == 302
    assert client.get("/me").status_code == 302


def test_too_many_starts_are_slowed_down(client, provider, settings):
    settings.IDENTITY = {**settings.IDENTITY, "sign_in_limit": (2, 300)}
    answers = [client.post("/sign-in/start") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert int(answers[2]["Retry-After"]) <= 300


def test_an_inactive_account_has_no_session(client, provider):
    sign_in(client, "hanako")
    Account.objects.update(is_active=False)

    assert client.get("/me").status_code == 302


def test_forms_without_a_token_of_ours_are_refused(provider):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/sign-in/start").status_code == 403
