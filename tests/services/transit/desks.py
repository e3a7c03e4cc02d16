"""Callers of the desks of demand transit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from souto.foundation.identity.roles import Role
from tests.services.procedures.helpers import desk, resident_client

#: Who may not see a planner's desk, and what each is answered.
OTHERS: dict[str, tuple[Callable[[], Client], int]] = {
    "anonymous": (Client, 302),
    "resident": (resident_client, 404),
    "officer": (lambda: desk(Role.OFFICER), 403),
    "auditor": (lambda: desk(Role.AUDITOR), 403),
}


def planner() -> Client:
    """The browser of a transport planner."""
    return desk(Role.DISPATCHER)


def text_of(answer: Any) -> str:
    """The page as text."""
    return str(answer.content.decode())
