"""How often an address, or somebody who tries an account, may try: sign-in, register, guest, invite, first run."""

from __future__ import annotations

import math
import time
from typing import Literal

import structlog
from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse

from chat.errors import ChatError
from chat.text import fold
from chat.web import current

log = structlog.get_logger(__name__)

Attempt = Literal["sign-in", "password", "account", "guest", "invite", "setup", "token"]

# A whole class behind one router signs in at the same minute; somebody who guesses passwords needs thousands of tries.
BY_ADDRESS: dict[Attempt, tuple[RateLimitItem, ...]] = {
    "sign-in": (parse("40 per 1 minute"), parse("300 per 1 hour")),
    "password": (parse("40 per 1 minute"),),
    "account": (parse("40 per 1 minute"), parse("200 per 1 hour")),
    "guest": (parse("40 per 1 minute"), parse("200 per 1 hour")),
    "invite": (parse("120 per 1 minute"),),
    "setup": (parse("10 per 1 minute"),),
    "token": (parse("20 per 1 minute"),),
}
BY_ACCOUNT: dict[Attempt, tuple[RateLimitItem, ...]] = {
    "sign-in": (parse("10 per 5 minutes"),),
    "password": (parse("10 per 5 minutes"),),
}


def init_app(app: Flask) -> None:
    # A fixed window leaves nothing behind when it has passed, so invented names can't fill the memory.
    limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="fixed-window")
    app.config["RATELIMIT_ENABLED"] = current.settings_of(app).rate_limits == "on"
    limiter.init_app(app)
    app.extensions["hubbub_limiter"] = limiter


def attempt(kind: Attempt, account: str | None = None) -> None:
    """Count one attempt. Raises `ChatError("rate_limited")` with the time to wait when there were too many."""
    limiter: Limiter = current_app.extensions["hubbub_limiter"]
    if not limiter.enabled:
        return
    keys = [(item, kind, "address", get_remote_address()) for item in BY_ADDRESS[kind]]
    if account is not None:
        # Whatever is typed has one short key, so that long names cost no memory.
        keys += [(item, kind, "account", fold(account[:64])[:64]) for item in BY_ACCOUNT.get(kind, ())]
    for item, *key in keys:
        if not limiter.limiter.hit(item, *key):
            reset, _ = limiter.limiter.get_window_stats(item, *key)
            raise too_many(max(1.0, reset - time.time()))


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
