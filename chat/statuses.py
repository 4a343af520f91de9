"""How people want to appear: a status, an emoji, a few words, and until when.

What ends is kept with its end in the database, so that it ends also where its process is gone and nobody is connected.
"""

from __future__ import annotations

from sqlalchemy import select, update

from chat import custom_emoji, people
from chat.actor import Actor
from chat.events.people import PresenceSet
from chat.store import Store, Transaction
from chat.store.tables import users
from chat.text import clean
from chat.times import now, to_come

MOST_CHARACTERS = 100
# Many end at the same full hour; each is told to all rooms of its person.
MOST_AT_ONCE = 100


def choose(store: Store, actor: Actor, command: PresenceSet) -> None:
    """`presence_set`: how the actor wants to appear, kept until it is changed, or until the time that it names."""
    emoji = custom_emoji.either(command.emoji) if command.emoji else ""
    chosen = {
        "status": command.status,
        "status_text": clean(command.text, "text", most=MOST_CHARACTERS),
        "status_emoji": emoji,
        "status_until": None if command.until is None else to_come(command.until, "until", now()),
    }

    def work(tx: Transaction) -> None:
        custom_emoji.require(tx.conn, emoji)
        tx.conn.execute(update(users).where(users.c.id == actor.user).values(chosen))
        people.tell_changed(tx, actor.user)

    store.write(work)


def expire(store: Store) -> None:
    """End what was to last until now, and tell it. Of several processes that do so at once, one tells it."""
    due = users.c.status_until <= now()
    with store.read() as conn:
        ending = store.offload(lambda: conn.scalars(select(users.c.id).where(due).limit(MOST_AT_ONCE)).all())
    if not ending:
        return

    def work(tx: Transaction) -> None:
        ends = update(users).where(users.c.id.in_(ending), due).returning(users.c.id)
        plain = {"status": "online", "status_text": "", "status_emoji": "", "status_until": None}
        for user in sorted(tx.conn.scalars(ends.values(plain))):
            people.tell_changed(tx, user)

    store.write(work)
