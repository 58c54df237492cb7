"""Structured logs: one JSON line per happening, with the request, shop and person it belongs to, and no secrets."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

#: Words in a key that make its value unfit for a log.
SECRET = ("password", "token", "secret", "authorization", "cookie", "api_key", "hash")


def configure(level: str, *, readable: bool) -> None:
    """Once per process. `readable` writes for a person at a terminal instead of JSON."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_secrets,
    ]
    for_people = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    last: Any = for_people if readable else structlog.processors.JSONRenderer()
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            last,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("uvicorn.access", "httpx", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def bind(**facts: str) -> None:
    """From here on, what this request or job logs carries these facts."""
    structlog.contextvars.bind_contextvars(**facts)


def forget() -> None:
    """A new request or job begins."""
    structlog.contextvars.clear_contextvars()


def _without_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    for key in event:
        if any(word in key.lower() for word in SECRET):
            event[key] = "…"
    return event
