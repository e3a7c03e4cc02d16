"""Which processes make up Souto on one host."""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from souto.config.identity import DEMO_ISSUER
from souto.config.supervisor.child import ChildSpec
from souto.config.supervisor.run import souto_command
from souto.config.supervisor.sockets import listen


@dataclass(frozen=True)
class Provider:
    """A demo provider: an external system that Souto talks to over the network, on an origin of its own."""

    name: str
    module: str


IDENTITY = Provider("identity", "souto.foundation.identity.demo_provider.asgi")
CASHLESS = Provider("cashless", "souto.services.payments.demo_provider.asgi")
CORE_SYSTEM = Provider("core", "souto.services.casework.demo_core_system.asgi")
PROVIDERS = (IDENTITY, CASHLESS, CORE_SYSTEM)
MAIL = "mail"


def present(module: str) -> bool:
    """Tell whether a module of Souto is part of this installation."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # the package that would hold it is not there
        return False


class DemoSockets:
    """The listening sockets of a demo: web, three providers, mail. With a base they stand on `base` to `base + 4`, else on free ports."""

    def __init__(self, base: int | None) -> None:
        self._sockets: dict[str, socket.socket] = {}
        names = ("web", *(provider.name for provider in PROVIDERS), MAIL)
        try:
            for offset, name in enumerate(names):
                self._sockets[name] = listen("127.0.0.1", 0 if base is None else base + offset)
        except BaseException:
            self.close()
            raise

    def __getitem__(self, name: str) -> socket.socket:
        return self._sockets[name]

    def port(self, name: str) -> int:
        """Return the port of one of them."""
        return int(self._sockets[name].getsockname()[1])

    def origin(self, name: str) -> str:
        """Return `http://localhost:port` of one of them."""
        return f"http://localhost:{self.port(name)}"

    def close(self) -> None:
        """Close them all."""
        for listener in self._sockets.values():
            listener.close()


def web(listener: socket.socket, *, processes: int) -> list[ChildSpec]:
    """Return web processes that share one listening socket."""
    port = int(listener.getsockname()[1])
    names = ["web"] if processes == 1 else [f"web{number}" for number in range(1, processes + 1)]
    command = souto_command("serve", "--fd", str(listener.fileno()))
    return [ChildSpec(name, command, files=(listener.fileno(),), addresses=(("127.0.0.1", port),)) for name in names]


def worker() -> ChildSpec:
    """Return the worker."""
    return ChildSpec("worker", souto_command("worker"))


def traffic() -> ChildSpec:
    """Return the demo's traffic: people who book and vehicles that drive."""
    settings = {"DJANGO_SETTINGS_MODULE": "souto.config.settings"}  # rooms read no environment themselves
    return ChildSpec("traffic", [sys.executable, "-m", "souto.demo.traffic"], settings)


def warming(*arguments: str) -> ChildSpec:
    """Return what compiles the dispatch engine once, beside everything else."""
    return ChildSpec("warming", souto_command("warm", "--gently", *arguments), once=True)


def demo_services(sockets: DemoSockets, mail_folder: Path) -> ChildSpec:
    """Return the demo's outside world: providers and mail (see `demo_services`)."""
    served = [*(provider.name for provider in PROVIDERS), MAIL]
    descriptors = {name: sockets[name].fileno() for name in served}
    command = [sys.executable, "-m", "souto.config.supervisor.demo_services", str(mail_folder)]
    return ChildSpec(
        "outside",
        [*command, *(f"{name}={number}" for name, number in descriptors.items())],
        files=tuple(descriptors.values()),
        addresses=tuple(
            ("127.0.0.1", sockets.port(provider.name)) for provider in PROVIDERS if present(provider.module)
        ),
    )


def demo_environment(sockets: DemoSockets, state: Path, database_url: str) -> Mapping[str, str]:
    """Return what a demo's processes find in their environment; a city's own settings do not reach it."""
    return {
        "SOUTO_DEMO": "1",
        "SOUTO_STATE": str(state),
        "DATABASE_URL": database_url,
        "DATABASE_DIRECT_URL": database_url,
        "SOUTO_BASE_URL": sockets.origin("web"),
        "SOUTO_HOSTS": "localhost,127.0.0.1",
        "SOUTO_FACES": "resident,staff,public",
        "SOUTO_IDENTITY_ISSUER": sockets.origin(IDENTITY.name) + urlsplit(DEMO_ISSUER).path,
        "SOUTO_CASHLESS_URL": sockets.origin(CASHLESS.name),
        "SOUTO_CORE_SYSTEM_URL": sockets.origin(CORE_SYSTEM.name),
        "SOUTO_FORM_TARGETS": f"{sockets.origin(IDENTITY.name)},{sockets.origin(CASHLESS.name)}",
        "SOUTO_HANDOVER_DIR": str(state / "handover"),
        "SOUTO_SMTP_HOST": "127.0.0.1",
        "SOUTO_SMTP_PORT": str(sockets.port(MAIL)),
    }
