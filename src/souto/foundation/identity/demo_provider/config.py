"""Where the demo provider stands, and whom it knows; read from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings


class NotADemoError(RuntimeError):
    """The demo provider was started in production."""


@dataclass(frozen=True, slots=True)
class Config:
    """`issuer`: the exact issuer, whose origin is ours. `folder`: keys, registered clients. `jpki`: the test authority.
    `people`: the YAML file of test residents.
    """

    issuer: str
    folder: Path
    jpki: Path
    people: Path

    @classmethod
    def from_settings(cls) -> Config:
        """From Django's settings (no more of Django is used); raises `NotADemoError` outside demo mode."""
        given = settings.IDENTITY
        if given["demo_provider"] is None:
            raise NotADemoError("the demo identity provider runs in demo mode only (SOUTO_DEMO=1)")
        people = Path(settings.CITY_DIR) / "demo" / "people.yaml"
        return cls(given["issuer"], given["demo_provider"], given["jpki_demo"], people)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    def endpoint(self, name: str) -> str:
        """The full address of `auth`, `token`, `userinfo` or `certs`."""
        return f"{self.origin}/api/realms/main/protocol/openid-connect/{name}"
