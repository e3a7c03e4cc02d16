"""JSON Schema (2020-12) of the answers to a procedure, derived: for hand-over, for other systems, for the API."""

from __future__ import annotations

from souto.services.procedures.definition.base import Value
from souto.services.procedures.definition.fields import ComputedField
from souto.services.procedures.definition.fields.base import JsonSchema
from souto.services.procedures.definition.model import Definition

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def derive(definition: Definition) -> JsonSchema:
    """The schema of cleaned answers. What a condition may hide is not required here; `x-souto-condition` says when it is asked,
    `x-gif` names the matching item of GIF.
    """
    properties: dict[str, Value] = {}
    required: list[str] = []
    for page, field in definition.all_fields():
        schema: JsonSchema = {"title": field.label["ja"], **field.json_schema()}
        if field.help:
            schema["description"] = field.help["ja"]
        if field.gif:
            schema["x-gif"] = field.gif
        conditions = [c.model_dump(mode="json", by_alias=True) for c in (page.condition, field.condition) if c]
        if conditions:
            schema["x-souto-condition"] = conditions[0] if len(conditions) == 1 else {"all": conditions}
        elif field.required and not isinstance(field, ComputedField):
            required.append(field.key)
        properties[field.key] = schema
    return {
        "$schema": DIALECT,
        "title": definition.title["ja"],
        "description": definition.summary["ja"],
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
