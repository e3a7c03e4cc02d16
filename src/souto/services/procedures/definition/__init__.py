"""The definition engine (手続の定義): what a procedure asks, and whether the answers will do.

The problem: one frozen value must say what residents read and are asked, which answers count, and what is still missing; the same
everywhere it is asked, on any version, for years. The method: a pydantic model; fields in one hierarchy (`fields/`, a file a type) that
hold definition and value together; conditions and computed fields as small typed trees (`conditions`, `expressions`) evaluated lazily
with hidden answers unseen (`evaluation`); answers checked page by page and as a whole by the same code (`answering`); static checks
before publication (`check`); YAML with pure upgraders (`yaml_io`, `upgrades`); JSON Schema derived (`json_schema`); a hash over RFC 8785
canonical JSON (`canonical`). Values are JSON; amounts are yen; dates are ISO; lengths count characters as a person sees them. It knows no Django.
"""

from souto.services.procedures.definition.answering import PageCheck
from souto.services.procedures.definition.evaluation import Visible
from souto.services.procedures.definition.model import (
    CATEGORIES,
    SCHEMA_VERSION,
    Definition,
    Fee,
    Outcome,
    Page,
    UnknownPageError,
)
from souto.services.procedures.definition.problems import FieldProblem, Problem, PublishProblem, Severity, control_id

__all__ = [
    "CATEGORIES",
    "SCHEMA_VERSION",
    "Definition",
    "Fee",
    "FieldProblem",
    "Outcome",
    "Page",
    "PageCheck",
    "Problem",
    "PublishProblem",
    "Severity",
    "UnknownPageError",
    "Visible",
    "control_id",
]
