"""The layout of a notice file, as data."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

#: The fields that every mapping gives.
REQUIRED = frozenset({"stage", "case_key", "confirmation", "office", "received_on", "amount"})


class MappingError(ValueError):
    """The mapping contradicts itself; the message names the place."""


class FieldRule(BaseModel):
    """Where a field stands: `start` (from 0) and `length` in bytes for fixed records, `column` (from 0) for CSV. `values` translates codes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: int = 0
    length: int = 0
    column: int = -1
    values: dict[str, str] = {}
    date: str = "%Y%m%d"


class NoticeMapping(BaseModel):
    """One layout. Records begin with a type (fixed: `type_start`/`type_length`; CSV: the first column): `data`, `header`, `trailer`.

    The trailer's `count` and `total` must agree with the data, otherwise the file was cut.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    format: Literal["fixed", "csv"]
    encoding: Literal["utf-8", "cp932"] = "utf-8"
    record_length: int = 0
    type_rule: FieldRule
    data_type: str
    header_type: str
    trailer_type: str
    count: FieldRule
    total: FieldRule
    fields: dict[str, FieldRule]
    is_demo: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = REQUIRED - set(self.fields)
        if missing:
            raise ValueError(f"{self.name}: no rule for {', '.join(sorted(missing))}")
        for key, rule in {**self.fields, "count": self.count, "total": self.total, "type": self.type_rule}.items():
            if self.format == "fixed" and (rule.length <= 0 or rule.start + rule.length > self.record_length):
                raise ValueError(f"{self.name}.{key}: start and length do not lie in the record")
            if self.format == "csv" and rule.column < 0:
                raise ValueError(f"{self.name}.{key}: a column is missing")
        return self


def load_mappings(path: Path) -> dict[str, NoticeMapping]:
    """Every mapping of a TOML file by name; no file, no mappings. Raises `MappingError`."""
    if not path.exists():
        return {}
    try:
        found = [NoticeMapping.model_validate(raw) for raw in tomllib.loads(path.read_text("utf-8")).get("mapping", [])]
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise MappingError(f"{path.name}: {error}") from error
    return {m.name: m for m in found}
