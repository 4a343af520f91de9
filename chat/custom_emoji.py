"""Emoji of this server's own: a name and a small picture, for everybody; `:name:` shows it in texts and under messages.

Pictures are a few KB each, so they lie in the database: every process has them, and so has a backup. One row of `meta`
counts their changes; whoever changes something takes it first, so that their number is exact with several processes.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, Text, bindparam, cast, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from chat import audit, emoji, permissions, pictures
from chat.actor import Actor
from chat.errors import ChatError, bad_request, conflict, not_found
from chat.events.emoji import CustomEmoji, EmojiChanged, EmojiList, EmojiListResult, EmojiRemove
from chat.files import types as filetypes
from chat.markup import shortcodes
from chat.pictures import BadPicture
from chat.pictures.decoding import encoded
from chat.store import Store, Transaction
from chat.store.compiled import Compiled
from chat.store.outbox import EVERYBODY, Publish
from chat.store.tables import custom_emoji, meta
from chat.times import now

MOST = 500
MOST_BYTES = 256 << 10
SIDE = 128
_NAME = re.compile(r"[a-z0-9][a-z0-9_+-]{1,31}")
_QUOTED = re.compile(rf":({_NAME.pattern}):")
COUNTER = "emoji"
# How often they have changed, for who is to tell it with something else.
REV = select(meta.c.value).where(meta.c.key == bindparam("key")).scalar_subquery()
_REV = Compiled(select(REV), "key")


class _Made(NamedTuple):
    type: str
    data: bytes


def rev(conn: Connection) -> int:
    """How often they have changed."""
    found = _REV.rows(conn, COUNTER)
    return int(found[0][0] or 0)


def listing(store: Store, actor: Actor, command: EmojiList) -> EmojiListResult:
    """`emoji_list`: all of them, by name."""
    with store.read() as conn:
        conn.begin()
        rows = conn.execute(select(custom_emoji.c.name, custom_emoji.c.digest).order_by(custom_emoji.c.name)).all()
        return EmojiListResult(rev(conn), [_shown(row.name, row.digest) for row in rows])


def add(store: Store, actor: Actor, name: str, data: bytes) -> CustomEmoji:
    """Raises `ChatError`: `forbidden`, `bad_request` (the name or the picture), `too_large`, `conflict`."""
    permissions.require(actor, "emoji_manage")
    if _NAME.fullmatch(name) is None:
        raise bad_request("A name has 2 to 32 small letters, digits, and _, + or - between.", "name")
    if store.offload(shortcodes.is_known, name):
        raise conflict("There is an emoji of this name already.", "name")
    if len(data) > MOST_BYTES:
        raise ChatError("too_large", "The picture may have up to 256 KB.", "file")
    try:
        made = store.offload_heavy(_made, data)
    except BadPicture as error:
        raise bad_request(str(error), "file") from error
    digest = hashlib.sha256(made.data).hexdigest()[:32]

    def work(tx: Transaction) -> CustomEmoji:
        number = _count(tx.conn)
        if (tx.conn.scalar(select(func.count()).select_from(custom_emoji)) or 0) >= MOST:
            raise conflict(f"There are {MOST} emoji already; remove one first.", "name")
        if tx.conn.scalar(select(custom_emoji.c.id).where(custom_emoji.c.name == name)) is not None:
            raise conflict("There is an emoji of this name already.", "name")
        picture = {"type": made.type, "picture": made.data, "digest": digest}
        tx.insert(custom_emoji, {"name": name, **picture, "created_by": actor.user, "created_at": now()})
        added = _shown(name, digest)
        tx.after_commit(Publish(EVERYBODY, "emoji_changed", EmojiChanged(number, added=added)))
        return added

    return store.write(work)


def remove(store: Store, actor: Actor, command: EmojiRemove) -> None:
    """`emoji_remove`: what was written with it shows its name from then on."""
    permissions.require(actor, "emoji_manage")
    if _NAME.fullmatch(command.name) is None:
        raise not_found("There is no such emoji.", "name")

    def work(tx: Transaction) -> None:
        number = _count(tx.conn)
        if not tx.conn.execute(delete(custom_emoji).where(custom_emoji.c.name == command.name)).rowcount:
            raise not_found("There is no such emoji.", "name")
        tx.after_commit(Publish(EVERYBODY, "emoji_changed", EmojiChanged(number, removed=command.name)))
        audit.note(tx, actor, "emoji_remove", name=command.name)

    store.write(work)


def picture(store: Store, digest: str) -> tuple[str, bytes]:
    """Its type and bytes. Raises `not_found`."""
    with store.read() as conn:
        query = select(custom_emoji.c.type, custom_emoji.c.picture).where(custom_emoji.c.digest == digest)
        row = conn.execute(query.limit(1)).first()
    if row is None:
        raise not_found("There is no such emoji.", "digest")
    return row.type, row.picture


def known(conn: Connection, names: Collection[str]) -> dict[str, str]:
    """Those of the names that there are, each with the digest of its picture."""
    if not names:
        return {}
    rows = conn.execute(select(custom_emoji.c.name, custom_emoji.c.digest).where(custom_emoji.c.name.in_(names)))
    return {row.name: row.digest for row in rows}


def quoted(value: str) -> str | None:
    """The name in `:name:`; None for anything else."""
    found = _QUOTED.fullmatch(value)
    return found and found[1]


def either(value: str) -> str:
    """An emoji of Unicode's or of ours, in the form that is kept; of ours, `require` asks whether there is one.

    Raises `bad_request`.
    """
    return value if quoted(value) else emoji.qualified(value)


def require(conn: Connection, value: str) -> None:
    """Raises `bad_request` for the name of one of ours that there is not."""
    name = quoted(value)
    if name and not known(conn, [name]):
        raise bad_request("This is not an emoji.", "emoji")


def _shown(name: str, digest: str) -> CustomEmoji:
    return CustomEmoji(name, f"/emoji/{digest}")


def _count(conn: Connection) -> int:
    """One change more. The row stays locked until the transaction ends."""
    insert: Any = (postgresql if conn.dialect.name == "postgresql" else sqlite).insert(meta)
    more = cast(cast(meta.c.value, BigInteger) + 1, Text)
    counted = insert.values(key=COUNTER, value="1").on_conflict_do_update(index_elements=["key"], set_={"value": more})
    return int(conn.scalar(counted.returning(meta.c.value)))


def _made(data: bytes) -> _Made:
    """The picture, checked, freed of what it tells beside itself, and small. Raises `BadPicture`."""
    kind = filetypes.sniff(data[: filetypes.HEAD_BYTES])
    if kind not in pictures.TYPES:
        raise BadPicture("An emoji is a PNG, GIF, WebP or JPEG.")
    cleaned = io.BytesIO()
    found = pictures.clean(kind, data, cleaned)
    cleaned.seek(0)
    with pictures.decoded(cleaned, found, SIDE) as image:
        if found.frames == 1:
            return _Made("image/webp", encoded(image, SIDE))
    # What moves stays as it was made.
    if max(found.width, found.height) > SIDE:
        raise BadPicture(f"A moving picture may be up to {SIDE} pixels wide and high.")
    return _Made(kind, cleaned.getvalue())
