"""What people tell of themselves beside their name: a few lines, and where their clock stands."""

from __future__ import annotations

from sqlalchemy import Connection, func, select, update

from chat import people, zones
from chat.actor import Actor
from chat.errors import bad_request, not_found
from chat.events.people import ProfileResult, UserProfile
from chat.store import Store, Transaction
from chat.store.tables import memberships, rooms, users
from chat.text import clean, fold

MOST_ABOUT = 200


def of(store: Store, actor: Actor, command: UserProfile) -> ProfileResult:
    """`user_profile`: of anybody who has an account here; of visitors, for those who answer them."""
    with store.read() as conn:
        told = select(*people.COLUMNS, users.c.about, users.c.time_zone)
        row = conn.execute(told.where(users.c.id == command.user, people.shown_to(actor))).first()
        if row is None:
            raise not_found("There is nobody with this id.", "user")
        shared = _rooms_of_both(conn, actor.user, command.user)
    return ProfileResult(people.view(row), row.about, row.time_zone, shared)


def update_own(store: Store, actor: Actor, *, name: str, about: str, time_zone: str | None) -> None:
    """The actor's own. Raises `ChatError` naming the field."""
    shown = clean(name, "name", least=1, most=80)
    values = {
        "name": shown,
        "name_key": fold(shown),
        "about": clean(about, "about", most=MOST_ABOUT, lines=True).strip(),
        "time_zone": time_zone,
    }
    if time_zone is not None and not zones.known(time_zone):
        raise bad_request("This time zone is not one of those offered.", "time_zone")

    def work(tx: Transaction) -> None:
        tx.conn.execute(update(users).where(users.c.id == actor.user).values(values))
        people.tell_changed(tx, actor.user)

    store.write(work)


def own(store: Store, actor: Actor) -> tuple[str, str | None]:
    """What the actor has said about themselves, and their time zone."""
    with store.read() as conn:
        row = conn.execute(select(users.c.about, users.c.time_zone).where(users.c.id == actor.user)).one()
    return row.about, row.time_zone


def _rooms_of_both(conn: Connection, one: int, other: int) -> int:
    mine, theirs = memberships.alias("mine"), memberships.alias("theirs")
    both = select(func.count()).select_from(mine).join(theirs, theirs.c.room_id == mine.c.room_id)
    both = both.join(rooms, rooms.c.id == mine.c.room_id).where(rooms.c.kind.in_(("public", "private")))
    return conn.scalar(both.where(mine.c.user_id == one, theirs.c.user_id == other)) or 0
