"""Erasing a record: what is left to be done outside the database (doing it twice does no harm), and what the record answers afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.core.files.storage import default_storage

from souto.foundation.vault.keys import destroy_key
from souto.kernel.errors import SoutoError


class DisposedError(SoutoError):
    """The record was disposed of after its retention period (410): its content is gone, the list names it. For those who could see it."""

    message = "保存期間が終わったため、%(on)sに廃棄しました（廃棄一覧：%(under)s）。内容は残っていません。"
    status: ClassVar[int] = 410

    def __init__(self, on: date, under: str) -> None:
        super().__init__(on=f"{on:%Y/%m/%d}", under=under)


@dataclass(frozen=True, slots=True)
class Erasure:
    """Keys and names of sealed files that go once the transaction has committed; `counts` says what they were, by kind."""

    keys: tuple[UUID, ...] = ()
    files: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Erasure) -> Erasure:
        counts = Counter(self.counts)
        counts.update(other.counts)
        return Erasure((*self.keys, *other.keys), (*self.files, *other.files), dict(counts))

    def carry_out(self) -> None:
        """Destroy the keys first: from then on nothing can be read, whatever becomes of the files."""
        for key_id in self.keys:
            destroy_key(key_id)
        for name in self.files:
            default_storage.delete(name)
