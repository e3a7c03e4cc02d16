"""Structured logs without personal data.

One event a line, JSON in production. A line holds ids, names of things and durations; never a query string, a form value, an e-mail address or the text of an
unexpected error (such texts quote the data that caused them: the type of the error and the places in the code are enough to find it).
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

from souto.kernel.errors import SoutoError

Event = MutableMapping[str, Any]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

_PACKAGE = Path(__file__).resolve().parents[1]
_FRAMES = 12  # innermost places of the code shown for an error

# Libraries that write addresses with query strings, or a line for every trifle.
_QUIET = {
    "httpx": "WARNING",
    "httpcore": "WARNING",
    "fontTools": "WARNING",
    "asyncio": "WARNING",
    "procrastinate.blueprints": "WARNING",
    "procrastinate.periodic": "WARNING",
    "procrastinate.jobs": "WARNING",
    "PIL": "WARNING",
    "uvicorn.access": "CRITICAL",
    "uvicorn.error": "WARNING",
}


def configuration(*, style: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything to standard error, `style` is "json" or "console"."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"souto": {"()": formatter, "style": style}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "souto"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            **{name: {"level": quiet} for name, quiet in _QUIET.items()},
            # Django attaches handlers of its own to this one; ours is enough.
            "django": {"handlers": [], "level": level, "propagate": True},
            # It says the path of every 4xx again, which the request log has said already.
            "django.request": {"level": "ERROR"},
        },
    }


def formatter(style: str) -> logging.Formatter:
    """Return the formatter that every handler uses."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_request,
        without_query,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Any]
    if style == "json":
        last = [safe_error, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        last = [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        use_get_message=True,
    )


def without_request(logger: object, method: str, event: Event) -> Event:  # noqa: ARG001 - structlog's signature
    """Drop the request object that Django attaches to its records."""
    event.pop("request", None)
    return event


def without_query(logger: object, method: str, event: Event) -> Event:  # noqa: ARG001 - structlog's signature
    """Cut the query string off every path."""
    for key in ("path", "url"):
        if isinstance(value := event.get(key), str):
            event[key] = value.split("?", 1)[0]
    return event


def safe_error(logger: object, method: str, event: Event) -> Event:  # noqa: ARG001 - structlog's signature
    """Replace an exception by its type and its places in the code; only Souto's own errors, whose texts hold no data, keep their words."""
    given = event.pop("exc_info", None)
    if not given:
        return event
    error = _error_of(given)
    if error is not None:
        event["error"] = describe(error)
    return event


def describe(error: BaseException) -> dict[str, Any]:
    """Return what a log may say about `error`."""
    described: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "where": places(error.__traceback__),
    }
    if isinstance(error, SoutoError):
        described["message"] = type(error).message
    for name in ("sqlstate", "errno"):
        if (value := getattr(error, name, None)) is not None:
            described[name] = value
    if (cause := error.__cause__ or (None if error.__suppress_context__ else error.__context__)) is not None:
        described["cause"] = describe(cause)
    return described


def places(trace: TracebackType | None) -> list[str]:
    """Return `file:line function` of the innermost frames, files of Souto relative to its package."""
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_PACKAGE):
        return str(path.relative_to(_PACKAGE.parent))
    parts = path.parts
    return "/".join(parts[parts.index("site-packages") + 1 :]) if "site-packages" in parts else path.name


def _error_of(given: ExcInfo | BaseException | bool) -> BaseException | None:  # noqa: FBT001 - what `exc_info` may be
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1]
    return sys.exc_info()[1]


def request_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a request-log line that are set."""
    return {name: value for name, value in fields.items() if value is not None}
