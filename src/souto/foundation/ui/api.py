"""What the open APIs of the rooms answer alike."""

from __future__ import annotations

from ninja import Field, Schema


class Problem(Schema):
    """What was wrong, for a person, in the language of the request."""

    message: str
    fields: list[str] = Field([], description="names of the parameters that could not be read (422)")
