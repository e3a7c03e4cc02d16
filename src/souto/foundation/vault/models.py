"""Sealed columns for other rooms' models; this room has no table of its own (its keys live outside the database)."""

from __future__ import annotations

import json
from typing import Any, Generic, TypeVar, cast, overload
from uuid import UUID

from django.db import models

from souto.foundation.vault import cipher, keys

T = TypeVar("T")


class SealedRecord(models.Model):
    """A record with a key of its own. Destroy the key and every sealed column of the row is erased."""

    key_id = models.UUIDField(default=keys.create_key, editable=False)

    class Meta:
        abstract = True

    @property
    def is_erased(self) -> bool:
        """True once the record's key was destroyed."""
        try:
            keys.read_key(self.key_id)
        except keys.KeyDestroyedError:
            return True
        return False


class SealedJSON(Generic[T]):
    """Reads and writes a JSON value through a sealed `BinaryField` named `column`.

    class Draft(SealedRecord):
        answers_sealed = models.BinaryField()
        answers = SealedJSON[dict[str, Any]]("answers_sealed")

    Name `answers_sealed` in `update_fields`. Assign a whole value: changing it in place is not seen.
    """

    def __init__(self, column: str) -> None:
        self._column = column

    @overload
    def __get__(self, record: None, owner: type[SealedRecord]) -> SealedJSON[T]: ...
    @overload
    def __get__(self, record: SealedRecord, owner: type[SealedRecord]) -> T: ...
    def __get__(self, record: SealedRecord | None, owner: type[SealedRecord]) -> SealedJSON[T] | T:
        if record is None:
            return self
        sealed = bytes(getattr(record, self._column))
        return cast("T", open_json(sealed, key_id=record.key_id, column=self._bound(record)))

    def __set__(self, record: SealedRecord, value: T) -> None:
        setattr(record, self._column, seal_json(value, key_id=record.key_id, column=self._bound(record)))

    def _bound(self, record: SealedRecord) -> str:
        return f"{record._meta.label_lower}.{self._column}"


def seal_json(value: Any, *, key_id: UUID, column: str) -> bytes:
    """Seal a JSON value under a record's key, bound to the column's name."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return cipher.seal(plain, key=keys.read_key(key_id), bound_to=key_id.bytes + column.encode())


def open_json(sealed: bytes, *, key_id: UUID, column: str) -> Any:
    """Open what `seal_json` made; raises `KeyDestroyedError` once the record was erased."""
    return json.loads(cipher.unseal(sealed, key=keys.read_key(key_id), bound_to=key_id.bytes + column.encode()))
