"""What identity keeps in a browser's session: sign-ins under way, and the sign-in itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import auth
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from souto.foundation.identity import queries
from souto.foundation.identity.middleware import ASSURANCE_KEY
from souto.foundation.identity.oidc import Secrets
from souto.kernel import clock

_KEY: Final = "sign_ins"
_CHALLENGE: Final = "passkey_challenge"
#: A working day: staff sign in each morning.
_STAFF_SECONDS: Final = 10 * 60 * 60
_KEPT: Final = 5
_LASTS_SECONDS: Final = 600
_BACKEND: Final = "souto.foundation.identity.backends.SessionBackend"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in under way in this browser: its secrets, and the page to come back to."""

    secrets: Secrets
    next: str


def keep_sign_in(request: HttpRequest, secrets: Secrets, *, next_path: str) -> None:
    """Remember a sign-in that this browser began; the oldest of several goes."""
    kept: list[dict[str, Any]] = request.session.get(_KEY, [])
    entry = {**secrets.as_dict(), "next": next_path, "at": clock.real_now().timestamp()}
    request.session[_KEY] = [*kept, entry][-_KEPT:]


def take_sign_in(request: HttpRequest, state: str) -> SignIn | None:
    """The sign-in of this browser that `state` names, once; None for a replayed, foreign or old one."""
    kept: list[dict[str, Any]] = request.session.get(_KEY, [])
    request.session[_KEY] = [entry for entry in kept if entry["state"] != state]
    found = next((entry for entry in kept if entry["state"] == state), None)
    if found is None or clock.real_now().timestamp() - found["at"] > _LASTS_SECONDS:
        return None
    return SignIn(Secrets(found["state"], found["nonce"], found["verifier"]), found["next"])


def keep_challenge(request: HttpRequest, challenge: str) -> None:
    """Remember what this browser's authenticator was asked; a newer question replaces it."""
    request.session[_CHALLENGE] = {"challenge": challenge, "at": clock.real_now().timestamp()}


def take_challenge(request: HttpRequest) -> str:
    """The question that this browser was asked, once; "" when there is none or it is too old."""
    found: dict[str, Any] = request.session.pop(_CHALLENGE, None) or {}
    fresh = clock.real_now().timestamp() - found.get("at", 0) <= _LASTS_SECONDS
    return str(found["challenge"]) if found and fresh else ""


def open_session(request: HttpRequest, account_id: UUID, *, assurance: int) -> None:
    """Sign the account in: the session gets a new key (nobody can plant one beforehand), the form token too."""
    account = queries.get_account(account_id)
    auth.login(request, account, backend=_BACKEND)
    request.session.pop(_KEY, None)
    if account.staff_id is not None:
        request.session.set_expiry(_STAFF_SECONDS)
    request.session[ASSURANCE_KEY] = assurance


def close_session(request: HttpRequest) -> None:
    """Sign out of this browser; everything in the session goes."""
    auth.logout(request)


def own_path(text: str, *, default: str) -> str:
    """`text` when it is a path of this site, else `default`: nobody is sent elsewhere after signing in."""
    inside = text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    return text if inside and len(text) <= 500 else default
