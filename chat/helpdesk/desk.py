"""What agents do: look at the queue, take, hand over, resolve, and say something among themselves."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, Select, literal, select, tuple_

from chat import message_rows, messages, people
from chat.actor import Actor
from chat.errors import conflict, not_found
from chat.events.help import (
    HelpAssign,
    HelpEarlier,
    HelpEarlierResult,
    HelpList,
    HelpListResult,
    HelpLookAt,
    HelpLookAtResult,
    HelpNote,
    HelpResolve,
)
from chat.events.messages import MessageResult, MessageSend
from chat.events.objects import User
from chat.helpdesk import agents, conversations
from chat.store import Store, Transaction
from chat.store.tables import help_conversations as table
from chat.store.tables import messages as message_table
from chat.store.tables import users
from chat.text import clean

EARLIER = 20


def listing(store: Store, actor: Actor, command: HelpList) -> HelpListResult:
    """`help_list`."""
    query = select(table.c.room_id).join(users, users.c.id == table.c.visitor_id)
    if command.list == "mine":
        query = query.where(table.c.agent_id == actor.user, table.c.state != "resolved")
    else:
        query = query.where(table.c.state == command.list)
    if sought := clean(command.query, "query", most=200):
        query = query.where(people.named_like(sought))
    with store.read() as conn:
        agents.require(conn, actor)
        # A name is looked for among all there have been.
        ids = store.offload(_ids, conn, query, command) if sought else _ids(conn, query, command)
        page = ids[: command.limit]
        found = conversations.views(conn, page)
        return HelpListResult(found, page[-1] if len(ids) > command.limit else None, conversations.waiting(conn))


def _ids(conn: Connection, query: Select[Any], command: HelpList) -> list[int]:
    """One more than a page has, to see whether it goes on."""
    return list(conn.scalars(_page(conn, query, command).limit(command.limit + 1)))


def _page(conn: Connection, query: Select[Any], command: HelpList) -> Select[Any]:
    """Who has waited longest comes first; of all others, what was begun last."""
    if command.list != "waiting":
        if command.before is not None:
            query = query.where(table.c.room_id < command.before)
        return query.order_by(table.c.room_id.desc())
    if command.before is not None:
        since = conn.scalar(select(table.c.waiting_since).where(table.c.room_id == command.before))
        # One that does not wait any more has no place: from the beginning then, where nobody is missed.
        if since is not None:
            place = tuple_(table.c.waiting_since, table.c.room_id)
            query = query.where(place > tuple_(literal(since), literal(command.before)))
    return query.order_by(table.c.waiting_since, table.c.room_id)


def look_at(store: Store, actor: Actor, command: HelpLookAt) -> HelpLookAtResult:
    """`help_look_at`: come in, without taking it from anybody."""

    def work(tx: Transaction) -> HelpLookAtResult:
        row = _found(tx.conn, actor, command.room)
        conversations.come_in(tx, command.room, actor.user, store.settings.rooms_per_user)
        mine = (table.c.visitor_id == row.visitor_id) & (table.c.room_id < row.room_id)
        ids = list(tx.conn.scalars(select(table.c.room_id).where(mine).order_by(table.c.room_id.desc()).limit(EARLIER)))
        (now, *earlier) = conversations.views(tx.conn, [command.room, *ids])
        return HelpLookAtResult(now, earlier)

    return store.write(work, room=command.room)


def earlier(store: Store, actor: Actor, command: HelpEarlier) -> HelpEarlierResult:
    """`help_earlier`: any conversation's messages, without coming into it."""
    with store.read() as conn:
        _found(conn, actor, command.room)
        query = message_rows.query().where(message_table.c.room_id == command.room)
        if command.before is not None:
            query = query.where(message_table.c.seq < command.before)
        rows = conn.execute(query.order_by(message_table.c.seq.desc()).limit(50)).all()
        return HelpEarlierResult(message_rows.views(conn, rows)[::-1])


def colleagues(store: Store, actor: Actor) -> list[User]:
    """`help_agents`."""
    with store.read() as conn:
        agents.require(conn, actor)
        return agents.listing(conn)


def assign(store: Store, actor: Actor, command: HelpAssign) -> None:
    """`help_assign`. Raises `not_found` for who is no agent."""

    def work(tx: Transaction) -> None:
        row = _found(tx.conn, actor, command.room)
        if command.user is not None and command.user not in agents.ids(tx.conn):
            raise not_found("This person does not answer visitors.", "user")
        state = "waiting" if command.user is None else "open"
        if row.agent_id != command.user or row.state != state:
            _require_newest(tx.conn, row)
            conversations.assign(tx, actor, command.room, command.user, store.settings.rooms_per_user)

    store.write(work, room=command.room)


def resolve(store: Store, actor: Actor, command: HelpResolve) -> None:
    """`help_resolve`; reopened, it is the actor's."""

    def work(tx: Transaction) -> None:
        row = _found(tx.conn, actor, command.room)
        if command.resolved:
            conversations.resolve(tx, actor, command.room)
        elif row.state == "resolved":
            _require_newest(tx.conn, row)
            conversations.assign(tx, actor, command.room, actor.user, store.settings.rooms_per_user)

    store.write(work, room=command.room)


def note(store: Store, actor: Actor, command: HelpNote) -> MessageResult:
    """`help_note`: like a message, but for agents alone. It answers nobody."""
    with store.read() as conn:
        _found(conn, actor, command.room)
    return messages.send(store, actor, MessageSend(command.room, command.cid, command.text), kind="note")


def answer(store: Store, actor: Actor, command: MessageSend, **more: Any) -> MessageResult:
    """`message_send` in a conversation. Raises `forbidden` for who does not answer visitors any more."""
    with store.read() as conn:
        _found(conn, actor, command.room)
    return messages.send(store, actor, command, beside=partial(_answered, actor), **more)


def _answered(actor: Actor, tx: Transaction, room: int) -> None:
    conversations.agent_said(tx, room, actor)


def _require_newest(conn: Connection, row: Row[Any]) -> None:
    """Raises `conflict`: a visitor hears only the newest of theirs, so an earlier one is not begun again beside it."""
    newer = (table.c.visitor_id == row.visitor_id) & (table.c.room_id > row.room_id)
    if row.state == "resolved" and conn.scalar(select(table.c.room_id).where(newer).limit(1)) is not None:
        raise conflict("This visitor has begun another conversation since.")


def _found(conn: Connection, actor: Actor, room: int) -> Row[Any]:
    agents.require(conn, actor)
    row = conn.execute(select(table).where(table.c.room_id == room)).first()
    if row is None:
        raise not_found("There is no such conversation.", "room")
    return row
