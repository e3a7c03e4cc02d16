"""The demo's mail server: keeps each message as a file and delivers nothing."""

from __future__ import annotations

import asyncio
import mailbox
import socket
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


async def start(listener: socket.socket, folder: Path) -> asyncio.Server:
    """Serve SMTP on a listening socket; return the server, to be closed at the end."""
    handler = Keep(folder)
    return await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=True, hostname="localhost"), sock=listener
    )
