"""Retention and disposal (保存と廃棄): how long records are kept, lists that people review and approve, erasure record by record."""
