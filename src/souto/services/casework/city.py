"""What the city has agreed for its casework: `casework.toml` in the city folder."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict

from souto.services.casework.handover import Column, Columns

_STRICT = ConfigDict(frozen=True, extra="forbid")
Text = dict[str, str]


class Notice(BaseModel):
    """The notice of a decision (通知書): who signs it, and how a refusal can be appealed (教示); a paragraph each."""

    model_config = _STRICT

    issuer: Text
    appeal: tuple[Text, ...] = ()
    #: The words are samples: the city's own legal section has not confirmed them.
    is_sample: bool = True


class CorrectionWording(BaseModel):
    """A suggested wording (文例) for asking to correct a field."""

    model_config = _STRICT

    text: Text


class Table(BaseModel):
    """A CSV line for one procedure: columns as `[title, source]`."""

    model_config = _STRICT

    procedure: str
    name: str = "table.csv"
    encoding: Literal["utf-8", "shift_jis"] = "utf-8"
    header: bool = True
    columns: tuple[tuple[str, str], ...]

    def as_columns(self) -> Columns:
        """The table as the engine takes it."""
        return Columns([Column(t, s) for t, s in self.columns], self.encoding, header=self.header, name=self.name)


class CoreSystem(BaseModel):
    """A core system (基幹システム): its code in procedures, what officers call it, and the layout of its packages."""

    model_config = _STRICT

    code: str
    name: str
    layout: Literal["zip", "folder"] = "zip"
    table: tuple[Table, ...] = ()

    def columns_for(self, procedure: str) -> Columns | None:
        """The CSV table that it takes for a procedure, if any."""
        found = next((t for t in self.table if t.procedure == procedure), None)
        return found.as_columns() if found else None


class Rules(BaseModel):
    """The whole file."""

    model_config = _STRICT

    notice: Notice
    correction_days: int = 14
    wording: tuple[CorrectionWording, ...] = ()
    core_system: tuple[CoreSystem, ...] = ()


@lru_cache(maxsize=4)
def _rules(path: Path, _changed: int) -> Rules:
    return Rules.model_validate(tomllib.loads(path.read_text("utf-8")))


def rules() -> Rules:
    """The city's rules; read again when the file changes."""
    path = Path(settings.CITY_DIR) / "casework.toml"
    return _rules(path, path.stat().st_mtime_ns)


def core_system(code: str) -> CoreSystem:
    """The core system of this code; one that the file does not name takes ZIP packages under its code."""
    return next((s for s in rules().core_system if s.code == code), None) or CoreSystem(code=code, name=code)
