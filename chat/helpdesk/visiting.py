"""What a visitor does: writes, reads its own conversation, says who it is, and how it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.exc import IntegrityError

from chat import history, message_rows, people, rooms
from chat import messages as nouns
from chat.actor import Actor
from chat.errors import ChatError, bad_request, forbidden
from chat.events.help import (
    HelpChanged,
    HelpClose,
    HelpDetails,
    HelpHistory,
    HelpHistoryResult,
    HelpOwn,
    HelpSend,
    HelpSendResult,
    HelpSync,
    HelpSyncResult,
)
from chat.events.messages import MessageSend
from chat.events.objects import Message
from chat.events.people import UserChanged
from chat.helpdesk import conversations, files, showing, visitors
from chat.helpdesk.sites import Site
from chat.store import Store, Transaction
from chat.store.outbox import Publish, help_channel, room_channel
from chat.store.tables import help_conversations, help_visitors, messages, users
from chat.store.tables import rooms as room_table
from chat.text import clean, fold

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Visit:
    """A window that is open: of which site, with which secret, and where it is."""

    site: Site
    secret: str
    address: str
    browser: str
    language: str


@dataclass(frozen=True, slots=True)
class Place:
    """Who a visitor is, and the room of their conversation."""

    actor: Actor
    conversation: Row[Any]

    @property
    def room(self) -> int:
        room: int = self.conversation.room_id
        return room


def known(conn: Connection, visit: Visit) -> Actor | None:
    """Who has written already, or handed in a file."""
    return visitors.known(conn, visit.site.id, visit.secret, visit.address)


def handing_in(store: Store, visit: Visit) -> Actor:
    """Whose a file is that may come before any word: a visitor without a conversation, if there was none. Raises
    `rate_limited` where too many conversations are open.
    """
    return _tried_twice(store, lambda tx: _known_or_begun(tx, visit, store.settings.help_open))


def place(conn: Connection, visit: Visit) -> Place | None:
    """None for who has not written yet, and for whom the conversation is over."""
    actor = known(conn, visit)
    conversation = None if actor is None else conversations.current(conn, actor.user)
    return None if actor is None or conversation is None else Place(actor, conversation)


def welcome(conn: Connection, here: Place) -> HelpOwn:
    """The visitor's conversation as it stands."""
    rev = conn.scalar(select(room_table.c.rev).where(room_table.c.id == here.room)) or 0
    return conversations.own(conn, here.conversation, rev)


def send(store: Store, visit: Visit, command: HelpSend) -> HelpSendResult:
    """`help_send`: the first one makes the visitor and the conversation. Raises as `message_send` does, and
    `rate_limited` where too many conversations are open."""
    if not command.files:
        # What can't be sent begins nothing.
        clean(command.text, "text", least=1, most=nouns.MOST_CHARACTERS, lines=True)
    page = clean(command.page, "page", most=500)
    with store.read() as conn:
        actor = known(conn, visit)
        files.require_own(conn, actor, command.files)
    if actor is None:
        # Refused, it leaves an account that nobody sees, and that is forgotten in two days.
        actor = handing_in(store, visit)
    with store.read() as conn:
        here = place(conn, visit)
        again = _said_before(conn, actor, command)
    if again is not None and (here is None or again.room != here.room):
        # The ack was lost, and what it was said in is over.
        return HelpSendResult(showing.own_message(again, store.link_key), duplicate=True)
    beside = partial(conversations.visitor_said, most_rooms=store.settings.rooms_per_user)
    wanted = MessageSend(0 if here is None else here.room, command.cid, command.text, files=command.files)
    begin = partial(_begin, store=store, visit=visit, actor=actor, page=page) if here is None else None
    result = nouns.send(store, actor, wanted, beside=beside, place=begin)
    return HelpSendResult(showing.own_message(result.message, store.link_key), result.duplicate)


def _said_before(conn: Connection, actor: Actor, command: HelpSend) -> Message | None:
    mine = (messages.c.author_id == actor.user) & (messages.c.cid == command.cid)
    row = conn.execute(message_rows.query().where(mine)).first()
    return None if row is None else message_rows.views(conn, [row])[0]


def read(store: Store, visit: Visit, command: HelpHistory) -> HelpHistoryResult:
    """`help_history`."""
    with store.read() as conn:
        here = place(conn, visit)
        if here is None:
            return HelpHistoryResult([], False, 0)
        before = messages.c.seq < command.before if command.before is not None else messages.c.seq > 0
        rows = conn.execute(_shown(here.room).where(before).order_by(messages.c.seq.desc()).limit(command.limit)).all()
        found = showing.messages(conn, rows, here.actor.user, store.link_key)[::-1]
        first = found[0].seq if found else 0
        more = conn.scalar(select(messages.c.id).where(*_of(here.room), messages.c.seq < first).limit(1)) is not None
        rev = conn.scalar(select(room_table.c.rev).where(room_table.c.id == here.room)) or 0
    return HelpHistoryResult(found, more, rev)


def sync(store: Store, visit: Visit, command: HelpSync) -> HelpSyncResult:
    """`help_sync`: all that has changed since, as it is now."""
    with store.read() as conn:
        here = place(conn, visit)
        if here is None:
            return HelpSyncResult(0, reset=command.rev > 0)
        rev = conn.scalar(select(room_table.c.rev).where(room_table.c.id == here.room)) or 0
        if command.rev > rev or rev - command.rev > history.MOST_CHANGES_TO_SYNC:
            return HelpSyncResult(rev, reset=True)
        changed = _shown(here.room).where(messages.c.rev > command.rev).order_by(messages.c.rev)
        rows = conn.execute(changed.limit(command.limit + 1)).all()
        found = showing.messages(conn, rows[: command.limit], here.actor.user, store.link_key)
        more = len(rows) > len(found)
        return HelpSyncResult(rev, found, more=more, conversation=conversations.own(conn, here.conversation, rev))


def describe(store: Store, visit: Visit, command: HelpDetails) -> None:
    """`help_details`. Raises `forbidden` before the first message."""
    with store.read() as conn:
        here = place(conn, visit)
    if here is None:
        raise forbidden("Write something first, please.")
    name = None if command.name is None else clean(command.name, "name", least=1, most=80)
    email = None if command.email is None else _email(command.email)
    if name is not None:
        _require_sayable(store, here, name, "name")
    user = here.actor.user

    def work(tx: Transaction) -> None:
        rooms.lock(tx, here.room)
        if name is not None:
            called = {"name": name, "name_key": fold(name)}
            tx.conn.execute(update(users).where(users.c.id == user).values(called))
            tx.conn.execute(update(room_table).where(room_table.c.id == here.room).values(called))
            known = people.one(tx.conn, user)
            tx.after_commit(Publish(room_channel(here.room), "user_changed", UserChanged(known)))
        if email is not None:
            tx.conn.execute(update(help_visitors).where(help_visitors.c.user_id == user).values(email=email))
        _settle(tx, here, {})

    store.write(work, room=here.room)


def close(store: Store, visit: Visit, command: HelpClose) -> None:
    """`help_close`: over, and perhaps rated. A second time changes the rating."""
    comment = clean(command.comment, "comment", most=500, lines=True)
    with store.read() as conn:
        here = place(conn, visit)
    if here is None:
        raise forbidden("There is no conversation to end.")
    if comment:
        _require_sayable(store, here, comment, "comment")

    def work(tx: Transaction) -> None:
        conversations.resolve(tx, here.actor, here.room)
        rated = {} if command.rating is None else {"rating": command.rating, "comment": comment}
        _settle(tx, here, rated)

    store.write(work, room=here.room)


def _require_sayable(store: Store, here: Place, text: str, field: str) -> None:
    """Raises `forbidden` where it would not be taken as a message either."""
    store.require_voice(here.actor.user, here.room)
    objection = store.objection(escape(text))
    if objection is not None:
        raise forbidden(objection.message, field)


def _begin(tx: Transaction, *, store: Store, visit: Visit, actor: Actor, page: str) -> int:
    """The room of the conversation that the visitor's word begins, in the transaction of this word."""
    # One window of a browser at a time.
    tx.conn.execute(select(users.c.id).where(users.c.id == actor.user).with_for_update())
    here = place(tx.conn, visit)
    if here is not None:
        return here.room
    if known(tx.conn, visit) is None:
        visitors.require_admitted(tx.conn, visit.secret)
    _require_few(tx.conn, store.settings.help_open)
    return conversations.begin(tx, actor, visit.site.id, page, visit.browser, store.settings.rooms_per_user)


def _known_or_begun(tx: Transaction, visit: Visit, most: int) -> Actor:
    actor = known(tx.conn, visit)
    if actor is None:
        _require_few(tx.conn, most)
        visitors.require_admitted(tx.conn, visit.secret)
        actor = visitors.begin(tx, visit.site, visit.secret, visit.language, visit.address)
    return actor


def _require_few(conn: Connection, most: int) -> None:
    if conversations.unresolved(conn) >= most:
        said = "Very many people are waiting for an answer. Please come back a little later."
        raise ChatError("rate_limited", said, retry_after=300, retryable=True)


def _tried_twice(store: Store, work: Callable[[Transaction], T]) -> T:
    try:
        return store.write(work)
    except IntegrityError:
        # Another window of the same browser was faster, or another file of this one.
        return store.write(work)


def _settle(tx: Transaction, here: Place, values: dict[str, Any]) -> None:
    """With the room's next `rev`, so that windows of the visitor that miss the fact find it."""
    if values:
        conversations.settle(tx, here.room, values)
    else:
        conversations.tell(tx, here.room)
    head = rooms.advance(tx, here.room, own=True)
    now = _place_of(tx.conn, here.actor, here.room)
    fact = HelpChanged(head.rev, None, conversations.own(tx.conn, now.conversation, head.rev))
    tx.after_commit(Publish(help_channel(here.room), "help_changed", fact))


def _place_of(conn: Connection, actor: Actor, room: int) -> Place:
    """As it is now."""
    return Place(actor, conn.execute(select(help_conversations).where(help_conversations.c.room_id == room)).one())


def _of(room: int) -> tuple[Any, ...]:
    return messages.c.room_id == room, messages.c.kind.in_(showing.SHOWN)


def _shown(room: int) -> Any:
    return message_rows.query().where(*_of(room))


def _email(value: str) -> str:
    """Somewhere to write to, or nothing. Whether it is reached, only a letter could tell."""
    shown = clean(value, "email", most=200).strip()
    if shown and not (shown.count("@") == 1 and all(shown.split("@")) and " " not in shown):
        raise bad_request("This is no e-mail address.", "email")
    return shown
