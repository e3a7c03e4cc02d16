from __future__ import annotations

from souto.foundation.ui.rooms import Room


class VaultConfig(Room):
    """Keys of records (鍵), sealed columns, keyed hashes, sealed storage: erase the key and the record is erased, in backups too."""

    name = "souto.foundation.vault"
    label = "vault"
