from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "127.0.0.1"])
def test_an_ip_address_leads_to_localhost_with_path_and_query(client: Client, host: str) -> None:
    response = client.get("/procedures/?q=%E4%BD%8F%E6%B0%91", headers={"host": host})

    assert response.status_code == 302
    assert response.headers["Location"] == "http://localhost:8000/procedures/?q=%E4%BD%8F%E6%B0%91"


@pytest.mark.parametrize("path", ["/healthz", "//evil.example/healthz"])
def test_the_redirect_never_leaves_the_site(client: Client, path: str) -> None:
    response = client.get(path, headers={"host": "127.0.0.1:8000"})

    assert response.headers.get("Location", "http://localhost:8000/").startswith("http://localhost:8000/")


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "10.1.2.3", "web-3.internal"])
def test_monitors_may_ask_by_any_address(client: Client, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 200
    assert client.get("/no-such", headers={"host": "10.1.2.3"}).status_code == 400


def test_a_site_with_a_name_of_its_own_redirects_nobody(client: Client, settings) -> None:
    settings.BASE_URL = "https://souto.example.jp"
    client.handler.load_middleware()

    assert client.get("/healthz", headers={"host": "127.0.0.1"}).status_code == 200
    assert client.get("/no-such", headers={"host": "127.0.0.1"}).status_code == 404
