"""Tracebacks for the log: where it happened and what kind of error it was, but not what somebody wrote.

An error's sentence may quote a message or a password, so a log has it only where the interpreter or the system made it.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy.exc import DBAPIError

from chat.store.dialects import trouble

_MOST_FRAMES = 40
# Their sentences name types, attributes and modules of the program.
_ABOUT_CODE = (AttributeError, NameError, ImportError, TypeError, RecursionError, ZeroDivisionError, IndexError)


def shown(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor for structlog: `exc_info` becomes the text `exception`."""
    given = event.pop("exc_info", None)
    if isinstance(given, tuple):
        given = given[1]
    error = given if isinstance(given, BaseException) else sys.exception() if given else None
    if error is not None:
        event["exception"] = text(error)
    return event


def text(error: BaseException) -> str:
    """The error and those that led to it, the first one first; lines without a newline at the end."""
    return "\n".join(_lines(error, set()))


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
        yield "which led to:"
    yield "Traceback (most recent call last):"
    for frame in traceback.format_tb(error.__traceback__, -_MOST_FRAMES):
        yield frame.rstrip("\n")
    yield said(error)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            if id(one) not in seen:
                yield from _lines(one, seen)


def said(error: BaseException) -> str:
    """The kind of an error, and its sentence where that can quote nobody."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, DBAPIError):
        return f"{name}: {trouble(error)}"
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}"
    # Of a subclass, nobody knows who wrote the sentence.
    return f"{name}: {error}" if kind in _ABOUT_CODE else name
