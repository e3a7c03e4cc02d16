"""Procedures (手続): frozen, numbered versions of what a resident can file."""
