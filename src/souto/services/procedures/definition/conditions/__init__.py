"""Conditions (表示の条件): a small typed expression tree, evaluated on the server only.

In YAML each node is a mapping with one key:

    all: [ {equals: {field: delivery, value: mail}}, {not: {answered: reason}} ]

A hidden or missing answer makes every comparison false, so `not` of it is true. A row of a repeating group sees its own fields first.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from souto.services.procedures.definition.conditions.leaves import (
    AgeAtLeast,
    AgeBelow,
    Always,
    Answered,
    AtLeast,
    AtMost,
    Contains,
    Equals,
    FactIs,
    Greater,
    Less,
    OneOf,
)
from souto.services.procedures.definition.conditions.node import Node
from souto.services.procedures.definition.conditions.trees import All, AnyOf, AnyRow, EveryRow, Not, RowsWhere

_TYPES: dict[str, type[Node]] = {
    "all": All, "any": AnyOf, "not": Not, "answered": Answered, "equals": Equals, "in": OneOf, "contains": Contains,
    "greater": Greater, "at_least": AtLeast, "less": Less, "at_most": AtMost, "age_at_least": AgeAtLeast,
    "age_below": AgeBelow, "any_row": AnyRow, "every_row": EveryRow, "fact": FactIs, "always": Always,
}  # fmt: skip

#: The words of the language of conditions.
WORDS = tuple(_TYPES)


def _word(value: Any) -> str | None:
    if isinstance(value, dict) and len(value) == 1:
        return str(next(iter(value)))
    return next((word for word, type_ in _TYPES.items() if type(value) is type_), None)


Condition = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Answered, Tag("answered")]
    | Annotated[Equals, Tag("equals")]
    | Annotated[OneOf, Tag("in")]
    | Annotated[Contains, Tag("contains")]
    | Annotated[Greater, Tag("greater")]
    | Annotated[AtLeast, Tag("at_least")]
    | Annotated[Less, Tag("less")]
    | Annotated[AtMost, Tag("at_most")]
    | Annotated[AgeAtLeast, Tag("age_at_least")]
    | Annotated[AgeBelow, Tag("age_below")]
    | Annotated[AnyRow, Tag("any_row")]
    | Annotated[EveryRow, Tag("every_row")]
    | Annotated[FactIs, Tag("fact")]
    | Annotated[Always, Tag("always")],
    Discriminator(_word),
]

for _model in (All, AnyOf, Not, RowsWhere, AnyRow, EveryRow):
    _model.model_rebuild(_types_namespace={"Condition": Condition})

__all__ = ["WORDS", "Condition", "Node"]
