"""The persons of the story, their devices, and what they have learnt on the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from django.conf import settings

from souto.demo.authenticator import SoftwareAuthenticator
from souto.demo.walking import Page, Visitor, WalkError

T = TypeVar("T")


class Cast:
    """Residents and officers by name. `notes` holds what later scenes need (numbers, addresses, figures)."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self.notes: dict[str, str] = {}
        self._visitors: dict[str, Visitor] = {}
        self._devices: dict[str, SoftwareAuthenticator] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for visitor in self._visitors.values():
            visitor.close()

    def visitor(self, who: str, *, language: str = "ja") -> Visitor:
        """The browser of `who` (one for each name)."""
        if who not in self._visitors:
            self._visitors[who] = Visitor(self.base_url, language=language)
        return self._visitors[who]

    def leave(self, who: str) -> None:
        """`who` closes her browser; its cookies are gone."""
        self._visitors.pop(who).close()

    def device(self, who: str) -> SoftwareAuthenticator:
        """The passkey device of a staff member."""
        return self._devices.setdefault(who, SoftwareAuthenticator(self.base_url))

    def wait(self, what: str, look: Callable[[], T | None], *, seconds: float = 60) -> T:
        """Look again until `look` gives something; background work (PDF, mail, hand-over) takes its moment."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = look()
            if found is not None:
                return found
            time.sleep(0.3)
        raise WalkError(f"{what} did not come within {seconds:g} s")

    def mails(self) -> list[bytes]:
        """The e-mails that were sent so far."""
        folder = Path(settings.STATE_DIR) / "mail" / "new"
        return [path.read_bytes() for path in sorted(folder.glob("*"))] if folder.exists() else []


def sign_in_resident(cast: Cast, who: str, resident: str, *, to: str) -> Page:
    """Sign in with the card of `resident` at the demo provider and go on to `to`."""
    visitor = cast.visitor(who)
    page = visitor.open(f"/sign-in?next={to}")
    if page.path == to:
        return page  # she is signed in on this device
    page = visitor.send(button="カードでサインインする")
    if "resident" not in page.form("resident").names:
        raise WalkError("the provider offers no cards")
    return visitor.send({"resident": resident, "answer": "yes"}, having="resident")
