"""People's pictures: made small, kept in the storage, named in the account, and gone when another takes their place."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from chat import audit, people, permissions
from chat.actor import Actor
from chat.errors import not_found
from chat.files.squares import Squares
from chat.storage import Storage
from chat.store import Store, Transaction
from chat.store.tables import users

AREA = "avatars"


class Avatars:
    def __init__(self, store: Store, storage: Storage) -> None:
        self._store = store
        self._squares = Squares(store, storage, AREA)

    def choose(self, actor: Actor, data: bytes) -> None:
        """Make a picture the actor's own. Raises `ChatError`: `bad_request`, `too_large`, `unavailable`."""
        self._squares.put(data, lambda name: self._exchange(actor, actor.user, name))

    def remove(self, actor: Actor, user: int) -> None:
        """Take away the actor's own picture, or, by who may, somebody else's."""
        if user != actor.user:
            permissions.require(actor, "avatar_remove")
        self._squares.exchange(self._exchange(actor, user, None), None)

    def read(self, name: str, size: int) -> bytes:
        """Raises `ChatError`: `not_found`, `unavailable`."""
        return self._squares.read(name, size)

    def sweep(self) -> int:
        """Remove pictures that no account has, once they are old enough; returns how many files of them.

        Raises `StorageError` and `ChatError`.
        """
        return self._squares.sweep(_known)

    def _exchange(self, actor: Actor, user: int, name: str | None) -> str | None:
        def work(tx: Transaction) -> str | None:
            row = tx.conn.execute(select(users.c.avatar).where(users.c.id == user).with_for_update()).first()
            if row is None:
                raise not_found("There is nobody with this id.", "user")
            if row.avatar != name:
                tx.conn.execute(update(users).where(users.c.id == user).values(avatar=name))
                people.tell_changed(tx, user)
                if user != actor.user:
                    audit.note(tx, actor, "avatar_remove", user=user)
            before: str | None = row.avatar
            return before

        return self._store.write(work)


def _known(conn: Connection, names: set[str]) -> set[str]:
    return set(conn.scalars(select(users.c.avatar).where(users.c.avatar.in_(names))))
