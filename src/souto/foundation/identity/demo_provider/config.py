"""Where the demo provider stands, and whom it knows; read from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

_HERE: Final = Path(__file__).resolve()


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
    def from_environment(cls) -> Config:
        """`SOUTO_IDENTITY_ISSUER`, `SOUTO_STATE`, `SOUTO_CITY`, with the same defaults as the web."""
        root = _HERE.parents[5]
        state = Path(os.environ.get("SOUTO_STATE") or root / ".souto" / "state")
        city = Path(os.environ.get("SOUTO_CITY") or root / "cities" / "hachioji")
        issuer = os.environ.get("SOUTO_IDENTITY_ISSUER") or "http://localhost:8001/api/realms/main"
        return cls(issuer, state / "demo-idp", state / "jpki", city / "demo" / "people.yaml")

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    def endpoint(self, name: str) -> str:
        """The full address of `auth`, `token`, `userinfo` or `certs`."""
        return f"{self.origin}/api/realms/main/protocol/openid-connect/{name}"
