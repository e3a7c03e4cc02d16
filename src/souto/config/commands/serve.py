"""Serve the web: all faces, or some of them on a host of their own.

One process. Run several behind a reverse proxy, or let `souto up` do it.
"""

from __future__ import annotations

import argparse
import os
import socket

from souto.config import environment
from souto.config.commands.base import CommandError

GRACE_SECONDS = 5  # for open requests when the process is asked to end


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `souto serve`."""
    parser.add_argument("--faces", help="resident, staff, public, or several of them with commas (SOUTO_FACES)")
    parser.add_argument("--host", help="address to listen on (SOUTO_BIND)")
    parser.add_argument("--port", type=int, help="port to listen on (SOUTO_PORT)")
    parser.add_argument("--fd", type=int, help=argparse.SUPPRESS)  # a listening socket inherited from the supervisor
    parser.add_argument("--app", default="souto.config.asgi:application", help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    if arguments.faces:
        os.environ["SOUTO_FACES"] = arguments.faces
    environment.FACES.get()  # a wrong name is told here, before anything starts
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "souto.config.settings")
    listener = _listener(arguments)

    import uvicorn

    from souto.config import live

    class Server(uvicorn.Server):
        """Begins what may take a moment once it listens. Ends live streams first: they would last for minutes, and the server waits for what is open."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            from souto.config import warming  # needs the rooms, which are loaded by now

            warming.serve()
            warming.begin_beside()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            await live.hub.close()
            await super().shutdown(sockets)

    proxies = environment.TRUSTED_PROXIES.get()
    config = uvicorn.Config(
        arguments.app,
        access_log=False,  # Souto writes its own, without query strings
        log_config=None,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=",".join(proxies) if proxies else None,
        server_header=False,
        lifespan="auto",
        ws="none",
        timeout_keep_alive=15,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = Server(config)
    server.run(sockets=[listener])
    return 0 if server.started else 1


def _listener(arguments: argparse.Namespace) -> socket.socket:
    if arguments.fd is not None:
        return socket.socket(fileno=arguments.fd)
    from souto.config.supervisor import PortTakenError, listen

    host = arguments.host or environment.BIND.get()
    port = arguments.port if arguments.port is not None else environment.PORT.get()
    try:
        return listen(host, port)
    except PortTakenError as error:
        raise CommandError(str(error)) from error
