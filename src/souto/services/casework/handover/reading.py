"""Reading a package as strictly as whoever receives it should."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from souto.services.casework.handover.package import FORMAT, FORMAT_VERSION, MANIFEST, digest

#: Largest package, unpacked, in bytes.
LARGEST = 500_000_000
_NAME = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")
_SIDECAR = re.compile(r"([0-9a-f]{64})  (\S+)\n?")


class PackageBrokenError(ValueError):
    """The package is not what its manifest or its hash says. `code` is short and stable, the text is for people."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Received:
    """A package whose every file is what the manifest says. `sha256` is that of the ZIP, or of the manifest in a folder."""

    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]
    sha256: str


def read_sidecar(text: str) -> tuple[str, str]:
    """Hash and file name of a `.sha256` file; raises `PackageBrokenError`."""
    found = _SIDECAR.fullmatch(text)
    if found is None:
        raise PackageBrokenError("sidecar", "ハッシュのファイルを読み取れません。")
    return found[1], found[2]


def read_package(path: Path, sidecar: str) -> Received:
    """Read the ZIP or folder at `path` against the text of its sidecar; raises `PackageBrokenError` at the first thing that differs."""
    expected, name = read_sidecar(sidecar)
    if name != path.name:
        raise PackageBrokenError("sidecar", "ハッシュのファイルが、別のファイルのものです。")
    if path.is_dir():
        files = {str(p.relative_to(path)): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()}
        found = digest(files.get(MANIFEST, b""))
    else:
        content = path.read_bytes()
        found = digest(content)
        if found != expected:
            raise PackageBrokenError("hash", "ハッシュが合いません。途中で切れたか、書き換えられています。")
        files = _unzipped(content)
    if found != expected:
        raise PackageBrokenError("hash", "ハッシュが合いません。途中で切れたか、書き換えられています。")
    manifest = _manifest(files)
    _check_files(manifest, files)
    return Received(manifest, files, found)


def _unzipped(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise PackageBrokenError("size", "中身が大きすぎます。")
            names = [entry.filename for entry in entries]
            if len(set(names)) != len(names):
                raise PackageBrokenError("names", "同じ名前のファイルが2つあります。")
            return {name: archive.read(name) for name in names}
    except zipfile.BadZipFile:
        raise PackageBrokenError("zip", "ZIPとして開けません。") from None


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    if MANIFEST not in files:
        raise PackageBrokenError("manifest", "manifest.json がありません。")
    try:
        manifest: dict[str, Any] = json.loads(files[MANIFEST])
    except ValueError:
        raise PackageBrokenError("manifest", "manifest.json を読み取れません。") from None
    known = isinstance(manifest, dict) and manifest.get("format") == FORMAT
    if not known or manifest.get("format_version") != FORMAT_VERSION:
        raise PackageBrokenError("manifest", "manifest.json の形式が違います。")
    if not isinstance(manifest.get("files"), list) or not isinstance(manifest.get("application"), dict):
        raise PackageBrokenError("manifest", "manifest.json の項目が足りません。")
    return manifest


def _check_files(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    listed = {MANIFEST}
    for entry in manifest["files"]:
        name = entry.get("name", "") if isinstance(entry, dict) else ""
        if not isinstance(name, str) or not _NAME.fullmatch(name) or ".." in name.split("/"):
            raise PackageBrokenError("names", "manifest.json のファイル名を使えません。")
        content = files.get(name)
        if content is None:
            raise PackageBrokenError("missing", f"{name} がありません。")
        if len(content) != entry.get("size") or digest(content) != entry.get("sha256"):
            raise PackageBrokenError("file_hash", f"{name} のハッシュか大きさが、manifest.json と違います。")
        listed.add(name)
    unlisted = sorted(set(files) - listed)
    if unlisted:
        raise PackageBrokenError("unlisted", f"manifest.json にないファイルがあります：{unlisted[0]}")
