"""The demo's outside world in one process: the demo providers, each on an origin of its own, and a mail server that delivers nothing.

``python -m souto.config.supervisor.demo_services MAIL-FOLDER NAME=DESCRIPTOR…`` serves on inherited listening sockets. One process for all of them makes a demo start
quickly; to Souto they are as far away as the real ones, behind HTTP and SMTP.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import uvicorn

from souto.config.supervisor import mail_sink
from souto.config.supervisor.layout import MAIL, PROVIDERS, present

GRACE_SECONDS = 2


class QuietServer(uvicorn.Server):
    """A uvicorn server that leaves the signals to its process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def server_for(app: Any) -> QuietServer:
    """Return a server for one provider."""
    return QuietServer(
        uvicorn.Config(
            app,
            access_log=False,
            log_config=None,
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=GRACE_SECONDS,
        ),
    )


async def serve(sockets: dict[str, socket.socket], mail_folder: Path) -> None:
    """Serve every provider that is part of this installation until SIGTERM or SIGINT, and mail."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    servers = {
        provider.name: server_for(import_module(provider.module).app)
        for provider in PROVIDERS
        if present(provider.module)
    }
    tasks = [asyncio.create_task(server.serve(sockets=[sockets[name]]), name=name) for name, server in servers.items()]
    mail = await mail_sink.start(sockets[MAIL], mail_folder)
    waiting = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for server in servers.values():
        server.should_exit = True
    mail.close()
    waiting.cancel()
    await asyncio.gather(*tasks)
    if waiting not in done:
        raise RuntimeError("a demo provider ended by itself")


def main(arguments: list[str]) -> None:
    """Serve on the sockets named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "souto.config.settings")
    import django

    django.setup()
    folder, *given = arguments
    sockets = {name: socket.socket(fileno=int(number)) for name, number in (item.split("=") for item in given)}
    asyncio.run(serve(sockets, Path(folder)))


if __name__ == "__main__":
    main(sys.argv[1:])
