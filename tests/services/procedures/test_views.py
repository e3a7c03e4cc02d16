"""The resident's pages over HTTP: finding, reading, checking eligibility, the address look-up."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from souto.kernel.actor import Actor
from souto.services.procedures import actions
from souto.services.procedures.models import ProcedureVersion
from tests.services.procedures.helpers import published, sample_yaml

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def _city() -> None:
    for path in sorted((Path(settings.CITY_DIR) / "procedures").glob("*.yaml")):
        draft = actions.import_yaml(actor=SYSTEM, text=path.read_text(encoding="utf-8"))
        actions.publish(actor=SYSTEM, version_id=draft.id)


def text(html: bytes) -> str:
    """The words of a page: tags and the marks between phrases gone."""
    return re.sub(r"\s+", " ", re.sub(r"<wbr>|\u200b", "", re.sub(r"<(?!wbr)[^>]+>", " ", html.decode())))


def get(client: Client, url: str, **query: str) -> tuple[int, str]:
    response = client.get(f"{url}?{urlencode(query)}")
    return response.status_code, text(response.content)


def test_a_search_leads_to_the_procedure(client: Client) -> None:
    response = client.get("/procedures/", {"q": "住民票"})

    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert (
        html.index("/procedures/juminhyo/") < html.index("/procedures/jido-teate/")
        if "/procedures/jido-teate/" in html
        else True
    )
    assert "/procedures/road-damage/" not in html.split("s-grid")[0]


def test_a_search_that_finds_nothing_says_whom_to_call(client: Client) -> None:
    status, words = get(client, "/procedures/", q="ＸＹＺ")

    assert status == 200
    assert "「ＸＹＺ」に合う手続きは見つかりませんでした" in words
    assert "042-626-3111" in words


def test_what_was_searched_is_escaped(client: Client) -> None:
    html = client.get("/procedures/", {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert" not in html


def test_a_life_event_lists_its_procedures(client: Client) -> None:
    html = client.get("/procedures/", {"category": "road"}).content.decode().split("s-grid")[0]

    assert "/procedures/road-damage/" in html
    assert "/procedures/juminhyo/" not in html


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "ja",
            [
                "住民票の写しの交付請求",
                "対象",
                "手数料",
                "必要なもの",
                "流れ",
                "よくある質問",
                "見本",
                "住民基本台帳法第12条",
            ],
        ),
        ("ja-easy", ["住民票の 写しを もらう", "見本"]),
        ("en", ["Request a copy of your residence record", "300 yen", "sample"]),
    ],
)
def test_the_page_answers_in_each_language(client: Client, language: str, words: list[str]) -> None:
    status, shown = get(client, "/procedures/juminhyo/", lang=language)

    assert status == 200
    for word in words:
        assert word in shown


def test_the_page_has_one_start_button_that_posts_to_applications(client: Client) -> None:
    html = client.get("/procedures/juminhyo/").content.decode()

    assert html.count('<form method="post" action="/applications/start/juminhyo/" id="start">') == 1
    assert html.count('form="start"') == 1
    assert html.count("<h1") == 1
    assert "tel:042-626-3111" in html


def test_drafts_superseded_and_unknown_procedures_are_not_found(client: Client) -> None:
    actions.import_yaml(actor=SYSTEM, text=sample_yaml(slug="in-work"))

    assert client.get("/procedures/in-work/").status_code == 404
    assert client.get("/procedures/in-work/check/").status_code == 404
    assert client.get("/procedures/nothing/").status_code == 404


def test_a_superseded_version_is_shown_to_nobody(client: Client) -> None:
    published(slug="changing", title="前の題")
    published(slug="changing", title="新しい題")

    shown = get(client, "/procedures/changing/")[1]

    assert "新しい題" in shown
    assert "前の題" not in shown
    assert ProcedureVersion.objects.filter(procedure__slug="changing", state="superseded").count() == 1


def test_eligibility_asks_one_question_a_page_without_a_script(client: Client) -> None:
    first = client.get("/procedures/juminhyo/check/").content.decode()
    second = client.get("/procedures/juminhyo/check/", {"registered": "now", "asked": "registered"}).content.decode()
    status, result = get(client, "/procedures/juminhyo/check/", registered="now", whose="self", asked="whose")

    assert "八王子市に" in text(first.encode())
    assert 'name="registered" value="now"' in second
    assert 'type="radio" name="whose"' in second
    assert status == 200
    assert "対象になりそうです" in result
    assert "決定ではありません" in result


def test_going_on_without_an_answer_says_what_to_do(client: Client) -> None:
    response = client.get("/procedures/juminhyo/check/", {"asked": "registered"})

    html = response.content.decode()
    assert "答えを一つ選んでください" in html
    assert 'href="#f-registered"' in html
    assert 'id="f-registered"' in html


def test_a_no_stands_at_once_and_offers_something_else(client: Client) -> None:
    result = get(client, "/procedures/juminhyo/check/", registered="never", asked="registered")[1]

    assert "対象にならないようです" in result
    assert "ほかにできること" in result
    assert "申請をはじめる" not in result


def test_an_answer_can_be_changed_from_the_result(client: Client) -> None:
    html = client.get("/procedures/juminhyo/check/", {"registered": "now", "whose": "self"}).content.decode()
    change = re.findall(r'href="(/procedures/juminhyo/check/\?[^"]*edit=registered)"', html)

    again = client.get(change[0].replace("&amp;", "&")).content.decode()

    assert 'value="now" id="f-registered" checked' in again
    assert '<input type="hidden" name="whose" value="self">' in again


def test_answers_that_are_no_options_are_asked_again(client: Client) -> None:
    html = client.get("/procedures/juminhyo/check/", {"registered": "<b>", "whose": "x"}).content.decode()

    assert 'type="radio" name="registered"' in html
    assert "&lt;b&gt;" not in html


def test_nothing_is_kept_of_the_eligibility_check(client: Client) -> None:
    client.get("/procedures/juminhyo/check/", {"registered": "now", "whose": "self"})

    assert not [name for name in client.cookies if "session" in name]


def look_up(client: Client, **more: str) -> str:
    return client.get("/procedures/_address/", {"name": "send_to", **more}).content.decode()


def test_a_postal_code_fills_in_the_address(client: Client) -> None:
    html = look_up(client, **{"send_to.postal_code": "１９２－００５１"})

    assert 'name="send_to.prefecture" value="東京都"' in html
    assert 'name="send_to.city" value="八王子市"' in html
    assert 'name="send_to.town" value="元本郷町"' in html
    assert 'role="status"' in html


def test_what_was_typed_is_never_overwritten(client: Client) -> None:
    html = look_up(client, **{"send_to.postal_code": "1920051", "send_to.town": "元本郷町三丁目24番1号"})

    assert 'value="元本郷町三丁目24番1号"' in html
    assert 'value="東京都"' in html


@pytest.mark.parametrize("code", ["", "123", "0000000", "abc"])
def test_a_code_without_an_address_says_what_to_do(client: Client, code: str) -> None:
    html = look_up(client, **{"send_to.postal_code": code, "send_to.city": "八王子市"})

    assert re.search(r'<p role="status">[^<]+</p>', html)
    assert 'value="八王子市"' in html


@pytest.mark.parametrize("name", ["", "a b", 'x", "y": "', "../x", "Send_To", "a/b/c"])
def test_a_look_up_for_no_field_is_not_found(client: Client, name: str) -> None:
    assert client.get("/procedures/_address/", {"name": name}).status_code == 404


def test_only_reading_is_possible(client: Client) -> None:
    for url in ("/procedures/", "/procedures/juminhyo/", "/procedures/juminhyo/check/", "/procedures/_address/"):
        assert client.post(url).status_code == 405
