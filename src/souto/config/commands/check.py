"""Check this installation: settings, database, tables, keys, built files. With --story, walk the whole story against a running demo.

A line for each thing checked; exit code 1 when one is not in order.
"""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from souto.config import environment
from souto.config.commands.base import CommandError, database, load_django
from souto.config.supervisor.layout import present

LEAST_POSTGRES = 17
STORY = "souto.demo.story"
READY_SECONDS = 300.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `souto check`."""
    parser.add_argument("--story", action="store_true", help="walk the story over HTTP as its persons (demo only)")
    parser.add_argument("--base-url", help="address of the running demo (SOUTO_BASE_URL)")


def run(arguments: argparse.Namespace) -> int:
    """Run the checks or the story."""
    if arguments.story:
        return _story(arguments.base_url or environment.BASE_URL.get())
    good = True
    with database():
        for name, problem in _findings():
            print(f"{'ok     ' if problem is None else 'PROBLEM'} {name}" + ("" if problem is None else f": {problem}"))
            good = good and problem is None
    return 0 if good else 1


def _story(base_url: str) -> int:
    if not environment.DEMO.get():
        raise CommandError("The story needs the demo's people and providers: run it with scripts/demo --check.")
    if not present(STORY):
        raise CommandError(f"This installation brings no story ({STORY} is missing).")
    _wait_until_ready(base_url)
    load_django()
    return int(import_module(STORY).run(base_url))


def _wait_until_ready(base_url: str) -> None:
    """Nobody is sent to a site that says it is not ready; on a new machine it compiles the dispatch engine first."""
    import httpx

    deadline, said = time.monotonic() + READY_SECONDS, "no answer"
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            answer = httpx.get(f"{base_url.rstrip('/')}/readyz", timeout=20)
            if answer.status_code == 200:
                return
            said = answer.text
        time.sleep(0.5)
    raise CommandError(f"{base_url} is not ready after {READY_SECONDS:.0f} seconds: {said}")


def _findings() -> Iterator[tuple[str, str | None]]:
    yield from _settings()
    load_django()
    from souto.config import health

    yield "database version", _catch(_version_problem)
    for name, result in health.results().items():
        yield name, None if result == "ok" else result
    yield "files", _storage_problem()
    yield "city", _city_problem(environment.CITY.get())
    yield "front end", _front_end_problem()
    yield from _django()


def _settings() -> Iterator[tuple[str, str | None]]:
    for setting in environment.TABLE.values():
        try:
            setting.get()
        except environment.SettingError as error:
            yield setting.name, str(error)
    for name in environment.unknown():
        yield name, "means nothing to Souto; docs/reference/settings.md lists every setting"


def _version_problem() -> str | None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select current_setting('server_version_num')::int / 10000")
        version = cursor.fetchone()[0]
    return None if version >= LEAST_POSTGRES else f"PostgreSQL {version} is older than {LEAST_POSTGRES}"


def _catch(check: Callable[[], str | None]) -> str | None:
    from django.db import DatabaseError

    try:
        return check()
    except DatabaseError:
        return "the database does not answer"


def _city_problem(folder: Path) -> str | None:
    return None if (folder / "city.toml").is_file() else f"{folder}/city.toml is missing (SOUTO_CITY)"


def _storage_problem() -> str | None:
    """Write a sealed file as uploads do, read it back, delete it; its key goes too."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from souto.foundation.vault import keys
    from souto.kernel.ids import new_id

    step, content = "written", b"souto check"
    key_id = keys.create_key()
    name = f"{key_id}/{new_id()}"
    try:
        default_storage.save(name, ContentFile(content, name=name))
        step = "read back"
        with default_storage.open(name) as file:
            if file.read() != content:
                return "a file came back altered"
        step = "deleted"
        default_storage.delete(name)
        if default_storage.exists(name):
            return "a deleted file is still there"
    # Whatever a store raises: permissions, a bucket that is missing, a server that is away.
    except Exception as error:  # noqa: BLE001
        return f"a file cannot be {step} ({type(error).__name__}); see SOUTO_STORAGE"
    finally:
        keys.destroy_key(key_id)
    return None


def _front_end_problem() -> str | None:
    from django.contrib.staticfiles import finders

    return None if finders.find("souto/app.css") else "not built: run scripts/build"


def _django() -> Iterator[tuple[str, str | None]]:
    from django.core import checks

    for message in checks.run_checks(include_deployment_checks=environment.BASE_URL.get().startswith("https://")):
        if message.level >= checks.ERROR:
            yield str(message.id), str(message.msg)
