"""Who and what a request belongs to: the store, the settings and the signed-in actor; signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from flask import Flask, current_app, g, request, session
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry
from werkzeug.wrappers import Response

from chat import accounts, sessions
from chat.actor import Actor
from chat.config import Settings
from chat.errors import ChatError, forbidden
from chat.health import Health
from chat.metrics.counters import Counters
from chat.store import Store
from chat.web import leave

if TYPE_CHECKING:
    from chat.push import Pusher
    from chat.sockets import Sockets

P = ParamSpec("P")

COOKIE = "hubbub_session"


def settings_of(app: Flask) -> Settings:
    return cast(Settings, app.extensions["hubbub"].settings)


def build_of(app: Flask) -> str:
    return cast(str, app.extensions["hubbub"].build)


def settings() -> Settings:
    """Those in force now: staff may change some while the server runs."""
    return store().settings


def store() -> Store:
    return cast(Store, current_app.extensions["hubbub"].store)


def counters() -> Counters:
    return cast(Counters, current_app.extensions["hubbub"].counters)


def health() -> Health:
    return cast(Health, current_app.extensions["hubbub"].health)


def figures() -> CollectorRegistry:
    return cast(CollectorRegistry, current_app.extensions["hubbub"].figures)


def sockets() -> Sockets:
    return cast("Sockets", current_app.extensions["hubbub"].sockets)


def pusher() -> Pusher:
    return cast("Pusher", current_app.extensions["hubbub"].pusher)


def address() -> str:
    """Where this request comes from; a trusted proxy's word has replaced the proxy's own address already."""
    return request.remote_addr or ""


def actor() -> Actor | None:
    """Whom the cookie of this request belongs to. Asks the database once per request."""
    if "actor" not in g:
        secret = request.cookies.get(COOKIE)
        g.actor = sessions.actor(store(), secret, address()) if secret else None
    return cast("Actor | None", g.actor)


def actor_if_known() -> Actor | None:
    """The actor for what must also work while the database does not, such as the page that says so."""
    try:
        return actor()
    except ChatError:
        return None


def logo() -> str:
    """The name of the place's own picture; empty for none."""
    return sockets().delivery.known.settings.logo


def server_name() -> str:
    try:
        return store().meta("server_name") or "Hubbub"
    except ChatError:
        return "Hubbub"


def signed_in(view: Callable[Concatenate[Actor, P], ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Give the view its actor; send everybody else to sign in, or to the first run."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        found = actor()
        if found is not None:
            return view(found, *args, **kwargs)
        if leave.wants_json():
            raise ChatError("unauthenticated", "Please sign in.")
        if accounts.is_empty(store()):
            return leave.to("web.setup")
        return leave.to("web.signin", next=leave.here())

    return guarded


def staff(view: Callable[Concatenate[Actor, P], ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """As `signed_in`, for the server's owner and admins only."""

    @wraps(view)
    def guarded(found: Actor, /, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not found.is_staff:
            raise forbidden("You are not allowed to do this.")
        return view(found, *args, **kwargs)

    return signed_in(guarded)


def begin(user_id: int, response: Response) -> Actor | None:
    """Sign this browser in with a session of its own. The one that it had ends, and so does what its pages knew."""
    before = actor()
    if before is not None:
        sessions.sign_out(store(), before)
    session.clear()
    agent = request.headers.get("User-Agent", "")
    secret = sessions.open_session(store(), user_id, user_agent=agent, address=address())
    keep(response, secret)
    g.actor = sessions.actor(store(), secret, address())
    return cast("Actor | None", g.actor)


def keep(response: Response, secret: str) -> None:
    """Set the cookie, or prolong it: a session lasts for so many days after the last visit."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=settings().session_days * 86_400,
        secure=settings().https or request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def forget(response: Response) -> None:
    """Sign this browser out on its own side."""
    session.clear()
    forget_cookie(response)
    g.actor = None


def forget_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, secure=settings().https or request.is_secure, httponly=True, samesite="Lax")


def reload() -> None:
    """Ask the database again who this is: something about the account has changed."""
    g.pop("actor", None)
