"""What rooms above plug into this one."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from souto.kernel.actor import Actor
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


ActorLabel = Callable[[Actor], str]

_actor_label: list[ActorLabel] = []


def label_actors(label: ActorLabel) -> ActorLabel:
    """Let `label` say who is signed in ("市民課 佐藤"); asked only where the header shows it."""
    _actor_label[:] = [label]
    return label


def actor_label(actor: Actor) -> str:
    """What the header calls the signed-in person; empty where nobody told."""
    return _actor_label[0](actor) if _actor_label else ""
