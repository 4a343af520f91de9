"""How often an address, or somebody who tries an account, may try: sign-in, register, guest, invite, first run."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import Literal, cast

import structlog
from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from chat.addresses import counted
from chat.errors import ChatError
from chat.text import fold
from chat.web import current

log = structlog.get_logger(__name__)

Attempt = Literal[
    "sign-in", "password", "account", "guest", "invite", "setup", "token", "upload", "help-upload", "avatar"
]

# A whole class behind one router signs in at the same minute; somebody who guesses passwords needs thousands of tries.
BY_ADDRESS: dict[Attempt, tuple[RateLimitItem, ...]] = {
    "sign-in": (parse("40 per 1 minute"), parse("300 per 1 hour")),
    "password": (parse("40 per 1 minute"),),
    "account": (parse("40 per 1 minute"), parse("200 per 1 hour")),
    "guest": (parse("40 per 1 minute"), parse("200 per 1 hour")),
    "invite": (parse("120 per 1 minute"),),
    "setup": (parse("10 per 1 minute"),),
    "token": (parse("20 per 1 minute"),),
    "upload": (parse("1200 per 1 minute"),),
    "help-upload": (parse("120 per 1 minute"), parse("1000 per 1 hour")),
    "avatar": (parse("60 per 1 minute"),),
}
BY_ACCOUNT: dict[Attempt, tuple[RateLimitItem, ...]] = {
    "sign-in": (parse("10 per 5 minutes"),),
    "password": (parse("10 per 5 minutes"),),
    "upload": (parse("120 per 1 minute"), parse("2000 per 1 day")),
    "help-upload": (parse("30 per 1 minute"), parse("200 per 1 day")),
    "avatar": (parse("10 per 1 minute"), parse("100 per 1 day")),
}


class Attempts:
    """What has been tried lately, here and in the other processes: each tells the others (`tell`), who count it too."""

    def __init__(self, *, on: bool) -> None:
        # A fixed window leaves nothing behind when it has passed, so invented names can't fill the memory.
        self._counter = FixedWindowRateLimiter(MemoryStorage())
        self._on = on
        self.tell: Callable[[str, str, str | None], object] = lambda kind, address, account: None

    def count(self, kind: Attempt, address: str, account: str | None = None) -> None:
        """Count one. Raises `ChatError("rate_limited")` with the time to wait when there were too many."""
        if not self._on:
            return
        address = counted(address)
        # Whatever is typed has one short key, so that long names cost no memory.
        account = None if account is None else fold(account[:64])[:64]
        for item, *key in _keys(kind, address, account):
            if not self._counter.hit(item, *key):
                reset, _ = self._counter.get_window_stats(item, *key)
                raise too_many(max(1.0, reset - time.time()))
        self.tell(kind, address, account)

    def hear(self, kind: str, address: str, account: str | None) -> None:
        """Another process has counted one."""
        if self._on and kind in BY_ADDRESS:
            for item, *key in _keys(kind, address, account):
                self._counter.hit(item, *key)


def _keys(kind: str, address: str, account: str | None) -> Iterator[tuple[RateLimitItem, str, str, str]]:
    for item in BY_ADDRESS[cast(Attempt, kind)]:
        yield item, kind, "address", address
    if account is not None:
        for item in BY_ACCOUNT.get(cast(Attempt, kind), ()):
            yield item, kind, "account", account


def init_app(app: Flask) -> None:
    app.extensions["hubbub_attempts"] = Attempts(on=current.settings_of(app).rate_limits == "on")


def of(app: Flask) -> Attempts:
    return cast(Attempts, app.extensions["hubbub_attempts"])


def attempt(kind: Attempt, account: str | None = None) -> None:
    """Count one attempt of the request's client; raises as `Attempts.count`."""
    of(current_app).count(kind, request.remote_addr or "", account)


def too_many(seconds: float) -> ChatError:
    minutes = math.ceil(seconds / 60)
    unit = "1 minute" if minutes == 1 else f"{minutes} minutes"
    log.info("too many attempts", endpoint=request.endpoint, address=request.remote_addr)
    return ChatError(
        "rate_limited",
        f"Too many attempts. Please try again in {unit}.",
        retryable=True,
        retry_after=math.ceil(seconds),
    )
