"""The browsers that take pushes. One belongs to the session in which it was turned on, and ends with that."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct
from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import IntegrityError

from chat.actor import Actor
from chat.errors import bad_request, conflict, forbidden
from chat.events.objects import Command
from chat.push import sealing
from chat.store import Store, Transaction
from chat.store.schema import set_meta
from chat.store.tables import meta, push_subscriptions
from chat.times import now

MOST_A_USER = 20
MOST_ENDPOINT = 1000
VAPID_KEY = "vapid_key"


class Keys(Struct, frozen=True):
    """The browser's public key and a secret, in base64url."""

    p256dh: Annotated[str, Meta(max_length=100)]
    auth: Annotated[str, Meta(max_length=40)]


class Subscribe(Command, frozen=True):
    """As a browser's `PushSubscription` has it."""

    endpoint: Annotated[str, Meta(min_length=1, max_length=MOST_ENDPOINT)]
    keys: Keys


class Unsubscribe(Command, frozen=True):
    endpoint: Annotated[str, Meta(min_length=1, max_length=MOST_ENDPOINT)]


def add(store: Store, actor: Actor, command: Subscribe) -> None:
    """Push to this browser from now on. It had another account perhaps, whose it is no longer.

    Raises `ChatError`: `forbidden` for a program, `bad_request` for what no push service has made.
    """
    if actor.session is None:
        raise forbidden("Only a browser can be pushed to.")
    _require_service(command.endpoint, local=store.settings.push_local == "on")
    try:
        sealing.require_usable(command.keys.p256dh, command.keys.auth)
    except ValueError as error:
        raise bad_request("These keys can't be used.", "keys") from error
    digest = _digest(command.endpoint)
    values = {
        "user_id": actor.user,
        "session_id": actor.session,
        "endpoint": command.endpoint,
        "endpoint_hash": digest,
        "p256dh": command.keys.p256dh,
        "auth": command.keys.auth,
        "created_at": now(),
    }

    def work(tx: Transaction) -> None:
        # A session has one browser, and a browser one subscription.
        same = (push_subscriptions.c.endpoint_hash == digest) | (push_subscriptions.c.session_id == actor.session)
        tx.conn.execute(delete(push_subscriptions).where(same))
        tx.conn.execute(push_subscriptions.insert().values(values))
        mine = select(push_subscriptions.c.id).where(push_subscriptions.c.user_id == actor.user)
        surplus = tx.conn.scalars(mine.order_by(push_subscriptions.c.id.desc()).offset(MOST_A_USER)).all()
        if surplus:
            tx.conn.execute(delete(push_subscriptions).where(push_subscriptions.c.id.in_(surplus)))

    try:
        store.write(work)
    except IntegrityError as error:
        # Its session has ended in this moment, or the same browser asks twice at once.
        raise conflict("This browser is being signed in or out just now. Please try again.") from error


def remove(store: Store, actor: Actor, command: Unsubscribe) -> None:
    """Push to this browser no more."""
    one = push_subscriptions.c.endpoint_hash == _digest(command.endpoint)
    store.write(
        lambda tx: tx.conn.execute(delete(push_subscriptions).where(one, push_subscriptions.c.user_id == actor.user))
    )


def drop(store: Store, subscription: int) -> None:
    """The push service says that there is none any more."""
    store.write(lambda tx: tx.conn.execute(delete(push_subscriptions).where(push_subscriptions.c.id == subscription)))


def are_any(conn: Connection) -> bool:
    return conn.scalar(select(push_subscriptions.c.id).limit(1)) is not None


def server_key(store: Store) -> str:
    """The server's private key, made when it is first asked for. All processes have the same, and a backup has it."""
    kept = store.meta(VAPID_KEY)
    if kept is not None:
        return kept
    made = sealing.new_key()

    def work(tx: Transaction) -> None:
        if tx.conn.scalar(select(meta.c.key).where(meta.c.key == VAPID_KEY)) is None:
            set_meta(tx, VAPID_KEY, made)

    with suppress(IntegrityError):  # another process was quicker
        store.write(work)
    return store.meta(VAPID_KEY) or made


def origin(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


def _require_service(endpoint: str, *, local: bool) -> None:
    try:
        parts = urlsplit(endpoint)
        fits = parts.scheme == "https" or (local and parts.scheme == "http")
        fits = fits and bool(parts.hostname) and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        fits = False
    if not fits or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        raise bad_request("This is not the address of a push service.", "endpoint")


def _digest(endpoint: str) -> bytes:
    return hashlib.sha256(endpoint.encode("utf-8", "surrogatepass")).digest()
