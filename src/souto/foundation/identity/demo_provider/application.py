"""The demo provider as a Starlette application."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Route

from souto.foundation.identity.demo_provider import answers, pages
from souto.foundation.identity.demo_provider.config import Config
from souto.foundation.identity.demo_provider.protocol import RefusedError
from souto.foundation.identity.demo_provider.provider import DemoProvider

_BASE = "/api/realms/main"
_OIDC = f"{_BASE}/protocol/openid-connect"


def build(config: Config) -> Starlette:
    """The application over one configuration."""
    app = Starlette(
        routes=[
            Route("/", pages.home),
            Route("/static/style.css", pages.style),
            Route(f"{_OIDC}/auth", pages.authorize),
            Route("/card", pages.card, methods=["POST"]),
            Route(f"{_OIDC}/token", answers.token, methods=["POST"]),
            Route(f"{_OIDC}/userinfo", answers.userinfo),
            Route(f"{_OIDC}/certs", answers.certs),
            Route(f"{_BASE}/.well-known/openid-configuration", answers.discovery),
            Route("/api/sign-transactions", answers.new_sign_transaction, methods=["POST"]),
            Route("/api/sign-transactions/{transaction_id}/result", answers.sign_result),
        ],
        exception_handlers={RefusedError: answers.refusal},
    )
    app.state.provider = DemoProvider.open(config)
    return app
