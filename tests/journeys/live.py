"""Journeys with live pages: the whole site on uvicorn, in this process and on the test's database, so that streams are kept as they are in a city."""

from __future__ import annotations

import asyncio
import contextlib
import mimetypes
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection

from souto.config import live
from souto.config.supervisor import listen


async def _static(path: str, send: Any) -> None:
    """A file as a proxy in front would serve it: WhiteNoise hands files to ASGI in a way that Django warns of."""
    found = finders.find(path.removeprefix(settings.STATIC_URL))
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    headers = [(b"content-type", kind.encode())]
    await send({"type": "http.response.start", "status": 200 if found else 404, "headers": headers})
    await send({"type": "http.response.body", "body": Path(str(found)).read_bytes() if found else b""})


async def _site(scope: Any, receive: Any, send: Any) -> None:
    from souto.config.asgi import application

    if scope["path"].startswith(settings.STATIC_URL):
        await _static(scope["path"], send)
    else:
        await application(scope, receive, send)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:  # it runs in a thread, which hears no signals
        yield

    async def shutdown(self, sockets: Any = None) -> None:
        await live.hub.close()
        await super().shutdown(sockets)


@pytest.fixture
def live_site(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a running site whose pages are live."""
    about = connection.settings_dict
    monkeypatch.setenv(
        "DATABASE_DIRECT_URL",
        f"postgresql://{about['USER']}:{about['PASSWORD']}@{about['HOST'] or '127.0.0.1'}:{about['PORT']}/{about['NAME']}",
    )
    listener = listen("127.0.0.1", 0)
    address = f"http://localhost:{listener.getsockname()[1]}"
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["*"])
    server = _Server(uvicorn.Config(_site, log_config=None, lifespan="off", ws="none"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    yield address
    server.should_exit = True
    thread.join()
