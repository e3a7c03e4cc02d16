"""The dispatch engine of an installation and of a process: compiled once, loaded beside the requests, waited for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from souto.config import cli
from souto.services.transit import actions, engine, jobs
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking
from tests.services.transit import service
from tests.services.transit import test_phone_desk as phone
from tests.services.transit.test_booking import ask, rider
from tests.services.transit.test_rider_pages import WHEN, browser, given


class Elsewhere:
    """Compiles for a server when it may: brings what this run has compiled already into the server's folder."""

    def __init__(self, own: Path) -> None:
        self.own, self.may, self.asked = own, threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.asked.set()
        assert self.may.wait(60)
        shutil.copytree(self.own, engine.folder(), dirs_exist_ok=True)


@pytest.fixture
def compiled() -> Path:
    """The folder of this run, with everything compiled."""
    engine.require()
    if not engine.is_compiled():
        engine.fill()
    return engine.folder()


@pytest.fixture
def elsewhere(
    compiled: Path, tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Elsewhere]:
    """This process is a server whose folder is empty; nobody waits long."""
    settings.COMPILED_DIR = tmp_path / "compiled"
    monkeypatch.setattr(engine, "_server", None)
    monkeypatch.setattr(engine, "PATIENCE", 0.05)
    made = Elsewhere(compiled)
    engine.serve(made)
    yield made
    made.may.set()
    if engine.state() is not engine.State.IDLE:
        assert engine._server is not None
        assert engine._server.over.wait(60)


def warmed(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `souto warm` in a process of its own."""
    env = {**os.environ, "NUMBA_CACHE_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "souto.config.cli", "warm"], env=env, capture_output=True, text=True, check=False
    )


def test_a_second_process_loads_what_is_compiled_and_says_so(compiled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "compiled"
    shutil.copytree(compiled, folder)
    before = sorted(path.name for path in folder.rglob("*"))

    done = warmed(folder)

    assert done.returncode == 0, done.stderr
    assert "functions loaded, nothing to compile" in done.stdout
    assert "CPU-seconds" in done.stdout
    assert str(folder) in done.stdout
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = settings.COMPILED_DIR = tmp_path / "compiled"
    taken.write_text("a file")

    assert cli.main(["warm"]) == 1
    said = capsys.readouterr().err
    assert str(taken) in said
    assert "NUMBA_CACHE_DIR" in said


@pytest.mark.django_db
def test_where_no_service_is_published_nothing_is_compiled(
    tmp_path: Path, settings: LazySettings, client: Client
) -> None:
    settings.COMPILED_DIR = tmp_path / "compiled"

    assert cli.main(["warm", "--where-published"]) == 0
    assert not (tmp_path / "compiled").exists()
    assert client.get("/readyz").json()["checks"]["engine"] == "ok"


def test_whoever_compiles_does_so_alone(tmp_path: Path, settings: LazySettings) -> None:
    settings.COMPILED_DIR = tmp_path

    with engine._alone() as first, engine._alone(wait=False) as second:
        assert (first, second) == (True, False)
    with engine._alone(wait=False) as third:
        assert third


def test_another_version_is_compiled_anew(
    compiled: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine.is_compiled()

    monkeypatch.setattr(engine, "version", lambda name: f"{name} of tomorrow")

    assert not engine.is_compiled()


@pytest.mark.django_db(transaction=True)
def test_a_server_is_ready_once_the_engine_is_there(elsewhere: Elsewhere, client: Client) -> None:
    service.published()

    cold = client.get("/readyz")
    assert elsewhere.asked.wait(60), "the look itself begins the loading"
    elsewhere.may.set()
    assert engine._server is not None
    assert engine._server.over.wait(60)
    warm = client.get("/readyz")

    assert cold.status_code == 503
    assert "being compiled" in cold.json()["checks"]["engine"]
    assert cold.headers["Retry-After"]
    assert warm.status_code == 200
    assert warm.json()["checks"]["engine"] == "ok"


@pytest.mark.django_db(transaction=True)
def test_who_asks_too_early_keeps_the_answers_and_is_told_to_wait(elsewhere: Elsewhere) -> None:
    service.published()
    client = browser()

    early = client.post(WHEN, given(hour="11"))

    assert early.status_code == 503
    assert int(early.headers["Retry-After"]) > 0
    page = early.content.decode()
    assert "配車の準備をしています" in page
    assert '<option value="11" selected>' in page
    assert not Booking.objects.exists()

    elsewhere.may.set()
    assert engine._server is not None
    assert engine._server.over.wait(60)
    client.post(WHEN, given(hour="11"))

    assert Booking.objects.get().state == State.OFFERED


@pytest.mark.django_db(transaction=True)
def test_who_books_on_another_server_that_is_still_loading_keeps_the_offer(
    compiled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.published()
    who = rider()
    offer = ask(who)
    monkeypatch.setattr(engine, "PATIENCE", 0.05)
    loading = engine._Server(lambda: None)
    loading.state = engine.State.LOADING
    monkeypatch.setattr(engine, "_server", loading)

    with pytest.raises(actions.EngineStartingError):
        actions.book(actor=who, booking_id=offer.id)
    page = browser(who.id).post(f"/rides/{offer.id}/book/", follow=True).content.decode()

    assert "配車の準備をしています" in page
    assert Booking.objects.get().state == State.OFFERED
    loading.over.set()
    assert actions.book(actor=who, booking_id=offer.id).state == State.BOOKED


@pytest.mark.django_db(transaction=True)
def test_an_operator_who_asks_while_the_engine_is_loading_keeps_what_was_typed(
    compiled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.published()
    operator = phone.desk_of()
    asked = operator.post(f"{phone.DESK}ask/", phone.given())
    call = asked.headers["Location"]
    monkeypatch.setattr(engine, "PATIENCE", 0.05)
    loading = engine._Server(lambda: None)
    loading.state = engine.State.LOADING
    monkeypatch.setattr(engine, "_server", loading)

    answer = operator.post(f"{phone.DESK}ask/", phone.given(name="高橋 ユキ"))

    assert answer.status_code == 503
    page = answer.content.decode()
    assert "配車の準備をしています" in page
    assert 'value="高橋 ユキ"' in page
    page = operator.post(f"{call}book/", follow=True).content.decode()
    assert "配車の準備をしています" in page
    assert Booking.objects.get().state == State.OFFERED


@pytest.mark.django_db(transaction=True)
def test_plans_are_not_improved_before_the_engine_is_there(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[object] = []
    monkeypatch.setattr(actions, "improve", lambda **who: searched.append(who))

    jobs.improve()
    assert searched == []

    elsewhere.may.set()
    assert engine._server is not None
    assert engine._server.over.wait(60)
    jobs.improve()
    assert len(searched) == 1
