"""Run Souto on one host: web and worker, and a PostgreSQL of its own unless DATABASE_URL names the city's.

What dies is started again. SIGTERM or Ctrl-C stops everything in order.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket

from souto.config import environment
from souto.config.commands.base import CommandError, state_folder
from souto.config.postgres import EmbeddedPostgres
from souto.config.supervisor import (
    AlreadyRunningError,
    ChildSpec,
    PortTakenError,
    StateLock,
    Supervisor,
    layout,
    listen,
)
from souto.config.supervisor.run import run_step


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `souto up`."""
    parser.add_argument("--host", help="address to listen on (SOUTO_BIND)")
    parser.add_argument("--port", type=int, help="port to listen on (SOUTO_PORT)")
    parser.add_argument("--processes", type=int, help="web processes side by side (SOUTO_WEB_PROCESSES)")


def run(arguments: argparse.Namespace) -> int:
    """Run until a signal."""
    host = arguments.host or environment.BIND.get()
    port = arguments.port if arguments.port is not None else environment.PORT.get()
    try:
        with StateLock(state_folder()), listen(host, port) as listener:
            return _run(listener, processes=arguments.processes or environment.WEB_PROCESSES.get())
    except (AlreadyRunningError, PortTakenError) as error:
        raise CommandError(str(error)) from error


def _run(listener: socket.socket, *, processes: int) -> int:
    postgres = None
    if not environment.DATABASE_URL.get():
        postgres = EmbeddedPostgres(state_folder())
        os.environ["DATABASE_URL"] = os.environ["DATABASE_DIRECT_URL"] = postgres.start()
    try:
        if run_step("migrate", environment={}) != 0:
            raise CommandError(
                "The tables could not be brought up to date; the lines above say why. Nothing was started."
            )
        return asyncio.run(_supervise(postgres, listener, processes))
    finally:
        if postgres is not None:
            postgres.stop()


def _warming() -> list[ChildSpec]:
    from souto.services.transit import seams

    compiled = seams.is_compiled(environment.compiled_code(state_folder()))
    return [] if compiled else [layout.warming("--where-published")]


async def _supervise(postgres: EmbeddedPostgres | None, listener: socket.socket, processes: int) -> int:
    supervisor = Supervisor(postgres=postgres, json_lines=environment.log_style() == "json")
    supervisor.catch_signals()
    try:
        await supervisor.start([*_warming(), layout.worker(), *layout.web(listener, processes=processes)])
        host, port = listener.getsockname()[:2]
        supervisor.tell("souto", f"serves on http://{host}:{port} as {environment.BASE_URL.get()}; Ctrl-C stops it")
        return await supervisor.wait()
    finally:
        await supervisor.stop()
