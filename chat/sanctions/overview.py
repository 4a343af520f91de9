"""What is in force on the whole server, for its staff."""

from __future__ import annotations

from sqlalchemy import select

from chat import people, permissions
from chat.actor import Actor
from chat.events.admin import SanctionSearch, SanctionSearchResult
from chat.sanctions import keeping
from chat.store import Store
from chat.store.tables import blocked_networks, rooms, sanctions
from chat.times import now


def search(store: Store, actor: Actor, command: SanctionSearch) -> SanctionSearchResult:
    """`sanction_search`: mutes, bans and bans from rooms; a warning is over when it was given."""
    permissions.require(actor, "console")
    query = select(*keeping.COLUMNS).where(keeping.in_force(now()), sanctions.c.kind != "warning")
    if command.kind is not None:
        query = query.where(sanctions.c.kind == command.kind)
    if command.user is not None:
        query = query.where(sanctions.c.user_id == command.user)
    if command.before is not None:
        query = query.where(sanctions.c.id < command.before)
    query = query.order_by(sanctions.c.id.desc()).limit(command.limit + 1)
    with store.read() as conn:
        found = [keeping.view(row) for row in conn.execute(query)]
        page = found[: command.limit]
        users = list(people.load(conn, {one.user for one in page}).values())
        places = {one.room for one in page if one.room is not None}
        named = conn.execute(select(rooms.c.id, rooms.c.name).where(rooms.c.id.in_(places)))
        names = {room: name for room, name in named if name is not None}
        numbers = [one.id for one in page if one.kind == "ban"]
        networks: dict[int, list[str]] = {}
        for row in conn.execute(select(blocked_networks).where(blocked_networks.c.sanction_id.in_(numbers))):
            networks.setdefault(row.sanction_id, []).append(row.network)
    return SanctionSearchResult(page, users, names, networks, page[-1].id if len(found) > command.limit else None)
