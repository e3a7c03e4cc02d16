"""Keys of records (鍵), sealed columns, keyed hashes, sealed storage: erase the key and the record is erased, in backups too."""
