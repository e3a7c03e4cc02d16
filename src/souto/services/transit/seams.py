"""What a process does for the dispatch engine: servers load it beside their requests, `souto warm` compiles it."""

from __future__ import annotations

from souto.services.transit.engine import EngineStartingError, State, begin, fill, folder, is_compiled, serve, state

__all__ = ["EngineStartingError", "State", "begin", "fill", "folder", "is_compiled", "serve", "state"]
