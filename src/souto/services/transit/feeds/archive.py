"""The files of a feed out of a zip that nobody trusts."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

from souto.kernel.errors import SoutoError
from souto.services.transit.feeds.notices import Findings


class ArchiveError(SoutoError):
    """The archive is no zip, is damaged or encrypted, or is larger than allowed; nothing of it is read."""

    message = "zipファイルを読み取れません（%(what)s）。"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a feed may be, unpacked. The largest feeds of Japan unpack to some 300 MB; a zip bomb to much more."""

    files: int = 200
    file_bytes: int = 400_000_000
    all_bytes: int = 800_000_000
    ratio: int = 200
    """Unpacked to packed size of one file above 10 MB; timetables reach about 30."""


_SMALL = 10_000_000


def unpack(data: bytes, limits: Limits, findings: Findings) -> dict[str, bytes]:
    """The files by name. Sizes are counted while unpacking, since a header may lie.

    Raises:
        ArchiveError: no zip, damaged, encrypted, too many or too large files.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError) as fault:
        raise ArchiveError(what="zip形式ではないか、壊れています") from fault
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and "__MACOSX" not in entry.filename]
        if len(entries) > limits.files:
            raise ArchiveError(what=f"ファイルが{limits.files}を超えています")
        names = _names(entries, findings)
        found: dict[str, bytes] = {}
        left = limits.all_bytes
        for entry in entries:
            name = names[entry.filename]
            if name in found:
                raise ArchiveError(what=f"{name}が2つあります")
            found[name] = _read(archive, entry, min(limits.file_bytes, left), limits.ratio)
            left -= len(found[name])
    return found


def _names(entries: list[zipfile.ZipInfo], findings: Findings) -> dict[str, str]:
    folders = {entry.filename.replace("\\", "/").rpartition("/")[0] for entry in entries}
    if folders - {""}:
        findings.add("in_folder", next(iter(sorted(folders - {""}))))
    return {entry.filename: entry.filename.replace("\\", "/").rpartition("/")[2] for entry in entries}


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int, ratio: int) -> bytes:
    if entry.flag_bits & 1:
        raise ArchiveError(what=f"{entry.filename}にパスワードがかかっています")
    allowed = min(most, max(_SMALL, entry.compress_size * ratio))
    try:
        with archive.open(entry) as stream:
            content = stream.read(allowed + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as fault:
        raise ArchiveError(what=f"{entry.filename}が壊れています") from fault
    if len(content) > allowed:
        raise ArchiveError(what=f"{entry.filename}が大きすぎます")
    return content


def decode(name: str, content: bytes, findings: Findings) -> str:
    """Text of a file: UTF-8 with or without a mark; else UTF-16 with its mark, or Shift_JIS as Windows writes it (cp932), each with a notice."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        findings.add("not_utf8", name, value="UTF-16")
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp932":
            findings.add("not_utf8", name, value="Shift_JIS")
        return text
    text = content.decode("utf-8-sig", errors="replace")
    broken = next(n for n, line in enumerate(text.splitlines(), 1) if "\ufffd" in line)
    findings.add("undecodable", name, broken)
    return text
