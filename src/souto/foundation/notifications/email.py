"""E-mail by SMTP."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from souto.foundation.notifications.seams import UndeliverableError

_FINAL = range(550, 560)


class Email:
    """Sends plain text through the server that the settings name."""

    name = "email"

    def send(self, *, address: str, title: str, body: str, reference: str) -> None:
        """Send once. The Message-ID is stable, so that a mail system drops the second copy after a crash between send and commit."""
        if "\n" in address or "\r" in address or "@" not in parseaddr(address)[1]:
            raise UndeliverableError("no address")
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        headers = {"Message-ID": f"<{reference}@{domain}>", "Auto-Submitted": "auto-generated"}
        mail = EmailMessage(subject=" ".join(title.split()), body=body, to=[address], headers=headers)
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refusal:
            if all(code in _FINAL for code, _ in refusal.recipients.values()):
                raise UndeliverableError("recipient refused") from refusal
            raise
