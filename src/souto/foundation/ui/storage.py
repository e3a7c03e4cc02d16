"""Static files whose address changes with their content, so that browsers may keep them for long."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


@cache
def _version(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12] if isinstance(found, str) else ""


class VersionedStaticFilesStorage(StaticFilesStorage):
    """`{% static "souto/app.css" %}` gives `/static/souto/app.css?v=<hash>`; no step between build and start is needed."""

    def url(self, name: str | None) -> str:
        """The address of the file, with the hash of its content."""
        address, version = super().url(name), _version(name or "")
        return f"{address}?v={version}" if version else address
