"""A room to take along: its messages as JSON and as a page, and its files, in one ZIP that is made while it is sent.

However large the room is, one page of messages or one piece of a file is in memory. What is written meanwhile may be in
it or not; what is deleted meanwhile is not.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from html import escape
from typing import IO

import msgspec
from sqlalchemy import Connection, Row, select

from chat import audit, message_rows, permissions, rooms
from chat.actor import Actor
from chat.errors import forbidden
from chat.events.objects import Message
from chat.storage import Missing, Storage
from chat.store import Store, Transaction
from chat.store.tables import attachments, files, messages
from chat.times import now, stamp

PAGE = 200
PIECE_BYTES = 262_144

_STYLE = """
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; color: #222; }
h1 { font-size: 1.4rem; }
header { margin-bottom: 2rem; color: #555; }
article { margin-bottom: 1rem; }
article p { margin: 0.2rem 0; }
time { color: #777; font-size: 0.8rem; }
pre { overflow: auto; padding: 0.6rem; background: #f4f4f4; }
blockquote { margin: 0; padding-left: 0.8rem; border-left: 3px solid #ddd; }
.gone { color: #777; }
"""


class _Sink:
    """What `zipfile` writes to: it can't go back, and what was written is taken away."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._length = 0

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        self._length += len(data)
        return len(data)

    def tell(self) -> int:
        return self._length

    def flush(self) -> None: ...

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def export(store: Store, storage: Storage, actor: Actor, room: int) -> tuple[str, Iterator[bytes]]:
    """The name of the file and its pieces. Raises `not_found`, and `forbidden` for who does not own the room."""

    def work(tx: Transaction) -> str:
        found = rooms.for_actor(tx.conn, actor, room)
        if found.kind == "direct":
            raise forbidden("A direct conversation is nobody's to take along.", "room")
        permissions.require(actor, "room_export", found.role)
        audit.note(tx, actor, "room_export", room=room)
        return str(found.name)

    name = store.write(work)
    return f"{name}.zip", _pieces(store, storage, room, name)


def _pieces(store: Store, storage: Storage, room: int, name: str) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for path, write in (("messages.json", _as_json), ("index.html", _as_page)):
            with archive.open(path, "w", force_zip64=True) as out:
                for _ in write(store, room, name, out):
                    yield sink.take()
        for row in _files(store, room):
            info = zipfile.ZipInfo(_path(row.id, row.name))
            # Pictures and films are compressed already.
            info.compress_type = zipfile.ZIP_STORED
            with archive.open(info, "w", force_zip64=True) as out:
                for _ in _bytes(storage, row, out):
                    yield sink.take()
    yield sink.take()


def _as_json(store: Store, room: int, name: str, out: IO[bytes]) -> Iterator[None]:
    head = msgspec.json.encode({"room": name, "exported_at": stamp(now())})
    out.write(head[:-1] + b',"messages":[')
    before = b"\n"
    for page in _pages(store, room):
        for message in page:
            out.write(before + msgspec.json.encode(message))
            before = b",\n"
        yield
    out.write(b"\n]}\n")


def _as_page(store: Store, room: int, name: str, out: IO[bytes]) -> Iterator[None]:
    title = escape(f"#{name}")
    out.write(
        f'<!doctype html>\n<html><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n<header>{stamp(now())}</header>\n".encode()
    )
    for page in _pages(store, room):
        out.write("".join(map(_article, page)).encode())
        yield
    out.write(b"</body></html>\n")


def _article(message: Message) -> str:
    if message.kind == "system":
        return ""
    said = '<p class="gone">–</p>' if message.deleted else message.html
    links = "".join(
        f'<p><a href="{escape(_path(one.id, one.name))}">{escape(one.name)}</a></p>\n' for one in message.files
    )
    return (
        f'<article id="m{message.seq}"><b>{escape(message.author.name)}</b> '
        f"<time>{message.created_at}</time>\n{said}\n{links}</article>\n"
    )


def _pages(store: Store, room: int) -> Iterator[list[Message]]:
    """All messages, in their order."""
    last = 0
    while True:
        with store.read() as conn:
            page = store.offload(_page, conn, room, last)
        if not page:
            return
        yield page
        last = page[-1].seq


def _page(conn: Connection, room: int, after: int) -> list[Message]:
    query = message_rows.query().where(messages.c.room_id == room, messages.c.seq > after)
    return message_rows.views(conn, conn.execute(query.order_by(messages.c.seq).limit(PAGE)).all())


def _files(store: Store, room: int) -> Iterator[Row[tuple[int, str, str, int]]]:
    """Those that a message has, each once."""
    seen: set[int] = set()
    last = 0
    while True:
        query = (
            select(attachments.c.id.label("attachment"), files.c.id, files.c.name, files.c.key, files.c.size)
            .join(files, files.c.id == attachments.c.file_id)
            .where(attachments.c.room_id == room, attachments.c.id > last, files.c.dropped_at.is_(None))
        )
        with store.read() as conn:
            rows = conn.execute(query.order_by(attachments.c.id).limit(PAGE)).all()
        if not rows:
            return
        for row in rows:
            if row.id not in seen:
                seen.add(row.id)
                yield row  # type: ignore[misc]
        last = rows[-1].attachment


def _bytes(storage: Storage, row: Row[tuple[int, str, str, int]], out: IO[bytes]) -> Iterator[None]:
    try:
        content = storage.open(row.key, 0, row.size)
    except Missing:
        # The row is there, so somebody has taken the bytes away: the others are worth having all the same.
        return
    try:
        while data := content.read(PIECE_BYTES):
            out.write(data)
            yield
    finally:
        content.close()


def _path(number: int, name: str) -> str:
    """Where a file lies in the archive: by its id, since several may have one name."""
    return f"files/{number}/{name.replace('/', '_').replace(chr(92), '_')}"
