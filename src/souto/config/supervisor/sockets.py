"""Listening sockets that the supervisor opens and its children serve.

The supervisor keeps the socket open while a web process is started again: a request of that moment waits instead of being refused.
"""

from __future__ import annotations

import errno
import socket


class PortTakenError(RuntimeError):
    """Another program listens on the port."""


def listen(host: str, port: int) -> socket.socket:
    """Return a TCP socket that listens on `host` and `port` (0: any free one).

    Raises
    ------
    PortTakenError
        The port is in use, or may not be used by this account.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(
                f"Port {port} on {host} is used by another program. Choose others with --port or --port-base."
            ) from error
        if error.errno == errno.EACCES:
            raise PortTakenError(f"This account may not listen on port {port}. Choose one above 1023.") from error
        raise
    listener.set_inheritable(True)
    return listener
