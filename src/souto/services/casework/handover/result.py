"""What a core system answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from souto.services.casework.handover.package import json_bytes

FORMAT = "souto-handover-result"
FORMAT_VERSION = 1
#: A result is a few lines; more than this (bytes) is something else.
LARGEST = 1_000_000


class ResultState(StrEnum):
    """What became of a package."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class ResultBrokenError(ValueError):
    """The file is no result; the text says what is missing, in Japanese, for the officer."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a package was refused: the core system's own code, and words."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """An answer to the package of this name and SHA-256; `number` is the core system's own number once it accepted."""

    package: str
    package_sha256: str
    state: ResultState
    answered_at: datetime
    number: str = ""
    reasons: tuple[Reason, ...] = ()

    def as_bytes(self) -> bytes:
        """The file's content."""
        return json_bytes(
            {
                "format": FORMAT,
                "format_version": FORMAT_VERSION,
                "package": self.package,
                "package_sha256": self.package_sha256,
                "state": self.state.value,
                "number": self.number,
                "reasons": [{"code": r.code, "message": r.message} for r in self.reasons],
                "answered_at": self.answered_at.isoformat(),
            }
        )

    @classmethod
    def parse(cls, content: bytes) -> Result:
        """Read a result file strictly; raises `ResultBrokenError`."""
        try:
            body = json.loads(content)
        except ValueError:
            raise ResultBrokenError("JSONとして読み取れません（途中で切れている可能性があります）。") from None
        if not isinstance(body, dict) or body.get("format") != FORMAT or body.get("format_version") != FORMAT_VERSION:
            raise ResultBrokenError("結果ファイルの形式が違います（format、format_version）。")
        return cls(
            package=_text(body, "package"),
            package_sha256=_text(body, "package_sha256"),
            state=_state(body),
            answered_at=_instant(body),
            number=_text(body, "number", needed=body.get("state") == ResultState.ACCEPTED),
            reasons=tuple(_reasons(body)),
        )


@dataclass(frozen=True, slots=True)
class Incoming:
    """A result file as it lies there: its name and SHA-256, and either the result or the problem (Japanese) for which it is set aside."""

    name: str
    sha256: str
    result: Result | None = None
    problem: str = ""


def _text(body: dict[str, Any], key: str, *, needed: bool = True) -> str:
    value = body.get(key, "")
    if not isinstance(value, str) or len(value) > 200 or (needed and not value):
        raise ResultBrokenError(f"結果ファイルの「{key}」がありません。")
    return value


def _state(body: dict[str, Any]) -> ResultState:
    try:
        return ResultState(body.get("state", ""))
    except ValueError:
        raise ResultBrokenError("結果ファイルの「state」は accepted か refused のどちらかです。") from None


def _instant(body: dict[str, Any]) -> datetime:
    try:
        found = datetime.fromisoformat(_text(body, "answered_at"))
    except ValueError as error:
        if isinstance(error, ResultBrokenError):
            raise
        raise ResultBrokenError("結果ファイルの「answered_at」を日時として読み取れません。") from None
    if found.tzinfo is None:
        raise ResultBrokenError("結果ファイルの「answered_at」に時差がありません（例：+09:00）。")
    return found


def _reasons(body: dict[str, Any]) -> Sequence[Reason]:
    found = body.get("reasons", [])
    if not isinstance(found, list) or not all(isinstance(r, dict) for r in found):
        raise ResultBrokenError("結果ファイルの「reasons」を読み取れません。")
    return [Reason(str(r.get("code", ""))[:64], str(r.get("message", ""))[:500]) for r in found[:50]]
