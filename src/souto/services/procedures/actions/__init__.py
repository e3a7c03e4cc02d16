"""Every write of this room."""

from __future__ import annotations

from souto.services.procedures.actions.inventory import (
    ImportReport,
    InventoryUnreadableError,
    RowRefusedError,
    import_inventory,
    mend_row,
    read_csv,
    record_fact,
    set_aside_row,
)
from souto.services.procedures.actions.versions import (
    NotADraftError,
    PublishRefusedError,
    discard_draft,
    import_yaml,
    publish,
)

__all__ = [
    "ImportReport",
    "InventoryUnreadableError",
    "NotADraftError",
    "PublishRefusedError",
    "RowRefusedError",
    "discard_draft",
    "import_inventory",
    "import_yaml",
    "mend_row",
    "publish",
    "read_csv",
    "record_fact",
    "set_aside_row",
]
