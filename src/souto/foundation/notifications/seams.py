"""Channels: the ways a message can go besides the inbox."""

from __future__ import annotations

from typing import Protocol


class UndeliverableError(Exception):
    """The address will never take this message; trying again is of no use."""


class Channel(Protocol):
    """A way to send: e-mail, SMS, push."""

    name: str

    def send(self, *, address: str, title: str, body: str, reference: str) -> None:
        """Send once; raises `UndeliverableError` for good, anything else for now. `reference` is stable over retries."""


_channels: dict[str, Channel] = {}


def register_channel(channel: Channel) -> None:
    """Offer a channel under its name."""
    _channels[channel.name] = channel


def find_channel(name: str) -> Channel:
    """The channel `name`; raises `LookupError`."""
    return _channels[name]
