"""What may be sent: limits, and what a file really is (decided from its content, never from its name)."""

from __future__ import annotations

import hashlib
import unicodedata
import warnings
from dataclasses import dataclass
from typing import IO

import puremagic
from PIL import Image, UnidentifiedImageError

from souto.kernel.errors import SoutoError

#: Media types that people may send, with the ending that a download gets.
ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "application/pdf": ".pdf",
}
#: The same in words, for a message.
_WORDS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/heic": "HEIC",
    "application/pdf": "PDF",
}
#: Larger pictures are no photographs: they are made to fill a memory.
_MAX_PIXELS = 60_000_000
_CHUNK = 64 * 1024


class UploadError(SoutoError):
    """A file was not taken; nothing else of the form is lost."""


class EmptyFileError(UploadError):
    """The file has no content."""

    message = "選んだファイルは中身が空です。別のファイルを選んでください。"


class TooLargeError(UploadError):
    """The file is over the limit."""

    message = "ファイルは%(limit)sMBまでです（選んだファイルは%(size)sMB）。"


class WrongTypeError(UploadError):
    """The content is of a type that is not taken here, whatever the file's name says."""

    message = "%(types)sのファイルを選んでください。選んだファイルの中身は、この形式ではありません。"


class BrokenFileError(UploadError):
    """The content breaks off or contradicts itself."""

    message = "ファイルが壊れていて開けません。もう一度撮るか、別のファイルを選んでください。"


class TooManyPixelsError(UploadError):
    """The picture would fill the memory of whoever opens it."""

    message = "写真の大きさ（たて・よこ）が大きすぎます。小さくしてから選んでください。"


class InfectedFileError(UploadError):
    """The scanner found something."""

    message = "このファイルはウイルス検査で止められました。別のファイルを選んでください。"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one field takes: bytes at most, and media types out of `ENDINGS`."""

    max_bytes: int = 10_000_000
    types: frozenset[str] = frozenset(ENDINGS)

    @property
    def words(self) -> str:
        """The types in words: `JPEG、PNG`."""
        return "、".join(_WORDS[t] for t in ENDINGS if t in self.types)


PHOTOS = Limits(types=frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"}))


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found: the true media type, size in bytes, SHA-256 in hexadecimal."""

    media_type: str
    size: int
    sha256: str


def examine(content: IO[bytes], *, limits: Limits) -> Examined:
    """Measure and identify `content`, reading no more than the limit; raises an `UploadError`. Leaves it rewound."""
    content.seek(0)
    digest, size, head = hashlib.sha256(), 0, b""
    while chunk := content.read(_CHUNK):
        head = head or chunk
        size += len(chunk)
        digest.update(chunk)
        if size > limits.max_bytes:
            content.seek(0, 2)
            raise TooLargeError(limit=f"{limits.max_bytes / 1_000_000:g}", size=f"{content.tell() / 1_000_000:.1f}")
    if size == 0:
        raise EmptyFileError
    media_type = _sniff(head)
    if media_type not in limits.types:
        raise WrongTypeError(types=limits.words)
    content.seek(0)
    if media_type == "application/pdf":
        _check_pdf(content)
    elif media_type != "image/heic":
        _check_image(content, media_type)
    content.seek(0)
    return Examined(media_type=media_type, size=size, sha256=digest.hexdigest())


def _sniff(head: bytes) -> str:
    if head[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1"}:
        return "image/heic"
    if head[:5] == b"%PDF-":
        return "application/pdf"
    try:
        return str(puremagic.from_string(head, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _check_image(content: IO[bytes], media_type: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(content) as image:
                if image.width * image.height > _MAX_PIXELS:
                    raise TooManyPixelsError
                if Image.MIME.get(image.format or "") != media_type:
                    raise BrokenFileError
                image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixelsError from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise BrokenFileError from None


def _check_pdf(content: IO[bytes]) -> None:
    content.seek(0, 2)
    content.seek(max(0, content.tell() - 2048))
    if b"%%EOF" not in content.read():
        raise BrokenFileError


def clean_name(name: str, *, media_type: str) -> str:
    """The name as people know the file: no folders, no control characters, at most 120 characters, the true ending."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in base if unicodedata.category(c)[0] != "C" or c == "\u200d").strip(" .")
    stem = base.rsplit(".", 1)[0] if "." in base else base
    return (stem[:110] or "file") + ENDINGS[media_type]
