from __future__ import annotations

from souto.foundation.ui.rooms import Room


class RetentionConfig(Room):
    """Retention and disposal (保存と廃棄): how long records are kept, lists that people review and approve, erasure record by record."""

    name = "souto.foundation.retention"
    label = "retention"
