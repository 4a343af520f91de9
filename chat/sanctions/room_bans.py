"""Bans from a room: out of it, and not into it again, until the ban ends or is lifted."""

from __future__ import annotations

from chat import audit, members
from chat.actor import Actor
from chat.errors import conflict
from chat.events.moderation import RoomBan, RoomUnban, SanctionList, SanctionListResult
from chat.sanctions import keeping, ranks
from chat.store import Store, Transaction
from chat.times import stamp_or_none


def ban(store: Store, actor: Actor, command: RoomBan) -> None:
    """`room_ban`: also of who is not in the room. Another ban takes the place of the one before."""
    why, until = keeping.reason(command.reason), keeping.end(command.until)

    def work(tx: Transaction) -> None:
        ranks.require_in_room(tx.conn, actor, "room_ban", command.room, command.user)
        keeping.add(tx, actor, "room_ban", command.user, room=command.room, why=why, until=until)
        # First why, then that they are out.
        keeping.tell(tx, command.user)
        members.put_out(tx, command.room, command.user)
        keeping.tell_leaders(tx, command.room)
        end = stamp_or_none(until)
        audit.note(tx, actor, "room_ban", user=command.user, room=command.room, until=end, reason=why)

    store.write(work, room=command.room)


def unban(store: Store, actor: Actor, command: RoomUnban) -> None:
    """`room_unban`: they may come in again. Raises `conflict` for who is not banned."""

    def work(tx: Transaction) -> None:
        ranks.require_in_room(tx.conn, actor, "room_ban", command.room, command.user)
        if not keeping.lift(tx, "room_ban", command.user, command.room):
            raise conflict("This person is not banned.", "user")
        keeping.tell(tx, command.user)
        keeping.tell_leaders(tx, command.room)
        audit.note(tx, actor, "room_unban", user=command.user, room=command.room)

    store.write(work, room=command.room)


def listing(store: Store, actor: Actor, command: SanctionList) -> SanctionListResult:
    """`sanction_list`: who is muted in a room or banned from it, for who leads it."""
    with store.read() as conn:
        ranks.require_led(conn, actor, "room_ban", command.room)
        return SanctionListResult(keeping.of_room(conn, command.room))
