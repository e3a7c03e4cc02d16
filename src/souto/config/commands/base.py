"""What the subcommands share."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from souto.config import environment
from souto.config.postgres import EmbeddedPostgres, running_url


class CommandError(RuntimeError):
    """A subcommand cannot do what it was asked; the message says what to do next."""


def state_folder() -> Path:
    """Return the state folder of this installation."""
    state = environment.STATE.get()
    if state is None:
        raise CommandError("SOUTO_STATE is empty.")
    return state


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Give this process a database: DATABASE_URL, else the server that runs on the state folder, else one of its own for the moment."""
    given = environment.DATABASE_URL.get()
    if given:
        yield given
        return
    state = state_folder()
    if url := running_url(state):
        os.environ["DATABASE_URL"] = url
        yield url
        return
    with EmbeddedPostgres(state) as url:
        os.environ["DATABASE_URL"] = url
        yield url


def load_django() -> None:
    """Load Django's settings and every room."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "souto.config.settings")
    import django

    django.setup()
