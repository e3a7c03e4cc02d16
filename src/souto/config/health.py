"""Health of a web process: alive (/healthz) and ready to serve people (/readyz)."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from souto.foundation.vault import keys
from souto.services.transit import queries, seams

_migrated = False  # once true it stays true for this process: its code does not change


class NotReadyError(Exception):
    """One part is not ready; the text says which, without addresses and secrets."""


def pending_migrations() -> list[str]:
    """Return the migrations that this code has and the database lacks, as `room.name`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def check_database() -> None:
    """Raise `NotReadyError` unless the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError as error:
        raise NotReadyError("the database does not answer") from error


def check_migrations() -> None:
    """Raise `NotReadyError` unless every table is up to date."""
    global _migrated  # noqa: PLW0603 - a fact about this process
    if _migrated:
        return
    try:
        pending = pending_migrations()
    except DatabaseError as error:
        raise NotReadyError("the database does not answer") from error
    if pending:
        raise NotReadyError(f"{len(pending)} migrations are not applied: run `souto migrate`")
    _migrated = True


def check_keys() -> None:
    """Raise `NotReadyError` unless the master key can be read."""
    try:
        keys.keyed_hash("ready", purpose="health")
    except (keys.MasterKeyError, OSError) as error:
        raise NotReadyError("the master key cannot be read") from error


def check_engine() -> None:
    """Raise `NotReadyError` unless the dispatch engine is there, where a transit service is published."""
    if seams.state() is seams.State.READY:
        return
    try:
        if not queries.any_published():
            return
    except DatabaseError as error:
        raise NotReadyError("the database does not answer") from error
    seams.begin()
    raise NotReadyError(ENGINE[seams.state()])


ENGINE = {
    seams.State.READY: "the dispatch engine was loaded a moment ago",
    seams.State.IDLE: "the dispatch engine is not compiled: run `souto warm`",
    seams.State.COMPILING: "the dispatch engine is being compiled, which takes about a minute once",
    seams.State.LOADING: "the dispatch engine is being loaded",
    seams.State.FAILED: "the dispatch engine cannot be loaded; the log says why",
}
CHECKS: dict[str, Callable[[], None]] = {
    "keys": check_keys,
    "database": check_database,
    "migrations": check_migrations,
    "engine": check_engine,
}


def results() -> dict[str, str]:
    """Run the checks up to the first that fails; return "ok", or what is wrong, by name."""
    found: dict[str, str] = {}
    for name, check in CHECKS.items():
        try:
            check()
        except NotReadyError as error:
            return {**found, name: str(error)}
        found[name] = "ok"
    return found


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """Answer 200 as long as the process handles requests at all; asks nothing of anybody else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """Answer 200 when database, tables, keys and the dispatch engine are there, else 503 with what is missing."""
    found = results()
    good = all(result == "ok" for result in found.values())
    response = JsonResponse({"ready": good, "checks": found}, status=200 if good else 503)
    if not good:
        response.headers["Retry-After"] = "5"
    return response
