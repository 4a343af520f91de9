"""Visitors of a web site, and what tests do with them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from tests.clients import Client

ORIGIN = "https://shop.example"
Open = Callable[..., Client]
_numbers = itertools.count()


def new_secret() -> str:
    return f"secret-of-a-visitor-in-a-test-{next(_numbers):04}"


def write(window: Client, text: str, cid: str = "c1", **more: Any) -> dict[str, Any]:
    message: dict[str, Any] = window.call("help_send", cid=cid, text=text, **more)["message"]
    return message


def waiting(agent: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = agent.call("help_list", list="waiting")["conversations"]
    return found
