"""The ASGI application of the demo provider: `uvicorn souto.foundation.identity.demo_provider.asgi:app`."""

from __future__ import annotations

from souto.foundation.identity.demo_provider.application import build
from souto.foundation.identity.demo_provider.config import Config

app = build(Config.from_settings())
