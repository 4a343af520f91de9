"""A conversation beside its room: who it waits for, who has it, and when it is over.

It waits while nobody has answered what its visitor has said. Whoever answers has it; who resolves it lets go of it, and
the visitor's next word makes it wait again, at the one who had it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, exists, func, select, update

from chat import happenings, members, people, rooms
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.help import HelpAgent, HelpChanged, HelpConversation, HelpOwn, HelpQueueChanged
from chat.events.objects import Happening
from chat.helpdesk import agents, showing
from chat.markup.plain import plain
from chat.store import Transaction
from chat.store.outbox import HelpBegun, Publish, help_channel, user_channel
from chat.store.tables import attachments, files, help_visitors, memberships, messages, users
from chat.store.tables import help_conversations as table
from chat.store.tables import rooms as room_table
from chat.times import DAY, MINUTE, now, stamp, stamp_or_none

# After so long without a word, what a visitor says begins another conversation.
AGAIN = 3 * DAY
LONGEST_LAST = 140
# A visitor who has just ended it and writes again calls nobody: they wait, and those who look see it.
QUIET_AFTER = 5 * MINUTE


def current(conn: Connection, visitor: int) -> Row[Any] | None:
    """The one that the visitor's next word belongs to."""
    over = (table.c.state == "resolved") & (table.c.said_at < now() - AGAIN)
    query = select(table).where(table.c.visitor_id == visitor, ~over)
    return conn.execute(query.order_by(table.c.room_id.desc()).limit(1)).first()


def begin(tx: Transaction, visitor: Actor, site: int, page: str, browser: str, most_rooms: int) -> int:
    """Returns its room."""
    room = rooms.insert(tx, None, visitor.name, "help")
    moment = now()
    tx.conn.execute(
        table.insert().values(
            room_id=room,
            site_id=site,
            visitor_id=visitor.user,
            state="waiting",
            opened_at=moment,
            said_at=moment,
            page=page,
            browser=browser,
            language=visitor.language or "",
        )
    )
    _begun(tx, room, visitor.user)
    rooms.add_members(tx, room, [visitor.user], most_rooms)
    return room


def _begun(tx: Transaction, room: int, visitor: int) -> None:
    known = select(help_visitors.c.secret_hash).where(help_visitors.c.user_id == visitor)
    tx.after_commit(HelpBegun(room, visitor, tx.conn.scalars(known).one()))


def visitor_said(tx: Transaction, room: int, most_rooms: int) -> None:
    """Part of the transaction of the message."""
    row = _locked(tx, room)
    moment = now()
    values: dict[str, Any] = {"said_at": moment}
    if row.waiting_since is None:
        values["waiting_since"] = moment
    keeper = row.agent_id if row.agent_id in agents.ids(tx.conn) else None
    if row.state == "resolved":
        keeper = _back_in(tx, room, keeper, most_rooms)
        values |= {"state": "waiting", "resolved_at": None, "rating": None, "comment": ""}
    if row.agent_id != keeper:
        # Who had it is gone.
        values |= {"state": "waiting", "agent_id": None}
    # Who has it is told by the message itself; and who ends it and begins again does not ring for everybody each time.
    rang = row.state == "resolved" and row.agent_id is None and moment - row.resolved_at < QUIET_AFTER
    begins = row.waiting_since is None or row.agent_id != keeper
    settle(tx, room, values, calls=begins and keeper is None and not rang)


def _back_in(tx: Transaction, room: int, keeper: int | None, most_rooms: int) -> int | None:
    """Who had it, if they can come back into it: a visitor is heard in any case."""
    if keeper is None:
        return None
    try:
        rooms.add_members(tx, room, [keeper], most_rooms)
    except ChatError:
        return None
    return keeper


def agent_said(tx: Transaction, room: int, actor: Actor) -> None:
    """Part of the transaction of the message. Who answers what nobody has, has it."""
    row = _locked(tx, room)
    moment = now()
    values: dict[str, Any] = {"said_at": moment, "waiting_since": None}
    if row.answered_after is None:
        values["answered_after"] = moment - row.opened_at
    if row.state != "open":
        values |= {"state": "open", "agent_id": actor.user, "resolved_at": None}
    settle(tx, room, values)


def assign(tx: Transaction, actor: Actor, room: int, user: int | None, most_rooms: int) -> None:
    """To nobody, it waits. Its agent comes into the room."""
    row = _locked(tx, room)
    if row.state == "resolved":
        # Long over perhaps, so that processes and windows do not know of it any more.
        _begun(tx, room, row.visitor_id)
    if user is not None:
        rooms.add_members(tx, room, [user], most_rooms)
    happenings.tell(tx, actor.user, room, _handed(tx.conn, actor, row, user))
    values: dict[str, Any] = {"agent_id": user, "state": "waiting" if user is None else "open", "resolved_at": None}
    if row.state == "resolved":
        values |= {"rating": None, "comment": ""}
    if user is None and row.waiting_since is None:
        # From now on for somebody, whatever was answered before.
        values["waiting_since"] = now()
    settle(tx, room, values, calls=user is None)


def come_in(tx: Transaction, room: int, user: int, most_rooms: int) -> None:
    """Beside whoever has it. Of one that is over, what was said is read without."""
    if _locked(tx, room).state != "resolved":
        rooms.add_members(tx, room, [user], most_rooms)


def _handed(conn: Connection, actor: Actor, row: Row[Any], user: int | None) -> Happening:
    if user is None:
        return Happening("released")
    if user == actor.user:
        return Happening("resumed" if row.state == "resolved" else "taken")
    return Happening("assigned", people.one(conn, user).name)


def let_go(tx: Transaction, user: int) -> None:
    """Somebody answers no visitor any more: they leave all conversations, and those that they had wait for others."""
    theirs = (memberships.c.user_id == user) & (memberships.c.room_id == table.c.room_id)
    inside = select(table.c.room_id).where(exists().where(theirs), table.c.visitor_id != user)
    held = select(table.c.room_id).where(table.c.agent_id == user, table.c.state != "resolved")
    for room in sorted({*tx.conn.scalars(inside), *tx.conn.scalars(held)}):
        row = _locked(tx, room)
        members.put_out(tx, room, user)
        if row.agent_id == user and row.state != "resolved":
            happenings.tell(tx, user, room, Happening("released"))
            since = row.waiting_since or now()
            settle(tx, room, {"agent_id": None, "state": "waiting", "waiting_since": since}, calls=True)


def resolve(tx: Transaction, actor: Actor, room: int) -> None:
    """Everybody but its visitor leaves the room, or people would be in thousands."""
    row = _locked(tx, room)
    if row.state == "resolved":
        return
    happenings.tell(tx, actor.user, room, Happening("ended" if actor.user == row.visitor_id else "resolved"))
    others = (memberships.c.room_id == room) & (memberships.c.user_id != row.visitor_id)
    for user in list(tx.conn.scalars(select(memberships.c.user_id).where(others))):
        members.put_out(tx, room, user, "left")
    settle(tx, room, {"state": "resolved", "resolved_at": now(), "waiting_since": None})


def settle(tx: Transaction, room: int, values: dict[str, Any], *, calls: bool = False) -> None:
    """Keep it so, and tell those who answer, and the visitor what is theirs to know."""
    tx.conn.execute(update(table).where(table.c.room_id == room).values(values))
    tell(tx, room, calls=calls)
    if values.keys() & {"state", "agent_id"}:
        _tell_visitor(tx, room)


def tell(tx: Transaction, room: int, *, calls: bool = False) -> None:
    """Those who answer, how it stands; with `calls`, that it has begun to wait for anybody."""
    told = tuple(user_channel(user) for user in sorted(agents.ids(tx.conn)))
    if told:
        fact = HelpQueueChanged(views(tx.conn, [room])[0], waiting(tx.conn), calls)
        tx.after_commit(Publish(told, "help_queue_changed", fact))


def own(conn: Connection, row: Row[Any], rev: int) -> HelpOwn:
    """It, as its visitor sees it."""
    called, email = users.c.name, help_visitors.c.email
    query = select(called, email).join(help_visitors, help_visitors.c.user_id == users.c.id)
    visitor = conn.execute(query.where(users.c.id == row.visitor_id)).one()
    agent = None
    if row.agent_id is not None:
        found = people.one(conn, row.agent_id)
        agent = HelpAgent(found.name, found.avatar)
    return showing.own(row, rev, agent, visitor.name, visitor.email)


def _tell_visitor(tx: Transaction, room: int) -> None:
    """No change of a message, so it takes no `rev`: who misses it is told in the next welcome."""
    rev = tx.conn.scalar(select(room_table.c.rev).where(room_table.c.id == room)) or 0
    row = tx.conn.execute(select(table).where(table.c.room_id == room)).one()
    fact = HelpChanged(rev, None, own(tx.conn, row, rev))
    tx.after_commit(Publish(help_channel(room), "help_changed", fact))


def waiting(conn: Connection) -> int:
    return conn.scalar(select(func.count()).where(table.c.state == "waiting")) or 0


def queue(conn: Connection) -> list[int]:
    """The rooms of those that wait, by who is next."""
    waits = select(table.c.room_id).where(table.c.state == "waiting")
    return list(conn.scalars(waits.order_by(table.c.waiting_since, table.c.room_id)))


def unresolved(conn: Connection) -> int:
    return conn.scalar(select(func.count()).where(table.c.state != "resolved")) or 0


def views(conn: Connection, ids: Sequence[int]) -> list[HelpConversation]:
    """In the order of `ids`."""
    email = help_visitors.c.email
    query = select(table, email).join(help_visitors, help_visitors.c.user_id == table.c.visitor_id)
    rows = {row.room_id: row for row in conn.execute(query.where(table.c.room_id.in_(ids)))}
    visitors = people.load(conn, {row.visitor_id for row in rows.values()})
    said, before = _last(conn, ids), _earlier(conn, rows.values())
    return [
        HelpConversation(
            room=row.room_id,
            site=row.site_id,
            visitor=visitors[row.visitor_id],
            email=row.email,
            state=row.state,
            agent=row.agent_id,
            opened_at=stamp(row.opened_at),
            waiting_since=stamp_or_none(row.waiting_since),
            said_at=stamp(row.said_at),
            resolved_at=stamp_or_none(row.resolved_at),
            last=said.get(row.room_id, ""),
            rating=row.rating,
            comment=row.comment,
            page=row.page,
            browser=row.browser,
            language=row.language,
            earlier=before[row.room_id],
        )
        for row in (rows[number] for number in ids if number in rows)
    ]


def _last(conn: Connection, ids: Sequence[int]) -> dict[int, str]:
    """The beginning of what was said last in each, by anybody; of files alone, their names."""
    texts = (messages.c.kind == "text") & messages.c.deleted_at.is_(None)
    newest = select(func.max(messages.c.id)).where(messages.c.room_id.in_(ids), texts).group_by(messages.c.room_id)
    said = conn.execute(select(messages.c.room_id, messages.c.id, messages.c.html).where(messages.c.id.in_(newest)))
    rows = said.all()
    named = select(attachments.c.message_id, files.c.name).join(files, files.c.id == attachments.c.file_id)
    names: dict[int, list[str]] = {}
    of_these = attachments.c.message_id.in_([row.id for row in rows])
    for message, name in conn.execute(named.where(of_these).order_by(attachments.c.id)):
        names.setdefault(message, []).append(name)
    return {row.room_id: (plain(row.html) or ", ".join(names.get(row.id, ())))[:LONGEST_LAST] for row in rows}


def _earlier(conn: Connection, rows: Iterable[Row[Any]]) -> dict[int, int]:
    """How many each visitor has had before."""
    of = {row.room_id: row.visitor_id for row in rows}
    found = conn.execute(select(table.c.visitor_id, table.c.room_id).where(table.c.visitor_id.in_(set(of.values()))))
    all_of: dict[int, list[int]] = {}
    for visitor, room in found:
        all_of.setdefault(visitor, []).append(room)
    return {room: sum(other < room for other in all_of[visitor]) for room, visitor in of.items()}


def _locked(tx: Transaction, room: int) -> Row[Any]:
    rooms.lock(tx, room)
    return tx.conn.execute(select(table).where(table.c.room_id == room)).one()
