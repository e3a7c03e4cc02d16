"""The operating-system account that PostgreSQL runs under.

PostgreSQL refuses to run as root, and Souto is often started by root (a container, a fresh virtual machine). Then its server runs
as an unprivileged account, and every folder it needs must be reachable for that account.
"""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from souto.config.postgres.errors import PostgresError

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An unprivileged account: its name and numeric ids."""

    name: str
    uid: int
    gid: int

    def can_reach(self, path: Path) -> bool:
        """Tell whether this account may enter `path` and every folder above it (what does not exist yet does not hinder)."""
        return all(self._may_enter(folder) for folder in (path, *path.parents) if folder.exists())

    def _may_enter(self, folder: Path) -> bool:
        info = folder.stat()
        if info.st_uid == self.uid:
            return bool(info.st_mode & 0o100)
        if info.st_gid == self.gid:
            return bool(info.st_mode & 0o010)
        return bool(info.st_mode & 0o001)


def server_account() -> Account | None:
    """Return the account to drop to, or None when the caller is not root and the server simply runs as the caller."""
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise PostgresError(
        "PostgreSQL does not run as root, and this machine has neither an account 'postgres' nor 'nobody'. "
        "Create one (useradd --system postgres) or start Souto as an ordinary user.",
    )
