"""What rooms above plug into this one."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from souto.kernel.errors import SoutoError

RefusalObserver = Callable[[HttpRequest, SoutoError], None]

_observers: list[RefusalObserver] = []


def observe_refusals(observer: RefusalObserver) -> RefusalObserver:
    """Let `observer` hear of every hidden record and every forbidden action that a page refused."""
    if observer not in _observers:
        _observers.append(observer)
    return observer


def announce_refusal(request: HttpRequest, error: SoutoError) -> None:
    """Tell every observer."""
    for observer in _observers:
        observer(request, error)
