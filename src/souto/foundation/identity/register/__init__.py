"""Connections to the resident register (住民記録)."""
