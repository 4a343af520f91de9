"""Visitors: accounts without a password, in nobody's list, each known by a secret that its window keeps."""

from __future__ import annotations

import secrets

from sqlalchemy import ColumnElement, Connection, String, case, cast, delete, exists, select

from chat import people, secret
from chat.actor import Actor
from chat.errors import forbidden
from chat.helpdesk.sites import Site
from chat.store import Store, Transaction
from chat.store.tables import file_usage, files, help_conversations, help_sites, help_visitors, users
from chat.text import fold
from chat.times import DAY, now

# What nobody has told us their name is called, with a number that tells them apart.
NAMELESS = {"en": "Visitor", "zh-Hans": "来访者"}
_MOST_AT_ONCE = 200


def known(conn: Connection, site: int, value: str, address: str) -> Actor | None:
    """The visitor of this site who has this secret, if they have written before."""
    mine = (help_visitors.c.secret_hash == secret.digest(value)) & (help_visitors.c.site_id == site)
    return _one(conn, mine, address)


def admitted(conn: Connection, visitor: int, address: str) -> Actor | None:
    """The visitor of this id, unless they are kept out, or their site has no window any more."""
    open_site = exists().where(help_sites.c.id == help_visitors.c.site_id, help_sites.c.closed_at.is_(None))
    return _one(conn, (help_visitors.c.user_id == visitor) & open_site, address)


def _one(conn: Connection, which: ColumnElement[bool], address: str) -> Actor | None:
    query = select(*people.ACTOR_COLUMNS).join(help_visitors, help_visitors.c.user_id == users.c.id)
    row = conn.execute(query.where(which, people.admitted(now()))).first()
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
    name = nameless(number, language)
    tx.conn.execute(users.update().where(users.c.id == number).values(name=name, name_key=fold(name)))
    values = {"user_id": number, "site_id": site.id, "secret_hash": secret.digest(value), "created_at": moment}
    tx.conn.execute(help_visitors.insert().values(values))
    return Actor(number, username, name, "visitor", language=language or None, address=address)


def nameless(number: int, language: str | None) -> str:
    """What the visitor of this id is called until they say who they are, and when it is forgotten."""
    return f"{NAMELESS.get(language or '', NAMELESS['en'])} {number}"


def nameless_name() -> ColumnElement[str]:
    """The same, of a row of `users`."""
    words = case(NAMELESS, value=users.c.language, else_=NAMELESS["en"])
    return words.concat(" ").concat(cast(users.c.id, String))


def forget_silent(store: Store) -> int:
    """Remove those who have handed in a file once and never said a word; returns how many.

    Their files are gone by then: what nobody has sent in a day is removed (`chat.files.sweeping`).
    """
    old = help_visitors.c.created_at < now() - 2 * DAY
    said = exists().where(help_conversations.c.visitor_id == help_visitors.c.user_id)
    has = exists().where(files.c.owner_id == help_visitors.c.user_id)
    query = select(help_visitors.c.user_id).where(old, ~said, ~has).limit(_MOST_AT_ONCE)

    def work(tx: Transaction) -> int:
        found = list(tx.conn.scalars(query))
        # Whoever comes back in this moment is first, or begins anew.
        tx.conn.execute(select(users.c.id).where(users.c.id.in_(found)).order_by(users.c.id).with_for_update())
        silent = list(tx.conn.scalars(query.where(help_visitors.c.user_id.in_(found)))) if found else []
        if silent:
            tx.conn.execute(delete(file_usage).where(file_usage.c.user_id.in_(silent)))
            tx.conn.execute(delete(help_visitors).where(help_visitors.c.user_id.in_(silent)))
            tx.conn.execute(delete(users).where(users.c.id.in_(silent)))
        return len(silent)

    removed = 0
    while found := store.write(work):
        removed += found
    return removed
