"""Adding and removing rows of a repeating group, by named submit buttons: it works without JavaScript.

<button name="add:children">        <button name="remove:children/a1b2c3d4">
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from souto.services.procedures.definition.base import RawData
from souto.services.procedures.definition.fields import GroupField

if TYPE_CHECKING:
    from souto.services.procedures.definition.model import Definition

ADD, REMOVE = "add:", "remove:"


def new_row_id() -> str:
    """Eight hexadecimal digits."""
    return secrets.token_hex(4)


def press(definition: Definition, raw: RawData, *, row_id: str | None = None) -> dict[str, list[str]] | None:
    """The form as it is after the row button in `raw` was pressed; None where no such button was.

    A full group gets no further row. What was typed in a removed row goes with it.
    """
    button = next((name for name in raw if name.startswith((ADD, REMOVE))), None)
    if button is None:
        return None
    form = {name: list(values) for name, values in raw.items() if not name.startswith((ADD, REMOVE))}
    path, _, removed = button.removeprefix(ADD).removeprefix(REMOVE).partition("/")
    group = definition.field_at(path)
    if not isinstance(group, GroupField):
        return form
    ids = group.row_ids(form, path)
    if button.startswith(ADD):
        if len(ids) < group.max_rows:
            ids.append(row_id or new_row_id())
    else:
        ids = [known for known in ids if known != removed]
        form = {name: values for name, values in form.items() if not name.startswith(f"{path}/{removed}/")}
    return {**form, path: ids}


def opened(group: GroupField, raw: RawData, *, path: str) -> dict[str, list[str]]:
    """`raw` with the rows that an empty group is first shown with: as many as it needs, at least one where it is required."""
    ids = group.row_ids(raw, path)
    missing = group.least - len(ids)
    return {**{k: list(v) for k, v in raw.items()}, path: [*ids, *(new_row_id() for _ in range(missing))]}
