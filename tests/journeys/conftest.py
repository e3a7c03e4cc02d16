"""Fixtures of the journeys."""

from __future__ import annotations

from tests.journeys.browser import chromium, contexts, visit

__all__ = ["chromium", "contexts", "visit"]
