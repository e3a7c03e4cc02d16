"""The field types (項目の種類), one file each."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field as PydanticField

from souto.services.procedures.definition.fields.address import AddressField
from souto.services.procedures.definition.fields.base import FieldBase
from souto.services.procedures.definition.fields.choice import ChoiceField, Option
from souto.services.procedures.definition.fields.computed import ComputedField
from souto.services.procedures.definition.fields.consent import ConsentField
from souto.services.procedures.definition.fields.date import DateField
from souto.services.procedures.definition.fields.email import EmailField
from souto.services.procedures.definition.fields.file import FileField
from souto.services.procedures.definition.fields.group import GroupField, ItemField, RowProblems
from souto.services.procedures.definition.fields.kana import KanaField
from souto.services.procedures.definition.fields.map_point import Box, Landmark, MapPointField
from souto.services.procedures.definition.fields.multi_choice import MultiChoiceField
from souto.services.procedures.definition.fields.name import NameField
from souto.services.procedures.definition.fields.number import NumberField
from souto.services.procedures.definition.fields.phone import PhoneField
from souto.services.procedures.definition.fields.text import TextField
from souto.services.procedures.definition.fields.yen import YenField
from souto.services.procedures.definition.fields.yes_no import YesNoField

#: Any field, told apart by `type`.
Field = Annotated[
    TextField
    | KanaField
    | NameField
    | DateField
    | AddressField
    | PhoneField
    | EmailField
    | NumberField
    | YenField
    | ChoiceField
    | MultiChoiceField
    | YesNoField
    | ConsentField
    | FileField
    | MapPointField
    | GroupField
    | ComputedField,
    PydanticField(discriminator="type"),
]

__all__ = [
    "AddressField",
    "Box",
    "ChoiceField",
    "ComputedField",
    "ConsentField",
    "DateField",
    "EmailField",
    "Field",
    "FieldBase",
    "FileField",
    "GroupField",
    "ItemField",
    "KanaField",
    "Landmark",
    "MapPointField",
    "MultiChoiceField",
    "NameField",
    "NumberField",
    "Option",
    "PhoneField",
    "RowProblems",
    "TextField",
    "YenField",
    "YesNoField",
]
