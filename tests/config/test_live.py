"""Live pages: what a stream says and holds, and what becomes of it when the database or the process ends."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from django.db import connection, transaction
from django.http import HttpRequest
from django.test import RequestFactory

from souto.config.live import CHANNEL, STREAMS_EACH, Listener
from souto.config.postgres import EmbeddedPostgres
from souto.config.postgres.server import free_port
from souto.foundation.ui import live as ui
from souto.kernel import live
from souto.kernel.actor import Actor
from tests.config.live_site import TOPIC
from tests.config.test_faults import environment, postgres, souto, state, until_answer

__all__ = ["postgres", "state"]

OTHER = "test.thing:0190f0a0-0000-7000-8000-000000000002"


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_never_heard() -> None:
    about = connection.get_connection_params()
    where = {name: about[name] for name in ("host", "port", "user", "password", "dbname") if name in about}
    with psycopg.connect(**where, autocommit=True) as ear:
        ear.execute(f"listen {CHANNEL}")
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            live.announce(TOPIC)
            raise ZeroDivisionError
        with transaction.atomic():
            live.announce(OTHER)
        assert [heard.payload for heard in ear.notifies(timeout=20, stop_after=1)] == [OTHER]


@pytest.mark.parametrize(
    "topic", ["", "transit.day", "transit.day:1", "transit.day:x; notify", f"{TOPIC} {OTHER}", f"{TOPIC}\n"]
)
def test_a_topic_is_a_name_and_an_id(topic: str) -> None:
    with pytest.raises(live.TopicError):
        live.announce(topic)
    with pytest.raises(live.TopicError):
        ui.grant(_asked(), topic)


def test_a_server_that_keeps_no_stream_lets_the_page_look_now_and_then() -> None:
    answer = ui.grant(_asked(), TOPIC)
    assert answer.content.decode() == f"retry: {ui.EVERY}000\n{ui.LOOK}"
    assert answer.headers["Content-Type"] == "text/event-stream"


def test_a_topic_may_have_an_event_of_its_own() -> None:
    granted = ui.grant(_asked(), TOPIC, moved=OTHER).headers[ui.HEADER]
    assert granted.split()[1:] == [TOPIC, f"{OTHER}=moved"]
    with pytest.raises(live.TopicError):
        ui.grant(_asked(), moved="nonsense")
    assert ui.look() == "data: look\n\n"
    assert ui.look("moved") == "event: moved\ndata: look\n\n"


def test_where_everything_may_have_changed_nothing_else_is_told() -> None:
    async def told() -> list[list[str]]:
        page = Listener("x", {TOPIC: "", OTHER: "moved"})
        page.stir("moved")
        page.stir("moved")
        first, nothing = page.take(), page.take()
        page.stir("moved")
        page.stir()
        return [first, nothing, page.take()]

    assert asyncio.run(told()) == [["moved"], [], [""]]


def _asked() -> HttpRequest:
    request = RequestFactory().get("/")
    request.actor = Actor.anonymous()  # type: ignore[attr-defined]
    return request


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, EmbeddedPostgres, subprocess.Popen[bytes]]]:
    """A running web process with a database of its own; the last test ends it."""
    with tempfile.TemporaryDirectory(prefix="souto-live-") as folder:
        Path(folder).chmod(0o711)
        server = EmbeddedPostgres(Path(folder))
        port = free_port()
        site = f"http://localhost:{port}"
        try:
            env = environment(Path(folder), DATABASE_URL=server.start(), SOUTO_BASE_URL=site)
            with souto("serve", "--port", str(port), "--app", "tests.config.live_site:application", env=env) as process:
                until_answer(f"{site}/pid", 200)
                yield site, server, process
        finally:
            server.remove()


def looks(lines: Iterator[str]) -> None:
    """Read on to the next event."""
    for line in lines:
        if line == ui.LOOK.strip():
            return
    raise AssertionError("the stream has ended")


@contextlib.contextmanager
def heard(site: str, who: str = "x") -> Iterator[tuple[httpx.Response, Iterator[str]]]:
    """An open stream."""
    with httpx.stream("GET", f"{site}/hear?who={who}", timeout=60) as answer:
        yield answer, answer.iter_lines()


Served = tuple[str, EmbeddedPostgres, "subprocess.Popen[bytes]"]


@pytest.mark.fault
def test_a_stream_begins_with_a_look_and_says_each_change(served: Served) -> None:
    site, _, _ = served
    with heard(site) as (answer, lines):
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert "default-src" in answer.headers["Content-Security-Policy"]
        assert ui.HEADER not in answer.headers
        assert "Content-Length" not in answer.headers
        looks(lines)
        for _ in range(3):
            httpx.get(f"{site}/change")
            looks(lines)


@pytest.mark.fault
def test_what_is_heard_apart_is_told_by_its_name(served: Served) -> None:
    site, _, _ = served
    with heard(site) as (_, lines):
        looks(lines)
        httpx.get(f"{site}/change?apart")
        assert [line for line, _ in zip(lines, range(4), strict=False) if line and line != ":"] == [
            "event: moved",
            "data: look",
        ]
        httpx.get(f"{site}/change")
        assert next(line for line in lines if line) == "data: look"


@pytest.mark.fault
def test_many_streams_hold_one_connection_and_no_thread(served: Served) -> None:
    site, server, _ = served
    pid = httpx.get(f"{site}/pid").text

    def threads() -> int:
        return len(list(Path(f"/proc/{pid}/task").iterdir()))

    with contextlib.ExitStack() as opened:
        first = [opened.enter_context(heard(site, f"a{n}")) for n in range(3)]
        for _, lines in first:
            looks(lines)
        few = threads()
        rest = [opened.enter_context(heard(site, f"b{n}")) for n in range(30)]
        for _, lines in rest:
            looks(lines)
        many = threads()
        with psycopg.connect(server.url) as asked:
            ((ears,),) = asked.execute(
                "select count(*) from pg_stat_activity where application_name = 'souto live'"
            ).fetchall()
            ((all_of_it,),) = asked.execute(
                "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
            ).fetchall()
        httpx.get(f"{site}/change")
        for _, lines in rest:
            looks(lines)
    assert ears == 1
    assert all_of_it < 20  # the pool's, not the streams'
    assert many < few + 20  # the server's own workers come and go


@pytest.mark.fault
def test_one_person_has_a_few_streams_and_then_looks_now_and_then(served: Served) -> None:
    site, _, _ = served
    with contextlib.ExitStack() as opened:
        kept = [opened.enter_context(heard(site, "greedy")) for _ in range(STREAMS_EACH)]
        for _, lines in kept:
            looks(lines)
        assert httpx.get(f"{site}/hear?who=greedy").status_code == 204
        other, _ = opened.enter_context(heard(site, "another"))
        assert other.status_code == 200


@pytest.mark.fault
def test_postgresql_restarts_and_every_page_looks_again(served: Served) -> None:
    site, server, _ = served
    with heard(site) as (_, lines):
        looks(lines)
        server.stop()
        assert httpx.get(f"{site}/hear", timeout=20).status_code == 503
        server.start()
        looks(lines)  # by itself, because what happened meanwhile was not heard
        until_answer(f"{site}/change", 200)
        looks(lines)


@pytest.mark.fault
def test_a_process_that_is_asked_to_end_ends_its_streams_in_good_order(served: Served) -> None:
    site, _, process = served
    with heard(site) as (_, lines):
        looks(lines)
        process.terminate()
        assert [line for line in lines if line.startswith("data")] == []  # read to its end: cut off, it would raise
    assert process.wait(timeout=60) in {0, -signal.SIGTERM}
