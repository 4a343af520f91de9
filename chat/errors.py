"""The one error that reaches people and programs: a code from a closed list, and a sentence that says what to do.

What only the owner of the server can mend is a `Refusal` instead, which no page shows.
"""

from __future__ import annotations

from typing import Literal, get_args

Code = Literal[
    "bad_request",
    "unauthenticated",
    "forbidden",
    "not_found",
    "conflict",
    "too_large",
    "rate_limited",
    "unavailable",
    "internal",
]

CODES: tuple[Code, ...] = get_args(Code)


class ChatError(Exception):
    """A refusal with a code of the wire contract.

    `message` is shown to people as it is, so it never carries an exception's text, a path or a query. `field` names
    the input that was wrong, `retry_after` is in seconds, and `retryable` tells a client whether the same command may
    succeed later unchanged.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        field: str | None = None,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.retryable = retryable
        self.retry_after = retry_after


class Refusal(RuntimeError):
    """Something that the owner of the server must mend first; the text is one line for them, and may name a path."""


def bad_request(message: str, field: str | None = None) -> ChatError:
    return ChatError("bad_request", message, field)


def not_found(message: str, field: str | None = None) -> ChatError:
    """Used alike for what does not exist and for what the actor may not see."""
    return ChatError("not_found", message, field)


def forbidden(message: str, field: str | None = None) -> ChatError:
    return ChatError("forbidden", message, field)


def conflict(message: str, field: str | None = None) -> ChatError:
    return ChatError("conflict", message, field)
