"""The process: look, let people and vehicles do what is due, sleep."""

from __future__ import annotations

import random
import signal
import threading

#: Seconds before the first look: the pages come first.
BEGIN = 8.0
#: Seconds between two looks.
EVERY = 4.0


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if stop.wait(BEGIN):
        return
    import django

    django.setup()
    import structlog
    from django.conf import settings
    from django.db import close_old_connections

    from souto.demo.traffic.day import look

    if not settings.DEMO:
        raise SystemExit("Only a demo has made-up traffic.")
    log = structlog.get_logger(__name__)
    dice = random.Random()  # noqa: S311 - made-up people
    while not stop.is_set():
        close_old_connections()
        try:
            look(dice)
        except Exception:
            log.exception("the demo's traffic stumbled and goes on")
        stop.wait(EVERY)


if __name__ == "__main__":
    main()
