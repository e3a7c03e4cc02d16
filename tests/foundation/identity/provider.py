"""The real demo provider on a real port, and a person who walks its pages with plain forms."""

from __future__ import annotations

import html
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import uvicorn
from django.conf import settings

from souto.config import identity
from souto.foundation.identity import relying_party
from souto.foundation.identity.demo_provider.application import build
from souto.foundation.identity.demo_provider.config import Config

PEOPLE = Path(__file__).parents[3] / "cities" / "hachioji"


@contextmanager
def running(folder: Path) -> Iterator[dict[str, Any]]:
    """Serve the demo provider on a free port; yields the `IDENTITY` setting of a relying party beside it."""
    listener = socket.create_server(("127.0.0.1", 0))
    origin = f"http://localhost:{listener.getsockname()[1]}"
    config = Config(f"{origin}/api/realms/main", folder / "demo-idp", folder / "jpki", PEOPLE / "demo" / "people.yaml")
    app = build(config)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    made = identity.settings_of(demo=True, state=folder, base_url="http://testserver")
    base = f"{origin}/api/realms/main/protocol/openid-connect/"
    addresses = {f"{name}_url": base + end for name, end in ENDPOINTS.items()}
    try:
        yield {
            **made,
            **addresses,
            "issuer": config.issuer,
            "signing_url": f"{origin}/api/sign-transactions",
            "provider": app.state.provider,
        }
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


ENDPOINTS = {"authorization": "auth", "token": "token", "userinfo": "userinfo", "jwks": "certs"}


@contextmanager
def connected(changed: dict[str, Any]) -> Iterator[None]:
    """Let the application talk to the provider of `running`."""
    before = settings.IDENTITY
    settings.IDENTITY = changed
    relying_party.forget_client()
    try:
        yield
    finally:
        settings.IDENTITY = before
        relying_party.forget_client()


def choose_card(url: str, resident: str, *, answer: str = "yes", password: str = "") -> str:
    """Open the provider's page at `url`, choose a resident's card and send the form; returns where it leads."""
    with httpx.Client(follow_redirects=False) as browser:
        page = browser.get(url)
        if page.status_code == 303:
            return page.headers["location"]
        assert page.status_code == 200, page.text
        pending = re.search(r'name="request" value="([^"]+)"', page.text)
        assert pending is not None
        parts = urlsplit(url)
        form = {"request": html.unescape(pending[1]), "resident": resident, "answer": answer, "password": password}
        back = browser.post(f"{parts.scheme}://{parts.netloc}/card", data=form)
        assert back.status_code == 303, back.text
        return back.headers["location"]


def path_of(location: str) -> str:
    """Path and query of an address, for Django's test client."""
    parts = urlsplit(location)
    return f"{parts.path}?{parts.query}"


def query_of(location: str) -> dict[str, str]:
    """The query of an address."""
    return dict(parse_qsl(urlsplit(location).query))


def sign_in(client: Any, resident: str, *, next_path: str = "") -> Any:
    """Sign `client` (Django's test client) in as a test resident, through the provider's own pages."""
    begun = client.post("/sign-in/start", {"next": next_path})
    assert begun.status_code == 303, begun.content.decode()
    return client.get(path_of(choose_card(begun["Location"], resident)))


def words(answer: Any) -> str:
    """The text of a page without its marks for line breaks and its tags."""
    return html.unescape(re.sub(r"<wbr>|<[^>]*>|\u200b", "", answer.content.decode()))
