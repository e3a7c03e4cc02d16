"""One PostgreSQL for the whole test run, ready before Django's settings load.

`DATABASE_URL` is honoured when it is set. Otherwise the process that the person started (not the xdist workers) starts Souto's own
PostgreSQL (see `tests.database`), hands its address to the workers through the environment, and stops it at the end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from souto.config import catalogues
from tests import database

TEMPLATE = "PYTEST_DATABASE_TEMPLATE"  # how the workers learn the name of the migrated template

_server = pytest.StashKey[database.TestServer]()
_state = pytest.StashKey[Path]()

# Read when Django's settings load, which is after this line: pytest-django finds the settings through the environment.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "souto.config.settings")
os.environ.setdefault("SOUTO_POOL", "0")
# One folder for every run of this working copy, and for every demo that a test starts: compiling the dispatch engine takes half a minute.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).resolve().parents[1] / ".souto" / "compiled"))

# A busy machine makes single examples slow; that says nothing about the code.
hypothesis_settings.register_profile("souto", deadline=None)
hypothesis_settings.load_profile("souto")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the server in the controlling process; load the settings in every process."""
    if not hasattr(config, "workerinput"):
        catalogues.compile_all()
        _start_server(config)
    _load_settings()


def _start_server(config: pytest.Config) -> None:
    if "SOUTO_STATE" not in os.environ:
        state = Path(tempfile.mkdtemp(prefix="souto-test-"))
        state.chmod(0o711)  # the server's account walks through to its data folder
        config.stash[_state] = state
        os.environ["SOUTO_STATE"] = str(state)
    if "DATABASE_URL" not in os.environ:
        server = database.start()
        config.stash[_server] = server
        os.environ["DATABASE_URL"] = server.url
        os.environ[TEMPLATE] = database.ensure_template(server.url)
    if "souto.may_truncate" not in os.environ["DATABASE_URL"]:
        # This throw-away database may empty its append-only tables between tests.
        os.environ["DATABASE_URL"] += "?options=-csouto.may_truncate%3Don"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove everything temporary."""
    server = config.stash.get(_server, None)
    if server is not None:
        server.stop()
        del os.environ["DATABASE_URL"], os.environ[TEMPLATE]
    state = config.stash.get(_state, None)
    if state is not None:
        shutil.rmtree(state, ignore_errors=True)
        del os.environ["SOUTO_STATE"]


def _load_settings() -> None:
    """Load Django's settings now that the address is known: pytest-django sets Django up only when it finds them loaded."""
    from django.conf import settings

    from souto.config.database import parse

    # A caller's own DJANGO_SETTINGS_MODULE makes pytest-django load them too early; then they hold another address.
    settings.DATABASES["default"].update(parse(os.environ["DATABASE_URL"]))
    if template := os.environ.get(TEMPLATE):
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = template


@pytest.fixture(autouse=True)
def _handlers_as_they_were() -> Iterator[None]:
    """Forget the handlers that a test subscribed: the next test, and the page made from the registry, know the rooms' own only."""
    from souto.kernel import events

    kept = {kind: list(handlers) for kind, handlers in events._handlers.items()}
    yield
    events._handlers.clear()
    events._handlers.update(kept)
