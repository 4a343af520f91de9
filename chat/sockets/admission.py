"""Who may connect: the origin, then the credential, then the bounds. Refusals reach the client's `connect_error`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from socketio.exceptions import ConnectionRefusedError as Refusal
from werkzeug.http import parse_cookie

from chat import sessions, tokens
from chat.actor import Actor
from chat.errors import ChatError
from chat.events import PROTOCOL
from chat.sanctions import bans, blocks
from chat.sockets import origin
from chat.sockets.limits import Buckets
from chat.store import Store

LONGEST_CLIENT = 80


class Auth(msgspec.Struct, frozen=True):
    """What a client may send with its CONNECT. `client` names the program, for the connection list."""

    token: str | None = None
    client: str | None = None
    protocol: int = PROTOCOL


def identify(store: Store, environ: Mapping[str, Any], auth: Any) -> Actor:
    """Who is connecting. Raises `Refusal` with {code} as its data."""
    if not origin.is_allowed(store.settings, environ):
        raise refusal("forbidden_origin", "Pages of this web site may not connect here.")
    try:
        wanted = msgspec.convert(auth if auth is not None else {}, Auth)
    except (msgspec.ValidationError, RecursionError):
        raise refusal("protocol", "The `auth` object of the connection can't be read.") from None
    if wanted.protocol != PROTOCOL:
        raise refusal("protocol", f"This server speaks protocol {PROTOCOL}. Please reload the page.")
    try:
        actor = _by_credential(store, environ, wanted)
        blocks.require_open(store, address(environ), actor)
    except ChatError as error:
        if error.code != "forbidden":
            raise
        raise refusal("banned", error.message) from None
    if actor is None:
        raise refusal("unauthenticated", "Please sign in.")
    return actor


def admitted(store: Store, buckets: Buckets, environ: Mapping[str, Any], auth: Any) -> Actor:
    """As `identify`, for nobody who comes from one place too often."""
    try:
        buckets.take_to_connect(address(environ))
    except ChatError as error:
        raise refusal("too_many_connections", error.message) from None
    return identify(store, environ, auth)


def program(auth: Any) -> str | None:
    """What the client of an `auth` that was accepted calls itself."""
    name = auth.get("client") if isinstance(auth, dict) else None
    return "".join(c for c in name if c.isprintable())[:LONGEST_CLIENT] if isinstance(name, str) else None


def refusal(code: str, message: str) -> Refusal:
    return Refusal(message, {"code": code})


def address(environ: Mapping[str, Any]) -> str:
    """Where the request comes from; a trusted proxy's word has replaced REMOTE_ADDR already."""
    return str(environ.get("REMOTE_ADDR", ""))


def _by_credential(store: Store, environ: Mapping[str, Any], auth: Auth) -> Actor | None:
    if auth.token is not None:
        actor = tokens.actor(store, auth.token, address(environ))
        if actor is None:
            bans.require_admitted_token(store, auth.token)
        return actor
    cookie = parse_cookie(environ.get("HTTP_COOKIE", "")).get(sessions.COOKIE)
    return sessions.actor(store, cookie, address(environ)) if cookie else None
