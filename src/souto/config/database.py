"""The database and the secrets that settings need before Django exists."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from souto.config import environment


def parse(url: str) -> dict[str, Any]:
    """Django's settings for a `postgresql://user:password@host:port/name?option=value` address.

    Connections come from a psycopg pool (so `CONN_MAX_AGE` stays 0) that checks a connection before lending it: a
    restarted PostgreSQL costs one failed request at most, not a restart of the web process.
    """
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or (unquote(parts.hostname) if parts.hostname else "")
    if environment.POOL.get():
        options["pool"] = {
            "min_size": 0,
            "max_size": environment.POOL_SIZE.get(),
            "timeout": 3,
            # Give up a connection soon: the next request tries anew at once, instead of waiting for a growing pause to pass.
            "reconnect_timeout": 2,
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": options,
    }


def secret(variable: str, path: Path) -> str:
    """The secret from environment `variable`, or the one kept at `path` (made once, mode 600)."""
    if given := os.environ.get(variable):
        return given
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.touch(mode=0o600)
        temporary.write_text(secrets.token_urlsafe(48))
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text().strip()
