"""What `souto check` asks of this room's settings: whatever would otherwise stop the first resident who signs in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution

from souto.foundation.identity.jpki import Unconfigured
from souto.foundation.identity.relying_party import ClientKeyError, load_client_key
from souto.foundation.identity.seams import resident_register
from souto.foundation.identity.signing import trust
from souto.kernel.errors import SoutoError


def check_settings(**_: Any) -> list[CheckMessage]:
    """The client's key, the roots and lists of JPKI, the resident register."""
    if settings.IDENTITY["demo_provider"] is not None:
        return []
    found = [
        Error(f"{what}: {problem}", id=identifier)
        for identifier, what, attempt in (
            ("identity.E001", "SOUTO_IDENTITY_CLIENT_KEY", load_client_key),
            ("identity.E002", "SOUTO_JPKI_…", trust.configured),
            ("identity.E003", "SOUTO_RESIDENT_REGISTER", resident_register),
        )
        if (problem := _problem(attempt))
    ]
    return [*found, *_unconfirmed()] if not found else list(found)


def _unconfirmed() -> list[CheckMessage]:
    """Not an error: a city may begin like this, and every signature says so."""
    if not isinstance(trust.configured().revocation, Unconfigured):
        return []
    text = (
        "no source of revocation is configured (SOUTO_JPKI_CRLS, SOUTO_JPKI_PLATFORM): signatures stay 本人確認未完了"
    )
    return [Caution(text, id="identity.W001")]


def _problem(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except (ClientKeyError, SoutoError, OSError, ImportError, ValueError) as error:
        return str(error)
    return ""
