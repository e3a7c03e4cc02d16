"""The model that every part of a definition is made of, and the names of its values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

#: A JSON value: what an answer is.
Value = Any
#: Answers by field key; a repeating group holds a list of rows, each with its `id`.
Answers = Mapping[str, Value]
#: What is known besides the answers (see `facts`).
Facts = Mapping[str, Value]
#: A form as posted: names are paths, parts of one field are suffixed (`birth_date.year`).
RawData = Mapping[str, Sequence[str]]

KEY_PATTERN = r"^[a-z][a-z0-9_]{0,62}$"
Key = Annotated[str, StringConstraints(pattern=KEY_PATTERN)]
#: The code of an option, an outcome, a landmark.
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
#: `copies`, or `children/name` for a field of the rows of a group.
Reference = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}(/[a-z][a-z0-9_]{0,62})?$")]

_ROW_ID = re.compile(r"[0-9a-f]{8}")


class Model(BaseModel):
    """Frozen, and nothing unknown passes: a misspelt key in YAML is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, strict=False)


class Kind(StrEnum):
    """What a field's value is, for conditions and computed fields."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CODE = "code"
    CODES = "codes"
    FLAG = "flag"
    RECORD = "record"
    FILES = "files"
    ROWS = "rows"


_PATH = re.compile(r"[a-z][a-z0-9_]{0,62}(/[0-9a-f]{8}/[a-z][a-z0-9_]{0,62})?")


def is_path(text: str) -> bool:
    """True for the path of an answer: `address`, `children/a1b2c3d4/child_address`."""
    return bool(_PATH.fullmatch(text))


def is_row_id(text: str) -> bool:
    """True for the id of a row of a repeating group: 8 hexadecimal digits."""
    return bool(_ROW_ID.fullmatch(text))


def first(raw: RawData, name: str) -> str:
    """The first value posted under `name`, or ""."""
    values = raw.get(name)
    return values[0] if values else ""
