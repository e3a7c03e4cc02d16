"""Revocation through a verification platform (プラットフォーム事業者) over HTTPS.

The platforms' messages are under contract, not published, so their words are configuration: `PlatformProfile` says where
the certificate goes in the request and where the answer stands in the response. Ready, unverified against a real platform.
"""

from __future__ import annotations

import base64
import http.client
import json
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from souto.foundation.identity.jpki.revocation import RevocationStatus
from souto.kernel.errors import SoutoError

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_MAX_ANSWER_BYTES: Final = 1024 * 1024
_OK: Final = 200


class TransportError(SoutoError):
    """No answer could be had from the platform."""

    message = "失効確認のサービスに接続できませんでした。時間をおいてもう一度お試しください。"


class PlainHttpError(SoutoError):
    """A platform's address is not HTTPS."""

    message = "失効確認のサービスの接続先は https で始まる必要があります: %(url)s"


class Transport(Protocol):
    """Sends one POST. Returns status and body; raises `TransportError` when there is no answer, and nothing else."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Send `body` to `url`."""
        ...


@dataclass(frozen=True, slots=True)
class HttpsTransport:
    """The transport of the standard library: certificate and host name verified, no redirect followed.

    `timeout` is in seconds. Plain HTTP is refused with `PlainHttpError` unless the host is this machine.
    """

    timeout: float = 10.0

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """See `Transport`."""
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname or ""
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(host, parts.port, timeout=self.timeout)
        elif parts.scheme == "http" and host in _LOOPBACK:
            connection = http.client.HTTPConnection(host, parts.port, timeout=self.timeout)
        else:
            raise PlainHttpError(url=url)
        try:
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path or "/", body=body, headers=dict(headers))
            response = connection.getresponse()
            return response.status, response.read(_MAX_ANSWER_BYTES)
        except (OSError, http.client.HTTPException):
            raise TransportError from None
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class PlatformProfile:
    """One platform's words, from the city's configuration.

    `certificate_field` names the JSON member that takes the certificate (Base64 of DER); `constants` are members sent
    along as they are; `answer_path` leads through the response's objects to the result; `words` maps its texts to states.
    """

    url: str
    certificate_field: str
    answer_path: tuple[str, ...]
    words: Mapping[str, RevocationStatus]
    token: str = field(default="", repr=False)
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlatformHTTP:
    """Asks the platform about each certificate. No answer, or one that is not understood, is UNKNOWN."""

    profile: PlatformProfile
    transport: Transport

    def check(self, cert_der: bytes, at: datetime) -> RevocationStatus:
        """The platform's answer as of now; `at` cannot be passed on."""
        member = {self.profile.certificate_field: base64.b64encode(cert_der).decode("ascii")}
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.profile.token:
            headers["Authorization"] = f"Bearer {self.profile.token}"
        body = json.dumps({**self.profile.constants, **member}).encode()
        try:
            status, answer = self.transport.post(self.profile.url, headers, body)
        except TransportError:
            return RevocationStatus.UNKNOWN
        return self._understand(answer) if status == _OK else RevocationStatus.UNKNOWN

    def _understand(self, answer: bytes) -> RevocationStatus:
        try:
            found = json.loads(answer)
        except (ValueError, RecursionError):
            return RevocationStatus.UNKNOWN
        for member in self.profile.answer_path:
            found = found.get(member) if isinstance(found, dict) else None
        return (
            self.profile.words.get(found, RevocationStatus.UNKNOWN)
            if isinstance(found, str)
            else (RevocationStatus.UNKNOWN)
        )
