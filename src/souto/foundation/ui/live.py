"""Live pages (SSE): an ordinary view decides who may listen, `souto.config.live` keeps the stream.

    @require_safe
    @desk(queries.OPERATE)
    def day_live(request: HttpRequest, day_id: UUID) -> HttpResponse:
        day = queries.access_day(actor=actor_of(request), day_id=day_id)
        return live.grant(request, f"transit.day:{day.id}")

Something small that changes often has an event of its own: `live.grant(request, day, moved=places)` tells the page `moved` for the topic `places`, so that it need not
bring everything anew (`data-live-also`).

The view's answer carries the topics in a header that never leaves the server. When the outer layer reads it, the request is over: its database connection, its thread and
its line in the log are done with, and only then the stream begins. An event says "look again" and nothing else; the page asks for its part by htmx and passes the gates anew.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

from souto.foundation.ui.http import actor_of
from souto.kernel import live

#: The header between the view and the stream: who listens, then the topics.
HEADER = "X-Souto-Live"
#: Seconds after which a page looks again where no stream is kept (another server than ours, the worker's tests).
EVERY = 20
#: An event. What it says is nothing but "look again".
LOOK = "data: look\n\n"
_EVENT = re.compile(r"[a-z]{1,20}")


def look(event: str = "") -> str:
    """The event of the stream that says "look again"; by its name, if it has one."""
    return f"event: {event}\n{LOOK}" if event else LOOK


def grant(request: HttpRequest, *topics: str, **events: str) -> HttpResponse:
    """Let the caller listen to topics (`room.thing:id`); `events` name those that the page hears apart. The view that answers this has passed their gates.
    Raises `kernel.live.TopicError`.

    Where nothing takes the header away, the answer is a stream that ends at once and asks to be called again: the page then looks every `EVERY` seconds.
    """
    actor = actor_of(request)
    who = f"{actor.kind}:{actor.id}"
    response = HttpResponse(f"retry: {EVERY}000\n{LOOK}", content_type="text/event-stream")
    apart = (f"{live.checked(topic)}={name}" for name, topic in events.items() if _EVENT.fullmatch(name))
    response.headers[HEADER] = " ".join([who, *(live.checked(topic) for topic in topics), *apart])
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # a proxy that gathers answers would keep events back
    return response
