"""Previews as they are kept: what pages have said, for a day; which messages show it; the pictures in the storage."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, exists, insert, select

from chat import changes, message_rows
from chat.actor import Actor
from chat.changes import Found
from chat.errors import not_found
from chat.events.messages import PreviewRemove
from chat.events.objects import Preview
from chat.files.shelf import Shelf
from chat.previews import links
from chat.previews.links import Written
from chat.previews.reading import Said
from chat.storage import Storage, StorageError
from chat.store import Store, Transaction
from chat.store.outbox import Rewritten
from chat.store.tables import link_previews, message_previews, messages, rooms
from chat.times import now

AREA = "previews"
# How long it counts what a page has said, and that it said nothing: perhaps it was only away.
FRESH_MS = 86_400_000
FAILED_MS = 3_600_000
# From then on nobody takes up what no message shows.
OLD_MS = 2 * FRESH_MS
MOST_AT_ONCE = 500
_NAME = re.compile(r"[0-9a-f]{32}")


class Kept(NamedTuple):
    """A look at a page; `shown` is what there is to be shown of it, if anything."""

    id: int
    shown: Preview | None


class Previews:
    """Pictures need the storage, and all else is here beside them."""

    def __init__(self, store: Store, storage: Storage) -> None:
        self._store = store
        self._shelf = Shelf(store, storage, AREA)

    def known(self, url: str) -> Kept | None:
        """What is known of a page, and counts still."""
        latest = (
            select(link_previews)
            .where(link_previews.c.url_hash == _digest(url), link_previews.c.fetched_at > now() - FRESH_MS)
            .order_by(link_previews.c.fetched_at.desc())
            .limit(1)
        )
        with self._store.read() as conn:
            row = conn.execute(latest).first()
        if row is None or (row.title is None and row.fetched_at < now() - FAILED_MS):
            return None
        return _kept(row)

    def keep(self, url: str, said: Said | None, picture: bytes | None) -> Kept:
        """Remember what a page said, or that it said nothing. Raises `ChatError`."""
        name = self._put(picture) if said is not None and picture is not None else None
        values: dict[str, Any] = {"url_hash": _digest(url), "url": url, "fetched_at": now()}
        if said is not None:
            values |= {"title": said.title, "text": said.text, "site": said.site, "picture": name}
        number = self._store.write(lambda tx: tx.insert(link_previews, values))
        return Kept(number, said and Preview(url, said.title, said.text, said.site, name and _path(name)))

    def attach(self, written: Written, kept: Sequence[Kept]) -> bool:
        """Let a message show what was found, if it still links to it; returns whether it does now."""

        def work(tx: Transaction) -> bool:
            # An edit in another process is first, or after this.
            tx.conn.execute(select(rooms.c.id).where(rooms.c.id == written.room).with_for_update())
            row = tx.conn.execute(select(messages).where(messages.c.id == written.message)).first()
            if row is None or row.deleted_at is not None or links.of(row.html) != written.links:
                return False
            shown = [one for one in kept if one.shown is not None]
            encoded = _encoded([one.shown for one in shown])
            if encoded == row.previews:
                return False
            detach(tx, row.id)
            if shown:
                ids = dict.fromkeys(one.id for one in shown)
                tx.conn.execute(insert(message_previews), [{"message_id": row.id, "preview_id": one} for one in ids])
            changes.settle(tx, row.id, written.room, previews=encoded)
            return True

        return self._store.write(work, room=written.room)

    def picture(self, name: str) -> bytes:
        """A WebP. Raises `ChatError`: `not_found`, `unavailable`."""
        if not _NAME.fullmatch(name):
            raise not_found("There is no such picture.")
        return self._shelf.read(_file(name))

    def sweep(self) -> int:
        """Forget old looks at pages that no message shows, and pictures of none; returns how many looks.

        Raises `StorageError` and `ChatError`.
        """
        forgotten = 0
        while gone := self._store.write(_forget_old):
            forgotten += gone
        self._shelf.sweep(_named)
        return forgotten

    def _put(self, picture: bytes) -> str | None:
        """The name of a picture that is kept now; None where that does not work: all else is worth having."""
        name = secrets.token_hex(16)
        with suppress(StorageError, OSError):
            self._shelf.put(_file(name), picture)
            return name
        return None


def remove(store: Store, actor: Actor, command: PreviewRemove) -> None:
    """`preview_remove`: the actor's own message, or, as who leads the room, anybody's; where there is none, nothing
    happens.
    """

    def work(tx: Transaction, found: Found) -> None:
        message, room = found
        changes.require_own_or_led(actor, found)
        shown = message_rows.previews_of(message.previews)
        left = [preview for preview in shown if preview.url != command.url]
        if len(left) < len(shown):
            _detach_others(tx.conn, message.id, left)
            changes.settle(tx, message.id, room.id, previews=_encoded(left))

    changes.carry_out(store, actor, command.message, "message_delete", work, archived=True)


def edited(tx: Transaction, message: Row[Any], room: int, html: str) -> Mapping[str, Any]:
    """A message is about to have this HTML: the values of its row that follow from that.

    With the same links it stays as it is, so what was taken away stays away. With others, what it shows of those that
    are left stays until all of them have been looked at.
    """
    before, after = links.of(message.html), links.of(html)
    if before == after:
        return {}
    if after:
        tx.after_commit(Rewritten(message.id, room, message.author_id, html))
    shown = message_rows.previews_of(message.previews)
    left = [preview for preview in shown if preview.url in after]
    if shown:
        _detach_others(tx.conn, message.id, left)
    return {"previews": _encoded(left)}


def detach(tx: Transaction, message: int) -> None:
    """A message shows no previews any more."""
    tx.conn.execute(delete(message_previews).where(message_previews.c.message_id == message))


def _detach_others(conn: Connection, message: int, left: Iterable[Preview]) -> None:
    urls = [preview.url for preview in left]
    others = select(link_previews.c.id).where(link_previews.c.url.not_in(urls))
    mine: ColumnElement[bool] = message_previews.c.message_id == message
    shown = select(message_previews.c.preview_id).where(mine)
    conn.execute(
        delete(message_previews).where(
            mine, message_previews.c.preview_id.in_(others.where(link_previews.c.id.in_(shown)))
        )
    )


def _forget_old(tx: Transaction) -> int:
    shown = exists().where(message_previews.c.preview_id == link_previews.c.id)
    old = select(link_previews.c.id).where(link_previews.c.fetched_at < now() - OLD_MS, ~shown).limit(MOST_AT_ONCE)
    return tx.conn.execute(delete(link_previews).where(link_previews.c.id.in_(old))).rowcount


def _kept(row: Row[Any]) -> Kept:
    if row.title is None:
        return Kept(row.id, None)
    return Kept(row.id, Preview(row.url, row.title, row.text, row.site, row.picture and _path(row.picture)))


def _encoded(shown: Sequence[Preview | None]) -> str | None:
    return msgspec.json.encode(shown).decode() if shown else None


def _digest(url: str) -> bytes:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()


def _path(name: str) -> str:
    return f"/previews/{name}.webp"


def _file(name: str) -> str:
    return f"{name}.webp"


def _named(conn: Connection, files: set[str]) -> set[str]:
    """Those that are of a page that was looked at."""
    of = {file.removesuffix(".webp"): file for file in files}
    known = conn.scalars(select(link_previews.c.picture).where(link_previews.c.picture.in_(of)))
    return {of[name] for name in known}
