"""Log lines: structlog, for people on a terminal or as JSON for programs; those of the libraries too.

No line has what people write: no message, name, password, token or link. A line is one line whatever is in it, except
for tracebacks on a terminal.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from chat import tracebacks
from chat.config import Settings

# What moves a terminal's cursor, ends a line for some reader, turns the direction of writing, or has no UTF-8.
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_HIDDEN_IN_LINES = re.compile(_HIDDEN.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))


class _Stderr(logging.StreamHandler[TextIO]):
    """Ours among the root logger's handlers."""


def configure(settings: Settings) -> None:
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*first, tracebacks.shown, plain, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = _Stderr(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*first, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, tracebacks.shown, plain, last],
        )
    )
    root = logging.getLogger()
    root.handlers = [*(one for one in root.handlers if not isinstance(one, _Stderr)), handler]
    # Below this, libraries repeat what they are given: packets, statements and their values.
    root.setLevel(max(level, logging.WARNING))


def catch_rest() -> None:
    """Give the form of all lines to what Python would write by itself: warnings, and errors that nobody caught."""
    log = structlog.get_logger(__name__)
    logging.captureWarnings(True)
    sys.excepthook = lambda kind, error, at: log.critical("the program failed", exc_info=error)
    threading.excepthook = lambda caught: log.error("a thread failed", exc_info=caught.exc_value)


def silence() -> None:
    """For a command, which says in one line what went wrong."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def plain(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor for structlog: nothing in a line acts on the terminal, or looks like another line."""
    for name, value in event.items():
        event[name] = escaped(value, _HIDDEN_IN_LINES) if name == "exception" else _plain(value)
    return event


def escaped(text: str, hidden: re.Pattern[str] = _HIDDEN) -> str:
    return hidden.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return escaped(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dict):
        return {escaped(str(name)): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return escaped(repr(value))
