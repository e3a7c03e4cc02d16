"""The dispatch engine as processes around this room start it: loaded beside a server's requests, or compiled by `souto warm`."""

from __future__ import annotations

from souto.services.transit.engine import EngineStartingError, State, begin, fill, folder, is_compiled, serve, state

__all__ = ["EngineStartingError", "State", "begin", "fill", "folder", "is_compiled", "serve", "state"]
