"""ClamAV's daemon as the scanner: the INSTREAM command over a socket (clamd(8))."""

from __future__ import annotations

import socket
import struct
from typing import IO

from souto.foundation.documents.models import ScanState
from souto.foundation.documents.seams import ScannerUnavailableError, ScanResult

_CHUNK = 64 * 1024


class Clamd:
    """Speaks to clamd at `address`: `host:port` or the path of its socket; `timeout` in seconds."""

    def __init__(self, address: str, *, timeout: float = 30) -> None:
        self._address = address
        self._timeout = timeout

    def scan(self, content: IO[bytes]) -> ScanResult:
        """Stream `content`; `stream: OK` is clean, `stream: NAME FOUND` is not, everything else is no answer."""
        try:
            with self._connect() as connection:
                connection.sendall(b"zINSTREAM\0")
                while chunk := content.read(_CHUNK):
                    connection.sendall(struct.pack("!I", len(chunk)) + chunk)
                connection.sendall(struct.pack("!I", 0))
                answer = self._answer(connection)
        except OSError as error:
            raise ScannerUnavailableError(str(error)) from error
        if answer == "stream: OK":
            return ScanResult(ScanState.CLEAN)
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return ScanResult(ScanState.INFECTED, answer.removeprefix("stream: ").removesuffix(" FOUND"))
        raise ScannerUnavailableError(answer or "no answer")

    def _connect(self) -> socket.socket:
        if self._address.startswith(("unix:", "/")):
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(self._timeout)
            connection.connect(self._address.removeprefix("unix:"))
            return connection
        host, _, port = self._address.removeprefix("tcp://").rpartition(":")
        return socket.create_connection((host, int(port)), timeout=self._timeout)

    @staticmethod
    def _answer(connection: socket.socket) -> str:
        parts = []
        while part := connection.recv(1024):
            parts.append(part)
            if part.endswith(b"\0"):
                break
        return b"".join(parts).rstrip(b"\0").decode(errors="replace").strip()
