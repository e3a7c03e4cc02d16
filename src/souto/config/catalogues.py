"""Compiles the message catalogues of every room: `locale/<language>/LC_MESSAGES/django.po` to `.mo`.

``python -m souto.config.catalogues``; a part of scripts/build, and of every test run. Needs Babel (a build dependency), not GNU gettext.
"""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


class CatalogueError(ValueError):
    """A catalogue cannot be read; the message names the file."""


def compile_all(root: Path = PACKAGE) -> list[Path]:
    """Compile every catalogue under `root` that is newer than its compiled form; return those files.

    Raises
    ------
    CatalogueError
        A file is no catalogue.
    """
    return [source for source in sorted(root.rglob("locale/*/LC_MESSAGES/*.po")) if _compile(source)]


def _compile(source: Path) -> bool:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return False
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        with source.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{source}: {error}") from error
    draft = target.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    draft.replace(target)
    return True


if __name__ == "__main__":
    compile_all()
