from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from souto.foundation.ui import preferences

pytestmark = pytest.mark.django_db


def test_the_language_of_the_address_is_kept_for_the_next_page() -> None:
    client = Client()

    first, second = client.get("/privacy/?lang=en"), client.get("/accessibility/")

    assert first["Content-Language"] == "en"
    assert '<html lang="en"' in second.content.decode()
    assert client.cookies["souto_language"]["httponly"]


def test_easy_japanese_is_japanese_to_a_screen_reader() -> None:
    response = Client().get("/privacy/?lang=ja-easy")

    assert response["Content-Language"] == "ja"
    assert '<html lang="ja" class="s-easy">' in response.content.decode()


def test_language_links_keep_the_place() -> None:
    page = Client().get("/privacy/?q=%E7%A8%8E&lang=en").content.decode()

    assert 'href="/privacy/?q=%E7%A8%8E&amp;lang=ja-easy"' in page


def test_a_language_that_does_not_exist_is_ignored() -> None:
    response = Client().get("/privacy/?lang=xx")

    assert response.status_code == 200
    assert response["Content-Language"] == "ja"


def test_the_text_size_is_kept_and_leads_back() -> None:
    client = Client()

    response = client.get("/text-size/?to=large&next=/privacy/?a=1")

    assert (response.status_code, response["Location"]) == (302, "/privacy/?a=1")
    assert 'class="s-text-large"' in client.get("/privacy/").content.decode()


@pytest.mark.parametrize(
    "place", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "", "privacy/"]
)
def test_no_preference_leads_to_another_site(place: str) -> None:
    response = Client().get("/text-size/", {"to": "large", "next": place})

    assert response["Location"] == "/"


def test_a_size_that_does_not_exist_changes_nothing() -> None:
    response = Client().get('/text-size/?to="><script>&next=/privacy/')

    assert preferences.TEXT_SIZE_COOKIE not in response.cookies


def test_a_cookie_from_elsewhere_cannot_write_into_the_page() -> None:
    request = RequestFactory().get("/", headers={"cookie": f'{preferences.TEXT_SIZE_COOKIE}=x" onload="'})

    assert preferences.html_class(request) == ""


def test_the_gallery_is_no_page_of_production() -> None:
    assert Client().get("/_ui/").status_code == 404
