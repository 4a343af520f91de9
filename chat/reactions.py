"""Emoji under messages."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from chat import changes, custom_emoji
from chat.actor import Actor
from chat.changes import Found
from chat.errors import conflict
from chat.events.messages import ReactionAdd, ReactionRemove
from chat.store import Store, Transaction
from chat.store.tables import reactions

# Every change tells everybody in the room the whole message, so that what hangs on one is bounded.
MOST_KINDS = 20
MOST_PEOPLE = 1_000


def add(store: Store, actor: Actor, command: ReactionAdd) -> None:
    """`reaction_add`: once for each emoji; again is no change. Raises `conflict` where a message has too many."""
    chosen = custom_emoji.either(command.emoji)

    def work(tx: Transaction, found: Found) -> None:
        store.require_voice(actor.user, found.room.id)
        custom_emoji.require(tx.conn, chosen)
        of_message = reactions.c.message_id == found.message.id
        kinds = select(reactions.c.emoji, func.count()).where(of_message).group_by(reactions.c.emoji)
        counts: dict[str, int] = {row[0]: row[1] for row in tx.conn.execute(kinds)}
        mine = of_message & (reactions.c.emoji == chosen) & (reactions.c.user_id == actor.user)
        if tx.conn.scalar(select(reactions.c.id).where(mine)) is not None:
            return
        if (chosen not in counts and len(counts) >= MOST_KINDS) or sum(counts.values()) >= MOST_PEOPLE:
            raise conflict("This message has as many reactions as it can have.", "emoji")
        tx.insert(reactions, {"message_id": found.message.id, "emoji": chosen, "user_id": actor.user})
        changes.settle(tx, found.message.id, found.room.id)

    changes.carry_out(store, actor, command.message, "reaction_add", work)


def remove(store: Store, actor: Actor, command: ReactionRemove) -> None:
    """`reaction_remove`: the actor's own; where there is none, nothing happens."""
    # Also one that there is no more.
    chosen = custom_emoji.either(command.emoji)

    def work(tx: Transaction, found: Found) -> None:
        gone = tx.conn.execute(
            delete(reactions).where(
                reactions.c.message_id == found.message.id,
                reactions.c.emoji == chosen,
                reactions.c.user_id == actor.user,
            )
        )
        if gone.rowcount:
            changes.settle(tx, found.message.id, found.room.id)

    changes.carry_out(store, actor, command.message, "reaction_remove", work)
