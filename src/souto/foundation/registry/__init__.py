"""Base registries: towns, postal codes, addresses, corporate numbers."""
