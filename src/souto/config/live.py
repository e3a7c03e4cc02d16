"""Live pages: one LISTEN connection for a web process, and the streams that it feeds (`souto.foundation.ui.live`).

A stream is a task of the server's loop. It holds no thread and no database connection; the process holds one, which listens past PgBouncer. When PostgreSQL goes away it is
sought again, and then every page looks again, because what happened meanwhile was not heard.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import psycopg
import structlog
from django.db import connection

from souto.config import environment
from souto.foundation.ui.live import HEADER, look

CHANNEL = "souto_live"
#: Streams of a process, and of one person in it: a browser has six connections to a host, and pages need some.
STREAMS, STREAMS_EACH = 1000, 4
#: Seconds between signs of life; so long may a page that went away be thought to be there.
HEARTBEAT = 20.0
#: Seconds for which a stream lives. The browser then asks again, and the gate is passed anew.
LIFE = 600.0
#: Seconds between two events of a stream: what happens meanwhile is one event.
PAUSE = 0.5
#: Seconds until the database is sought again, doubled up to the last.
AGAIN = (0.5, 8.0)

_HEADER = HEADER.lower().encode()

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = structlog.get_logger(__name__)


def notify(topic: str) -> None:
    """Announce a topic through Django's own connection: it is heard when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, topic])


class Listener:
    """A page that listens: `topics` with the event that each is told as (empty: everything may have changed). `over` is done when the stream shall end."""

    def __init__(self, who: str, topics: Mapping[str, str]) -> None:
        self.who = who
        self.topics = topics
        self.changed = asyncio.Event()
        self._events: set[str] = set()
        self.over = asyncio.get_running_loop().create_future()

    def stir(self, event: str = "") -> None:
        """Note that something changed."""
        self._events.add(event)
        self.changed.set()

    def take(self) -> list[str]:
        """The events since the last time; where everything may have changed, only that."""
        told, self._events = self._events, set()
        self.changed.clear()
        return [""] if "" in told else sorted(told)

    def end(self) -> None:
        """Let the stream end."""
        if not self.over.done():
            self.over.set_result(None)

    async def wait(self, seconds: float) -> bool:
        """Wait until something changed; False when the stream is over or the time is up."""
        change = asyncio.ensure_future(self.changed.wait())
        try:
            await asyncio.wait({change, self.over}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            change.cancel()
        return self.changed.is_set() and not self.over.done()


class Hub:
    """Hears what the database announces and stirs the pages that listen."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._heard = False
        self._closed_in: asyncio.AbstractEventLoop | None = None

    @property
    def streams(self) -> int:
        """How many pages listen."""
        return len(self._listeners)

    def join(self, who: str, topics: Mapping[str, str]) -> Listener | None:
        """A listener; None where this process, or this person, has enough of them, or the process ends."""
        own = sum(listener.who == who for listener in self._listeners)
        if len(self._listeners) >= STREAMS or own >= STREAMS_EACH or self._closed_in is asyncio.get_running_loop():
            return None
        listener = Listener(who, topics)
        self._listeners.add(listener)
        if self._task is None or self._task.done():
            self._heard = False
            self._task = asyncio.create_task(self._listen(), name="live")
        elif self._heard:
            listener.stir()  # what changed between page and stream was not heard
        return listener

    def leave(self, listener: Listener) -> None:
        """Forget a listener."""
        self._listeners.discard(listener)

    async def close(self) -> None:
        """End every stream and the connection: the process is asked to end."""
        self._closed_in = asyncio.get_running_loop()
        for listener in self._listeners:
            listener.end()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _listen(self) -> None:
        pause = AGAIN[0]
        while True:
            try:
                async with await _connect() as connected:
                    await connected.execute(f"listen {CHANNEL}")
                    self._heard, pause = True, AGAIN[0]
                    self._stir(None)
                    while True:
                        async for heard in connected.notifies(timeout=HEARTBEAT):
                            self._stir(heard.payload)
                        async with asyncio.timeout(HEARTBEAT):  # a connection that is silently gone
                            await connected.execute("select 1")
            except (psycopg.Error, OSError, TimeoutError) as error:
                log.warning("live pages hear nothing; the database is sought again", error=type(error).__name__)
            self._heard = False
            await asyncio.sleep(pause)
            pause = min(2 * pause, AGAIN[1])

    def _stir(self, topic: str | None) -> None:
        """Let those who listen to a topic look again; all of them where it is None."""
        for listener in self._listeners:
            if topic is None:
                listener.stir()
            elif topic in listener.topics:
                listener.stir(listener.topics[topic])


async def _connect() -> psycopg.AsyncConnection[Any]:
    url = environment.DATABASE_DIRECT_URL.get() or environment.DATABASE_URL.get()
    return await psycopg.AsyncConnection.connect(
        url, autocommit=True, connect_timeout=5, application_name="souto live", keepalives_idle=30
    )


#: The one of this process.
hub = Hub()


class Live:
    """The layer around Django that keeps the streams which its views have granted."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        granted: list[Message] = []

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and _grant_of(message) and scope["method"] == "GET":
                granted.append(message)
            elif not granted:
                await send(_bare(message))

        await self._app(scope, receive, watched)
        if granted:  # Django's part of the request is over: its connection and its thread are free
            await _stream(granted[0], receive, send)


def _grant_of(start: Message) -> str:
    return next((value.decode() for name, value in start["headers"] if name.lower() == _HEADER), "")


def _bare(message: Message, *without: bytes) -> Message:
    """A message without what is ours."""
    if message["type"] != "http.response.start":
        return message
    kept = [(name, value) for name, value in message["headers"] if name.lower() not in {_HEADER, *without}]
    return {**message, "headers": kept}


async def _stream(start: Message, receive: Receive, send: Send) -> None:
    who, *topics = _grant_of(start).split()
    listener = hub.join(who, {topic: event for topic, _sign, event in (named.partition("=") for named in topics)})
    start = _bare(start, b"content-length")
    if listener is None:
        await send({**start, "status": 204})  # the browser does not ask again by itself
        await send({"type": "http.response.body", "body": b""})
        return
    watch = asyncio.create_task(_until_gone(receive, listener))
    life = asyncio.get_running_loop().call_later(LIFE, listener.end)
    try:
        await send(start)
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
        while not listener.over.done():
            if await listener.wait(HEARTBEAT):
                told = "".join(look(event) for event in listener.take())
                await send({"type": "http.response.body", "body": told.encode(), "more_body": True})
                await asyncio.wait({listener.over}, timeout=PAUSE)
            elif not listener.over.done():
                await send({"type": "http.response.body", "body": b":\n\n", "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        hub.leave(listener)
        life.cancel()
        watch.cancel()


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()
