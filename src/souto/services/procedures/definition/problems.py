"""What is wrong: with an answer (for the person who fills in), and with a definition (for its editor)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from souto.kernel.language import LocalText, say


class FieldProblem(Exception):  # noqa: N818 - a finding, not a fault of the program
    """One answer cannot be taken. `message` is a text of `messages`, `params` fill its places (a wording among them is said in the
    page's language); `part` names the sub-control (`"day"` of a date) that the person should mend.
    """

    def __init__(self, message: str, *, part: str = "", **params: Any) -> None:
        self.message = message
        self.part = part
        self.params = params
        super().__init__(message)


@dataclass(frozen=True)
class Problem:
    """A `FieldProblem` with its place: page, path (`children/a1b2c3d4/name`), sub-control. `row` names the row where a group has several
    (`お子さん`, 2), so that two sentences about two rows can be told apart.
    """

    path: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    page_key: str = ""
    part: str = ""
    row: tuple[LocalText, int] | None = None

    @property
    def control(self) -> str:
        """The HTML id of the control that a link in the error summary leads to."""
        return control_id(self.path, self.part)

    def say(self, language: str, translate: Callable[[str], str] = str) -> str:
        """The sentence; `translate` looks the message up in the catalogue of `language`."""
        filled = {
            name: say(value, language) if isinstance(value, Mapping) else value for name, value in self.params.items()
        }
        sentence = translate(self.message) % filled if filled else translate(self.message)
        # Sentences of the kernel end with a full stop; beside a field and in the summary none has one.
        sentence = sentence.removesuffix("。").removesuffix(".")
        if self.row is None:
            return sentence
        label, number = self.row
        return f"{say(label, language)} {number}{': ' if language == 'en' else '：'}{sentence}"


def control_id(path: str, part: str = "") -> str:
    """`children/a1b2c3d4/name` and `"family"` -> `f-children-a1b2c3d4-name-family`."""
    return "-".join(["f", *path.split("/"), *([part] if part else [])])


class Severity(StrEnum):
    """How much a finding about a definition weighs."""

    ERROR = "error"
    """It cannot be published."""
    WARNING = "warning"
    """It can, but somebody should look: a missing translation, say."""


@dataclass(frozen=True, slots=True)
class PublishProblem:
    """A finding about a definition; `page` and `field` are keys, empty where it concerns the whole."""

    page: str
    field: str
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        place = " › ".join(part for part in (self.page, self.field) if part)
        return f"{place}: {self.message}" if place else self.message
