"""What pages' own scripts and other programs ask for over HTTP: who asks, and that nobody makes a browser ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from chat import tokens
from chat.actor import Actor
from chat.errors import ChatError, bad_request
from chat.sanctions import bans, blocks
from chat.web import current

P = ParamSpec("P")


def identified(view: Callable[Concatenate[Actor, P], ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Give the view its actor: by `Authorization: Bearer` and an API token, or by the browser's session and, for what
    changes something, the page's token in `X-CSRFToken`. Reads no body. The view is to be exempt from CSRFProtect.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        actor = _by_token() if "Authorization" in request.headers else _by_session()
        if actor is None:
            raise ChatError("unauthenticated", "Please sign in.")
        blocks.require_open(current.store(), current.address(), actor)
        return view(actor, *args, **kwargs)

    return guarded


def _by_token() -> Actor | None:
    scheme, _, value = request.headers["Authorization"].partition(" ")
    if scheme.lower() != "bearer":
        return None
    actor = tokens.actor(current.store(), value.strip(), current.address())
    if actor is None:
        bans.require_admitted_token(current.store(), value.strip())
    return actor


def _by_session() -> Actor | None:
    actor = current.actor()
    if actor is not None and request.method not in ("GET", "HEAD"):
        try:
            validate_csrf(request.headers.get("X-CSRFToken"))
        except ValidationError:
            raise bad_request("This page is no longer valid. Please reload it.") from None
    return actor
