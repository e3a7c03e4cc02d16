"""The reference of the YAML names everything there is: every key, every type, every word of conditions and expressions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from souto.services.procedures.definition import CATEGORIES, Definition, conditions, expressions, facts
from souto.services.procedures.definition.fields import ComputedField, Field, FieldBase, GroupField, ItemField
from souto.services.procedures.inventory_rows import COLUMNS

DOCS = Path(__file__).resolve().parents[3] / "docs"
NAMED = set(re.findall(r"[a-z_]+(?:[.-][a-z_]+)*", (DOCS / "reference/procedure-yaml.md").read_text(encoding="utf-8")))
TYPES: list[type[FieldBase]] = list(get_args(get_args(Field)[0]))


def test_every_type_of_field_is_there() -> None:
    assert len(TYPES) == 17
    assert {*get_args(get_args(ItemField)[0]), GroupField, ComputedField} == set(TYPES)


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_every_key_of_a_type_is_described(kind: type[FieldBase]) -> None:
    assert set(kind.model_fields) - NAMED == set()
    assert set(get_args(kind.model_fields["type"].annotation)) <= NAMED


def test_every_key_of_a_procedure_and_every_word_is_described() -> None:
    words = {*Definition.model_fields, *conditions.WORDS, *expressions.WORDS, *CATEGORIES}

    assert words - NAMED - {"constant"} == set()
    assert {name for name in facts.KNOWN if "." in name} <= NAMED


def test_every_column_of_the_inventory_is_described() -> None:
    guide = (DOCS / "how-to/add-a-procedure.md").read_text(encoding="utf-8")

    assert [name for name in COLUMNS if f"`{name}`" not in guide] == []
