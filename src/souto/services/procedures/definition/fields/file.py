"""Attached files (添付ファイル)."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Kind, RawData, Value
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema
from souto.services.procedures.definition.scope import Findings

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME_LIMIT = 255
MEGABYTE = 1024 * 1024
#: What may be asked for, by the names that `documents` sniffs.
MEDIA = {"image/jpeg": "JPEG", "image/png": "PNG", "image/heic": "HEIC", "image/webp": "WebP", "application/pdf": "PDF"}


class FileField(FieldBase):
    """References to stored files: `[{file_id, name, size, sha256}]`. Files are stored one by one as soon as they are chosen, so the answer does
    not come with the posted form: `applications` puts each in place.
    """

    kind: ClassVar[Kind] = Kind.FILES
    posted: ClassVar[bool] = False
    missing: ClassVar[str] = messages.CHOOSE_FILE
    type: Literal["file"]
    accept: Annotated[
        tuple[Literal["image/jpeg", "image/png", "image/heic", "image/webp", "application/pdf"], ...],
        Field(min_length=1),
    ] = (
        "image/jpeg",
        "image/png",
        "application/pdf",
    )
    max_files: Annotated[int, Field(ge=1, le=20)] = 1
    min_files: Annotated[int, Field(ge=1, le=20)] = 1
    max_megabytes: Annotated[int, Field(ge=1, le=50)] = 10

    @property
    def max_bytes(self) -> int:
        """The largest file that is taken."""
        return self.max_megabytes * MEGABYTE

    @property
    def media_names(self) -> str:
        """`JPEG・PNG・PDF`."""
        return "・".join(MEDIA[media] for media in self.accept)

    def read(self, raw: RawData, *, path: str) -> Value | None:
        """The ids that the form names: enough to show what was chosen, not enough to be an answer."""
        return [{"file_id": file_id} for file_id in raw.get(path, ())[: 2 * self.max_files] if file_id] or None

    def check(self, value: Value, *, today: date) -> Value:
        if not isinstance(value, list) or not value:
            raise self.problem(messages.CHOOSE_FILE)
        files = [self._file(item) for item in value]
        if len({file["file_id"] for file in files}) < len(files):
            raise self.problem(messages.UNREADABLE)
        if len(files) > self.max_files:
            raise self.problem(messages.FILES_AT_MOST, limit=self.max_files)
        if len(files) < self.min_files:
            raise self.problem(messages.FILES_AT_LEAST, limit=self.min_files)
        return files

    def _file(self, item: Value) -> dict[str, Value]:
        if not isinstance(item, dict) or set(item) != {"file_id", "name", "size", "sha256"}:
            raise self.problem(messages.UNREADABLE)
        size_fits = isinstance(item["size"], int) and not isinstance(item["size"], bool) and item["size"] > 0
        if not size_fits or not _SHA256.fullmatch(str(item["sha256"])):
            raise self.problem(messages.UNREADABLE)
        try:
            file_id = str(UUID(str(item["file_id"])))
        except ValueError:
            raise self.problem(messages.UNREADABLE) from None
        return {**item, "file_id": file_id, "name": str(item["name"])[:_NAME_LIMIT]}

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        return {path or self.key: [str(file["file_id"]) for file in value]}

    def display(self, value: Value, *, language: str) -> list[str]:
        return [f"{file['name']}（{size_text(file['size'])}）" for file in value]

    def json_schema(self) -> JsonSchema:
        item = {
            "type": "object",
            "properties": {
                "file_id": {"type": "string", "format": "uuid"},
                "name": {"type": "string", "maxLength": _NAME_LIMIT},
                "size": {"type": "integer", "minimum": 1},
                "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            },
            "required": ["file_id", "name", "size", "sha256"],
            "additionalProperties": False,
        }
        return {"type": "array", "items": item, "minItems": self.min_files, "maxItems": self.max_files}

    def findings(self) -> Findings:
        if self.min_files > self.max_files:
            yield "ファイルの最小の数が、最大の数より大きくなっています"


def size_text(size: int) -> str:
    """`1.2MB`, `340KB`."""
    return f"{size / MEGABYTE:.1f}MB" if size >= MEGABYTE else f"{max(1, round(size / 1024))}KB"
