"""Fills an empty server. The content lies in `content/`, a file a language; its pictures are drawn."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

import msgspec
from sqlalchemy import case, update

from chat import (
    accounts,
    custom_emoji,
    directs,
    members,
    messages,
    pins,
    profiles,
    reactions,
    reads,
    rooms,
    saved,
    statuses,
)
from chat.actor import Actor
from chat.avatars import Avatars
from chat.demo import drawing
from chat.errors import conflict
from chat.events.messages import MessageEdit, MessageSend, PinAdd, ReactionAdd
from chat.events.people import PresenceSet
from chat.events.reading import ReadMark
from chat.events.rooms import DirectOpen, RoomCreate, RoomInvite
from chat.events.saved import SavedSet
from chat.files.intake import Intake
from chat.storage import Storage, open_backend
from chat.store import Store, Transaction
from chat.store.tables import messages as message_table
from chat.times import now

MINUTE = 60_000
OWNER = "ada"
IN_PRIVATE_ROOMS = ("mira", "chen")


class Person(msgspec.Struct):
    """`picture` is one of `drawing.PICTURES`."""

    name: str
    status: str
    emoji: str = ""
    about: str = ""
    time_zone: str | None = None
    picture: str | None = None


class SampleFile(msgspec.Struct):
    """One of `drawing.PICTURES`, or a file with this text."""

    name: str
    picture: str | None = None
    text: str = ""


class Line(msgspec.Struct):
    """One message. `reply_to` is another line's place in the same room, `reactions` says who chose each emoji, and
    `before_edit` what it said at first. What is `saved`, the owner has."""

    author: str
    minutes_ago: int
    text: str
    reply_to: int | None = None
    reactions: dict[str, list[str]] = {}
    pinned: bool = False
    saved: bool = False
    before_edit: str | None = None
    files: list[SampleFile] = []


class SampleRoom(msgspec.Struct):
    kind: Literal["public", "private"]
    topic: str
    lines: list[Line]


class SampleDirect(msgspec.Struct):
    """A conversation of the owner with some people."""

    people: list[str]
    lines: list[Line]


class Sample(msgspec.Struct):
    """One language's made-up content; the lobby is the room that everybody is in, and `emoji` says what each picture of
    the server's own emoji is."""

    server: str
    lobby: str
    people: dict[str, Person]
    emoji: dict[str, str]
    rooms: dict[str, SampleRoom]
    lobby_lines: list[Line]
    directs: list[SampleDirect]


def fill(store: Store, language: str) -> str:
    """Fill an empty server; returns what to tell whoever asked.

    Raises `ChatError("conflict")` where somebody has an account.
    """
    if not accounts.is_empty(store):
        raise conflict("This server has accounts already; the demo goes into an empty one (set CHAT_DATA_DIR).")
    sample = msgspec.json.decode((Path(__file__).parent / "content" / f"{language}.json").read_bytes(), type=Sample)
    password = secrets.token_urlsafe(9)
    cast = _people(store, sample, password)
    for name, picture in sample.emoji.items():
        custom_emoji.add(store, cast[OWNER], name, drawing.draw(picture))
    for name, room in sample.rooms.items():
        _talk(store, cast, _room(store, cast, name, room), room.lines)
    for direct in sample.directs:
        with_whom = [cast[username].user for username in direct.people]
        opened = directs.open_with(store, cast[OWNER], DirectOpen(with_whom)).room.id
        _talk(store, cast, opened, direct.lines)
    with store.read() as conn:
        lobby = accounts.lobby(conn)
    if lobby is not None:
        _talk(store, cast, lobby, sample.lobby_lines)
    return f"Filled with sample data. Sign in as {OWNER}, password {password}"


def _people(store: Store, sample: Sample, password: str) -> dict[str, Actor]:
    for username, person in sample.people.items():
        if username == OWNER:
            accounts.create_owner(
                store,
                server_name=sample.server,
                username=username,
                name=person.name,
                password=password,
                lobby=sample.lobby,
            )
        else:
            accounts.create(store, username, name=person.name, role="member", password=None)
    cast = {username: accounts.by_username(store, username) for username in sample.people}
    avatars = Avatars(store, Storage(open_backend(store.settings)))
    for username, person in sample.people.items():
        statuses.choose(store, cast[username], PresenceSet("online", person.status, person.emoji))
        profiles.update_own(store, cast[username], name=person.name, about=person.about, time_zone=person.time_zone)
        if person.picture is not None:
            avatars.choose(cast[username], drawing.draw(person.picture))
    return cast


def _room(store: Store, cast: dict[str, Actor], name: str, room: SampleRoom) -> int:
    owner = cast[OWNER]
    made = rooms.create(store, owner, RoomCreate(name, room.kind, room.topic)).room.id
    others = IN_PRIVATE_ROOMS if room.kind == "private" else [username for username in cast if username != OWNER]
    members.invite(store, owner, RoomInvite(made, [cast[username].user for username in others]))
    return made


def _talk(store: Store, cast: dict[str, Actor], room: int, lines: list[Line]) -> None:
    began = now()
    said: list[int] = []
    for number, line in enumerate(lines):
        author = cast[line.author]
        answered = None if line.reply_to is None else said[line.reply_to]
        first = line.before_edit or line.text
        files = [_file(store, author, file) for file in line.files]
        message = messages.send(
            store, author, MessageSend(room, f"demo-{room}-{number}", first, answered, files)
        ).message
        said.append(message.id)
        _do_with(store, cast, message.id, line)
        _date(store, message.id, began - line.minutes_ago * MINUTE)
        if line.author == OWNER:
            reads.mark(store, author, ReadMark(room, message.seq))


def _file(store: Store, author: Actor, file: SampleFile) -> int:
    intake = Intake(store, Storage(open_backend(store.settings)))
    content = file.text.encode() if file.picture is None else drawing.draw(file.picture)
    path = intake.spool.new(len(content))
    path.write_bytes(content)
    return intake.take(author, path, file.name).id


def _do_with(store: Store, cast: dict[str, Actor], message: int, line: Line) -> None:
    """What becomes of a message after it was sent."""
    author = cast[line.author]
    if line.before_edit is not None:
        messages.edit(store, author, MessageEdit(message, line.text))
    if line.pinned:
        pins.add(store, author, PinAdd(message))
    if line.saved:
        saved.choose(store, cast[OWNER], SavedSet(message, True))
    for emoji, people_of in line.reactions.items():
        for username in people_of:
            reactions.add(store, cast[username], ReactionAdd(message, emoji))


def _date(store: Store, message: int, moment: int) -> None:
    this = message_table.c.id == message
    edited = case((message_table.c.edited_at.is_not(None), moment + MINUTE), else_=None)

    def work(tx: Transaction) -> None:
        tx.conn.execute(update(message_table).where(this).values(created_at=moment, edited_at=edited))

    store.write(work)
