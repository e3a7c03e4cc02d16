"""A folder that two systems share: packages go into `outbox`, results come into `inbox`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from souto.services.casework.handover.package import MANIFEST, Package, digest
from souto.services.casework.handover.reading import PackageBrokenError, read_sidecar
from souto.services.casework.handover.result import LARGEST, Incoming, Result, ResultBrokenError

Layout = Literal["zip", "folder"]


class DirectoryDrop:
    """`folder` holds `outbox`, `inbox`, `done`, `quarantine` and `tmp`; `layout` says how a package lies in the outbox.

    A file counts once its sidecar `NAME.sha256` is there (one line as `sha256sum` writes it): that is written last.
    """

    def __init__(self, folder: Path, *, layout: Layout = "zip") -> None:
        self.folder = folder
        self.layout = layout

    def send(self, package: Package) -> str:
        """Put the package into the outbox and return its SHA-256 (of the ZIP, or of the manifest in a folder).

        Sending the same package again puts the same bytes there again. Raises `OSError`.
        """
        if self.layout == "zip":
            content = package.zipped()
            name, sha256 = f"{package.name}.zip", digest(content)
            self.put("outbox", name, content)
        else:
            name, sha256 = package.name, digest(package.manifest())
            self._put_folder(package)
        self.put("outbox", f"{name}.sha256", f"{sha256}  {name}\n".encode())
        return sha256

    def results(self) -> Iterator[Incoming]:
        """The results that lie in the inbox, by name. Each stays there until `settle`; what has no sidecar yet is still being written."""
        inbox = self.folder / "inbox"
        if not inbox.is_dir():
            return
        for path in sorted(inbox.glob("*.json")):
            sidecar = path.with_name(f"{path.name}.sha256")
            if path.is_symlink() or not path.is_file() or not sidecar.is_file():
                continue
            with path.open("rb") as file:
                content = file.read(LARGEST + 1)
            yield self._incoming(path.name, content, sidecar.read_text(encoding="utf-8", errors="replace"))

    def settle(self, incoming: Incoming, *, good: bool) -> None:
        """Move a result out of the inbox: to `done`, or to `quarantine`. What has moved already is left alone."""
        target = self.folder / ("done" if good else "quarantine")
        target.mkdir(parents=True, exist_ok=True)
        for suffix in ("", ".sha256"):
            path = self.folder / "inbox" / f"{incoming.name}{suffix}"
            if path.is_file():
                path.replace(target / f"{incoming.sha256[:12]}-{incoming.name}{suffix}")
        _sync(target)

    def forget(self, package: str, results: Iterable[tuple[str, str]]) -> None:
        """Remove what is left of a package, and its results (name, SHA-256) that were put away; what is not there is no error."""
        outbox = self.folder / "outbox"
        shutil.rmtree(outbox / package, ignore_errors=True)
        for name in (f"{package}.zip", f"{package}.zip.sha256", f"{package}.sha256"):
            (outbox / name).unlink(missing_ok=True)
        for name, sha256 in results:
            for place in ("done", "quarantine"):
                for suffix in ("", ".sha256"):
                    (self.folder / place / f"{sha256[:12]}-{name}{suffix}").unlink(missing_ok=True)

    def put(self, place: str, name: str, content: bytes) -> None:
        """Write a file so that it is there whole or not at all, also after a power cut."""
        target, tmp = self.folder / place, self.folder / "tmp"
        for folder in (target, tmp):
            folder.mkdir(parents=True, exist_ok=True)
        # One name for each target and process: a crash leaves at most this one file, which the next try overwrites.
        draft = tmp / f"{name}.{os.getpid()}"
        _write(draft, content)
        draft.replace(target / name)
        _sync(target)

    def _put_folder(self, package: Package) -> None:
        target = self.folder / "outbox" / package.name
        if target.is_dir():
            if (target / MANIFEST).read_bytes() == package.manifest():
                return
            raise FileExistsError(f"another package lies at {package.name}")
        draft = self.folder / "tmp" / f"{package.name}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        for name, content in package.files().items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, content)
            _sync(path.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.rename(target)
        _sync(target.parent)

    def _incoming(self, name: str, content: bytes, sidecar: str) -> Incoming:
        sha256 = digest(content)
        if len(content) > LARGEST:
            return Incoming(name, sha256, problem="結果ファイルが大きすぎます。")
        try:
            expected, named = read_sidecar(sidecar)
        except PackageBrokenError as error:
            return Incoming(name, sha256, problem=str(error))
        if named != name or expected != sha256:
            return Incoming(name, sha256, problem="ハッシュが合いません。途中で切れたか、書き換えられています。")
        try:
            return Incoming(name, sha256, result=Result.parse(content))
        except ResultBrokenError as error:
            return Incoming(name, sha256, problem=str(error))


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Make renames in `folder` last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
