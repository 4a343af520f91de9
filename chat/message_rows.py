"""Messages as the database has them, made into those that are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, select

from chat.events.objects import Author, File, Happening, Message, Preview, Reaction
from chat.store.tables import messages, reactions, users
from chat.times import stamp, stamp_or_none

# Of text and HTML in one answer. A page must be far below what may wait for a client (`transport/limits.py`): one that
# has much to read would else be dropped by the very answer that brings it up to date, again and again.
MOST_PAGE_CHARACTERS = 100_000
# What an id among those who reacted takes of an answer.
_ID_CHARACTERS = 8

_COLUMNS = (
    messages,
    users.c.username.label("author_username"),
    users.c.name.label("author_name"),
    users.c.avatar.label("author_avatar"),
)
_decode_happening = msgspec.json.Decoder(Happening).decode
_decode_files = msgspec.json.Decoder(list[File]).decode
_decode_previews = msgspec.json.Decoder(list[Preview]).decode
_decode_ids = msgspec.json.Decoder(list[int]).decode


def query() -> Select[Any]:
    """Whole messages with their authors: what `views` and `one` take."""
    return select(*_COLUMNS).join(users, users.c.id == messages.c.author_id)


def views(conn: Connection, rows: Sequence[Row[Any]]) -> list[Message]:
    """The first one, and as many behind it as fit into one answer."""
    reacted = _reactions(conn, [row.id for row in rows if row.rev > row.born and row.deleted_at is None])
    found: list[Message] = []
    size = 0
    for row in rows:
        message = _view(row, reacted.get(row.id, []))
        size += len(message.text) + len(message.html) + len(row.files or "") + len(row.previews or "")
        size += _ID_CHARACTERS * sum(len(reaction.users) + 2 for reaction in message.reactions)
        if found and size > MOST_PAGE_CHARACTERS:
            break
        found.append(message)
    return found


def files_of(shown: str | None) -> list[File]:
    """The files of a message, as its row has them."""
    return [] if shown is None else _decode_files(shown)


def previews_of(shown: str | None) -> list[Preview]:
    """The previews under a message, as its row has them."""
    return [] if shown is None else _decode_previews(shown)


def one(conn: Connection, message: int) -> Message:
    """A message that there is."""
    return views(conn, [conn.execute(query().where(messages.c.id == message)).one()])[0]


def _reactions(conn: Connection, ids: Sequence[int]) -> dict[int, list[Reaction]]:
    """By message: each emoji with its people, in the order in which they came."""
    if not ids:
        return {}
    rows = conn.execute(
        select(reactions.c.message_id, reactions.c.emoji, reactions.c.user_id)
        .where(reactions.c.message_id.in_(ids))
        .order_by(reactions.c.id)
    )
    by_message: dict[int, dict[str, list[int]]] = defaultdict(dict)
    for row in rows:
        by_message[row.message_id].setdefault(row.emoji, []).append(row.user_id)
    return {
        message: [Reaction(emoji, people) for emoji, people in chosen.items()] for message, chosen in by_message.items()
    }


def _view(row: Row[Any], reacted: list[Reaction]) -> Message:
    author = Author(row.author_id, row.author_username, row.author_name, row.author_avatar)
    if row.deleted_at is not None:
        return Message(
            id=row.id,
            room=row.room_id,
            seq=row.seq,
            rev=row.rev,
            author=author,
            cid="",
            kind=row.kind,
            text="",
            html="",
            created_at=stamp(row.created_at),
            edited_at=stamp_or_none(row.edited_at),
            deleted=True,
        )
    return Message(
        id=row.id,
        room=row.room_id,
        seq=row.seq,
        rev=row.rev,
        author=author,
        cid=row.cid,
        kind=row.kind,
        text=row.text,
        html=row.html,
        created_at=stamp(row.created_at),
        edited_at=stamp_or_none(row.edited_at),
        reply_to=row.reply_to,
        reactions=reacted,
        files=files_of(row.files),
        mentions=[] if row.mentioned is None else _decode_ids(row.mentioned),
        pinned=row.pinned_at is not None,
        call=row.call,
        happening=None if row.happening is None else _decode_happening(row.happening),
        reply_author=row.reply_author_id,
        previews=previews_of(row.previews),
    )


def by_ids(conn: Connection, ids: Iterable[int]) -> dict[int, Row[Any]]:
    """The rows of those that there are."""
    return {row.id: row for row in conn.execute(query().where(messages.c.id.in_(list(ids))))}
