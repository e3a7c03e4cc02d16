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


class PlatformAddressError(SoutoError):
    """A platform's address or token cannot be used: found when the configuration is read, not at the first question."""

    message = "失効確認のサービスの接続先（https で始まるURL）またはトークンを確認してください: %(url)s"


class Transport(Protocol):
    """Sends one POST. Returns status and body; raises `TransportError` when there is no answer, and nothing else."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Send `body` to `url`."""
        ...


@dataclass(frozen=True, slots=True)
class HttpsTransport:
    """The transport of the standard library: certificate and host name verified, no redirect followed.

    `timeout` is in seconds. Plain HTTP is refused unless the host is this machine.
    """

    timeout: float = 10.0

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """See `Transport`."""
        connection, path = self._connect(url)
        try:
            connection.request("POST", path, body=body, headers=dict(headers))
            response = connection.getresponse()
            return response.status, response.read(_MAX_ANSWER_BYTES)
        except (OSError, http.client.HTTPException, UnicodeError):
            raise TransportError from None
        finally:
            connection.close()

    def _connect(self, url: str) -> tuple[http.client.HTTPConnection, str]:
        if not _acceptable(url):
            raise TransportError
        parts = urllib.parse.urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        return make(parts.hostname or "", parts.port, timeout=self.timeout), path


@dataclass(frozen=True, slots=True)
class PlatformProfile:
    """One platform's words, from the city's configuration.

    `certificate_field` names the JSON member that takes the certificate (Base64 of DER); `constants` are members sent
    along as they are; `answer_path` leads through the response's objects to the result; `words` maps its texts to states. Raises `PlatformAddressError`.
    """

    url: str
    certificate_field: str
    answer_path: tuple[str, ...]
    words: Mapping[str, RevocationStatus]
    token: str = field(default="", repr=False)
    constants: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _acceptable(self.url) or not (self.token.isascii() and self.token.isprintable()):
            raise PlatformAddressError(url=self.url)


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
        word = found if isinstance(found, str) else ""
        return self.profile.words.get(word, RevocationStatus.UNKNOWN)


def _acceptable(url: str) -> bool:
    """Whether `url` is HTTPS, or plain HTTP to this very machine."""
    try:
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname
        return (
            bool(host)
            and parts.port != 0
            and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK))
        )
    except ValueError:
        return False
