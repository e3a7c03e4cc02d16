"""Signing in, for real: the provider's pages, the resident's own, and passkeys in a browser with a virtual authenticator."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import BrowserContext, Page, expect

from souto.demo.authenticator import SoftwareAuthenticator
from souto.foundation.identity import actions
from souto.foundation.identity.models import Person, ProfileReview, Signature
from souto.foundation.identity.oidc import CardItems
from souto.foundation.identity.queries import actor_for_person
from souto.foundation.identity.roles import Role
from souto.kernel.actor import Actor
from tests.foundation.identity import provider as demo
from tests.foundation.identity.people import enrol, make_staff
from tests.journeys.browser import DESKTOP, PHONE, assert_accessible, assert_fits, walk_by_keyboard

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Contexts = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def running(tmp_path_factory: Any) -> Iterator[dict[str, Any]]:
    with demo.running(tmp_path_factory.mktemp("provider")) as made:
        yield made


@pytest.fixture
def provider(running: dict[str, Any], live_server: Any, settings: Any) -> Iterator[str]:
    """The demo provider's origin; the site on `live_server` is connected to it."""
    origin = running["provider"].config.origin
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] = ["'self'", origin]
    settings.CONTENT_SECURITY_POLICY = policy
    settings.BASE_URL = live_server.url
    with demo.connected({**running, "redirect_base": live_server.url}):
        yield origin


def choose(page: Page, name: str, *, password: str = "", button: str = "同意してつぎへ") -> None:
    page.get_by_label(name, exact=True).check()
    if password:
        page.get_by_label("署名用パスワード").fill(password)
    page.get_by_role("button", name=button).click()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_resident_signs_in_on_a_phone(contexts: Contexts, provider: str, javascript: bool) -> None:
    page = contexts(javascript=javascript, origins=(provider,)).new_page()
    page.goto("/sign-in?next=/me")
    if javascript:
        assert_accessible(page)
        assert_fits(page)

    page.get_by_role("button", name="カードでサインインする").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("マイナンバーカードで本人確認をします")
    choose(page, "吉田　美咲")

    expect(page.get_by_role("heading", level=1)).to_have_text("あなたの情報")
    expect(page.get_by_text("𠮷田　美咲")).to_be_visible()
    expect(page.get_by_text("カードの表記：吉田　美咲")).to_be_visible()
    page.get_by_role("button", name="すべての端末でサインアウトする").click()
    page.goto("/me")
    assert "/sign-in" in page.url


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_pages_are_accessible_and_fit(contexts: Contexts, provider: str, width: int) -> None:
    page = contexts(width=width, origins=(provider,), expected_statuses={400, 422}).new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name="カードでサインインする").click()
    assert_accessible(page)
    assert_fits(page)
    choose(page, "長宗我部　寿限無五劫乃擦切海砂利水魚乃水行末雲来末風来末食寝処爾住処藪柑子長久命")

    for path in ("/me", "/me/email"):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
    page.get_by_label("メールアドレスを入力してください").fill("x")
    page.get_by_role("button", name="確認のメールを送る").click()
    assert_accessible(page)
    page.goto("/sign-in/callback?state=invented")
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("language", ["ja-easy", "en"])
def test_the_pages_speak_every_language(contexts: Contexts, provider: str, language: str) -> None:
    page = contexts(origins=(provider,)).new_page()
    page.goto(f"/sign-in?lang={language}")
    assert_accessible(page)
    assert_fits(page)
    page.locator("main button").click()
    choose(page, "NGUYEN THI NGOC LAN")

    assert page.url.endswith("/me")
    assert_accessible(page)
    assert_fits(page)


def test_everything_is_reached_by_keyboard(contexts: Contexts, provider: str) -> None:
    page = contexts(width=DESKTOP, origins=(provider,)).new_page()
    page.goto("/sign-in")
    assert "カードでサインインする" in walk_by_keyboard(page)
    page.get_by_role("button", name="カードでサインインする").click()
    walk_by_keyboard(page)
    choose(page, "山田　花子")

    assert "ことばを保存する" in walk_by_keyboard(page)


def test_a_document_is_signed_with_the_card(contexts: Contexts, provider: str) -> None:
    page = contexts(origins=(provider,)).new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name="カードでサインインする").click()
    choose(page, "山田　花子")
    actor = actor_for_person(Person.objects.get(), assurance=2)
    started = actions.start_signing(actor=actor, content=b"a document", return_to="/me")

    page.goto(started.redirect_url)
    assert_accessible(page)
    assert_fits(page)
    expect(page.get_by_label("山田　花子", exact=True)).to_be_checked()
    choose(page, "山田　花子", password="WRONG", button="署名する")
    expect(page.get_by_text("パスワードがちがいます")).to_be_visible()
    assert_accessible(page)
    choose(page, "山田　花子", password="hanako90", button="署名する")

    expect(page.get_by_role("heading", level=1)).to_have_text("あなたの情報")
    assert Signature.objects.get().ok


def test_staff_register_a_passkey_and_sign_in_with_it(contexts: Contexts, provider: str) -> None:
    staff = make_staff("A1", role=Role.ADMINISTRATOR, department="digital")
    invitation = actions.invite_staff(actor=Actor.system("test"), staff_id=staff.id)
    page = contexts(width=DESKTOP).new_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"/staff/passkey/{invitation.token}")
    assert_accessible(page)
    assert_fits(page)

    page.get_by_label("パスキーの名前").fill("庁内のパソコン")
    page.get_by_role("button", name="パスキーを作る").click()
    page.wait_for_url("**/staff/")
    page.goto("/staff/people")
    page.get_by_role("button", name="サインアウト").first.click()
    page.wait_for_url("**/staff/sign-in")
    assert_accessible(page)
    assert_fits(page)
    page.goto("/staff/sign-in?next=/staff/people")
    page.get_by_role("button", name="パスキーでサインインする").click()

    page.wait_for_url("**/staff/people")
    expect(page.get_by_role("heading", level=1)).to_have_text("職員と課")


def test_a_browser_without_a_passkey_says_what_to_do(contexts: Contexts, provider: str) -> None:
    page = contexts(width=DESKTOP).new_page()
    page.add_init_script("navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError'))")
    page.goto("/staff/sign-in")

    page.get_by_role("button", name="パスキーでサインインする").click()

    expect(page.locator("[data-passkey-message]")).to_contain_text("パスキーを確認できませんでした")
    assert page.url.endswith("/staff/sign-in")


def test_the_staff_pages_are_accessible_and_fit(contexts: Contexts, provider: str, client: Any) -> None:
    page = contexts(origins=(provider,)).new_page()
    for subject in ("old-card", "new-card"):
        actions.sign_in_with_claims(
            actor=Actor.anonymous(), issuer="https://idp.example", subject=subject, items=_hanako()
        )
    staff = make_staff("A1", role=Role.ADMINISTRATOR, department="digital")
    enrol(client, staff, SoftwareAuthenticator(django_settings.BASE_URL))
    session = client.cookies["souto_session"].value
    page.context.add_cookies([{"name": "souto_session", "value": session, "url": django_settings.BASE_URL}])

    for path in (
        "/staff/people",
        "/staff/people/new",
        f"/staff/people/{staff.id}",
        "/staff/departments/new",
        "/staff/reviews",
        f"/staff/reviews/{ProfileReview.objects.get().id}",
    ):
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        assert_accessible(page)
        assert_fits(page)
    page.goto(f"/staff/people/{staff.id}")
    page.get_by_role("button", name="パスキー登録用のリンクを作る").click()
    expect(page.locator("[data-invitation]")).to_contain_text("/staff/passkey/")
    assert_accessible(page)


def _hanako() -> CardItems:
    return CardItems("山田　花子", "東京都八王子市元横山町三丁目９９番９号", "1990-04-12", "2")
