"""What is handed over: files and the manifest that names them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMAT = "souto-handover"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
#: The oldest time that ZIP can say: the same package gives the same bytes at any hour.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def digest(content: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def json_bytes(value: Any) -> bytes:
    """Readable JSON that is the same for the same value: keys sorted, UTF-8, a newline at the end."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a package. `name` is its path inside (ASCII, `/`), `title` the name that its sender gave it."""

    name: str
    content: bytes
    media_type: str
    title: str = ""

    def entry(self) -> dict[str, Any]:
        """Its line in the manifest."""
        found: dict[str, Any] = {
            "name": self.name,
            "media_type": self.media_type,
            "size": len(self.content),
            "sha256": digest(self.content),
        }
        return {**found, "title": self.title} if self.title else found


@dataclass(frozen=True, slots=True)
class Package:
    """One application for one core system. `name` is unique (`H26-000123-4.1`: number and attempt), `about` is the manifest's
    `application`: number, procedure, version and what was decided.
    """

    name: str
    system: str
    about: Mapping[str, Any]
    parts: tuple[Part, ...]

    def manifest(self) -> bytes:
        """The manifest's bytes."""
        return json_bytes(
            {
                "format": FORMAT,
                "format_version": FORMAT_VERSION,
                "package": self.name,
                "system": self.system,
                "application": dict(self.about),
                "files": [part.entry() for part in self.parts],
            }
        )

    def files(self) -> dict[str, bytes]:
        """Every file by its path inside, the manifest first."""
        return {MANIFEST: self.manifest(), **{part.name: part.content for part in self.parts}}

    def zipped(self) -> bytes:
        """The package as a ZIP, stored and not deflated, so that every machine makes the same bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for name, content in self.files().items():
                archive.writestr(zipfile.ZipInfo(name, _NO_TIME), content)
        return out.getvalue()
