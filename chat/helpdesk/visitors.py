"""Visitors: accounts without a password, in nobody's list, each known by a secret that its window keeps."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, select

from chat import people, secret
from chat.actor import Actor
from chat.errors import forbidden
from chat.helpdesk.sites import Site
from chat.store import Transaction
from chat.store.tables import help_visitors, users
from chat.text import fold
from chat.times import now

# What nobody has told us their name is called, with a number that tells them apart.
NAMELESS = {"en": "Visitor", "zh-Hans": "访客"}


def known(conn: Connection, site: int, value: str, address: str) -> Actor | None:
    """The visitor of this site who has this secret, if they have written before."""
    mine = (help_visitors.c.secret_hash == secret.digest(value)) & (help_visitors.c.site_id == site)
    query = select(*people.ACTOR_COLUMNS).join(help_visitors, help_visitors.c.user_id == users.c.id)
    row = conn.execute(query.where(mine, people.admitted(now()))).first()
    return None if row is None else people.holder(tuple(row), address=address)


def require_admitted(conn: Connection, value: str) -> None:
    """Raises `forbidden` for somebody who is known and may not say anything any more."""
    if conn.scalar(select(help_visitors.c.user_id).where(help_visitors.c.secret_hash == secret.digest(value))):
        raise forbidden("Messages from you are not accepted at present.")


def begin(tx: Transaction, site: Site, value: str, language: str, address: str) -> Actor:
    """A new one. Raises `IntegrityError` where another window of the same browser was faster."""
    username = f"visitor-{secrets.token_hex(8)}"
    moment = now()
    number = tx.insert(
        users,
        {
            "username": username,
            "username_key": fold(username),
            "name": "",
            "name_key": "",
            "role": "visitor",
            "language": language or None,
            "created_at": moment,
        },
    )
    name = f"{NAMELESS.get(language, NAMELESS['en'])} {number}"
    tx.conn.execute(users.update().where(users.c.id == number).values(name=name, name_key=fold(name)))
    values = {"user_id": number, "site_id": site.id, "secret_hash": secret.digest(value), "created_at": moment}
    tx.conn.execute(help_visitors.insert().values(values))
    return Actor(number, username, name, "visitor", language=language or None, address=address)
