"""Procedures in a real browser: found, read, checked, and every kind of field drawn, used by keyboard, at 320 px, without a script."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import expect

from souto.foundation.identity.roles import Role
from souto.kernel.actor import Actor
from souto.services.procedures import actions
from souto.services.procedures.models import InventoryItem, RefusedRow
from tests.journeys.browser import DESKTOP, PHONE, Visit, assert_accessible, assert_fits, walk_by_keyboard
from tests.services.procedures.definition import samples
from tests.services.procedures.helpers import desk, sample_yaml

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SYSTEM = Actor.system("test")
PAGES = [
    "/procedures/",
    "/procedures/?q=住民票",
    "/procedures/?q=ＸＹＺ",
    "/procedures/juminhyo/",
    "/procedures/juminhyo/check/?asked=registered",
    "/procedures/juminhyo/check/?registered=now&whose=self",
    "/procedures/juminhyo/check/?registered=never",
]
FIELDS = [
    "juminhyo/applicant",
    "juminhyo/whose",
    "juminhyo/members",
    "juminhyo/copies",
    "juminhyo/send_to",
    "juminhyo/send_proof",
    "juminhyo/contact",
    "jido-teate/reason",
    "jido-teate/children",
    "jido-teate/account",
    "jido-teate/consent",
    "road-damage/where",
]


@pytest.fixture(autouse=True)
def _city(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.journeys.procedure_urls"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}]
    for path in sorted((Path(django_settings.CITY_DIR) / "procedures").glob("*.yaml")):
        draft = actions.import_yaml(actor=SYSTEM, text=path.read_text(encoding="utf-8"))
        actions.publish(actor=SYSTEM, version_id=draft.id)


def keep(page: Any, name: str) -> None:
    """Keep a picture for a person to look at, where somebody asked for pictures."""
    folder = os.environ.get("SOUTO_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name.strip('/').replace('/', '_').replace('?', '_')[:60]}.png", full_page=True)


def test_pages_are_accessible_and_fit(visit: Visit) -> None:
    page = visit("/procedures/", width=PHONE)
    for path in PAGES:
        for width in (PHONE, DESKTOP):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(path)
            keep(page, f"{path}_{width}")
            assert_accessible(page)
            assert page.locator("h1").count() == 1
        assert_fits(page)


@pytest.mark.parametrize("language", ["ja-easy", "en"])
def test_a_procedure_reads_well_in_every_language(visit: Visit, language: str) -> None:
    page = visit(f"/procedures/jido-teate/?lang={language}")

    keep(page, f"jido-teate_{language}")
    assert_accessible(page)
    assert_fits(page)


def test_every_kind_of_field_is_accessible_and_fits_before_and_after_an_error(visit: Visit) -> None:
    page = visit("/procedures/", width=PHONE)
    for name in FIELDS:
        page.goto(f"/_fields/{name}/")
        keep(page, f"fields_{name}")
        assert_accessible(page)
        assert_fits(page)
        page.get_by_role("button", name="次へ").click()
        keep(page, f"fields_{name}_error")
        assert_accessible(page)
        for link in page.locator(".s-error-summary a").all():
            target = link.get_attribute("href") or ""
            assert page.locator(f"[id='{target.removeprefix('#')}']").count() == 1


def test_fields_are_reached_by_keyboard_with_a_visible_ring(visit: Visit) -> None:
    for name in ("juminhyo/send_to", "jido-teate/children", "road-damage/where"):
        reached = walk_by_keyboard(visit(f"/_fields/{name}/", width=DESKTOP))

        assert "次へ" in reached


def test_rows_come_and_go_without_a_script(visit: Visit) -> None:
    page = visit("/_fields/jido-teate/children/", javascript=False)
    page.locator('input[name$="/child_kana"]').fill("イチロウ")

    page.get_by_role("button", name="お子さんを追加する").click()

    assert page.locator("fieldset.s-repeat").count() == 2
    assert page.locator('input[name$="/child_kana"]').first.input_value() == "イチロウ"
    page.get_by_role("button", name="お子さん 1を消す").click()
    assert page.locator("fieldset.s-repeat").count() == 1
    assert page.locator('input[name$="/child_kana"]').input_value() == ""


def test_the_postal_code_completes_the_address(visit: Visit) -> None:
    page = visit("/_fields/juminhyo/send_to/")
    page.get_by_label("郵便番号").fill("192-0051")

    page.get_by_role("button", name="住所をさがす").click()
    expect(page.locator('[name="send_to.city"]')).not_to_have_value("")

    assert page.get_by_label("市区町村").input_value() == "八王子市"
    assert page.get_by_label("町名・番地").input_value() == "元本郷町"
    keep(page, "fields_address_filled")
    assert_accessible(page)


def test_the_place_comes_from_the_device_or_from_a_landmark_whichever_was_last(contexts: Any) -> None:
    here = {"latitude": 35.6664, "longitude": 139.3160}
    page = contexts(geolocation=here, permissions=["geolocation"]).new_page()
    page.goto("/_fields/road-damage/where/")
    lat, landmark = page.locator('[name="place.lat"]'), page.locator('[name="place.landmark"]')

    page.get_by_role("button", name="現在地を使う").click()
    expect(lat).not_to_have_value("")
    assert (lat.input_value(), landmark.input_value()) == ("35.666400", "")
    landmark.select_option("takao")

    assert (lat.input_value(), landmark.input_value()) == ("", "takao")


def test_a_place_outside_the_city_is_not_taken_from_the_device(contexts: Any) -> None:
    page = contexts(geolocation={"latitude": 34.69, "longitude": 135.5}, permissions=["geolocation"]).new_page()
    page.goto("/_fields/road-damage/where/")

    page.get_by_role("button", name="現在地を使う").click()
    expect(page.locator("[data-locate-state]")).to_have_text(re.compile("選べる範囲の外"))

    assert page.locator('[name="place.lat"]').input_value() == ""


def test_eligibility_is_walked_without_a_script(visit: Visit) -> None:
    page = visit("/procedures/juminhyo/", javascript=False)
    page.get_by_role("link", name="対象か確認する").click()
    page.get_by_role("radio", name="はい").check()
    page.get_by_role("button", name="次へ").click()
    page.get_by_role("radio", name="自分と同じ世帯の家族").check()
    page.get_by_role("button", name="次へ").click()

    assert "対象になりそうです" in page.locator("h1").inner_text().replace("\n", "")
    page.get_by_role("link", name="変更").first.click()
    assert page.get_by_role("radio", name="はい").is_checked()


def test_the_editors_desk_is_accessible_and_fits(contexts: Any, live_server: Any) -> None:
    rows = actions.read_csv((Path(django_settings.CITY_DIR) / "inventory.csv").read_bytes())
    bad = {"key": "寺", "name": "名前の長い手続" * 8, "legal_basis": "", "source": ""}
    actions.import_inventory(actor=SYSTEM, rows=[*rows, bad], source="inventory.csv")
    draft = actions.import_yaml(
        actor=SYSTEM, text=sample_yaml(pages=[samples.page("p", samples.field("text", condition={"answered": "x"}))])
    )
    context = contexts(width=DESKTOP)
    session = desk(Role.PROCEDURE_EDITOR).cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()

    for path in (
        "/staff/procedures/definitions/",
        "/staff/procedures/definitions/sample/",
        "/staff/procedures/definitions/juminhyo/",
        f"/staff/procedures/definitions/versions/{draft.id}/",
        "/staff/procedures/inventory/",
        f"/staff/procedures/inventory/{InventoryItem.objects.get(key='juminhyo_utsushi').id}/",
        f"/staff/procedures/inventory/rows/{RefusedRow.objects.get().id}/",
    ):
        page.goto(path)
        keep(page, path[:40])
        assert_accessible(page)
        assert page.locator("h1").count() == 1
        assert_fits(page)
