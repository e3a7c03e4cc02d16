"""Base pages, components, template tags, view and API helpers; no tables."""
