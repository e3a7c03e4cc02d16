"""The demo's mail server: keeps each message as a file and delivers nothing.

``python -m souto.config.supervisor.mail_sink DESCRIPTOR FOLDER`` serves SMTP on an inherited listening socket.
"""

from __future__ import annotations

import asyncio
import mailbox
import signal
import socket
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Keep:
    """Writes messages into a maildir."""

    def __init__(self, folder: Path) -> None:
        self._box = mailbox.Maildir(folder)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's names
        """Keep one message, with the addresses it was sent to."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        message = mailbox.MaildirMessage(content)
        message["X-Souto-To"] = ", ".join(envelope.rcpt_tos)
        self._box.add(message)
        return "250 kept"


async def serve(listener: socket.socket, folder: Path) -> None:
    """Serve until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    handler = Keep(folder)
    server = await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True, hostname="localhost"), sock=listener)
    async with server:
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
