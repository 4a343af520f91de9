"""A throw-away data folder with the accounts, tokens and rooms that a scenario wants.

Thousands of accounts are put into the tables at once, without passwords; all else goes the application's own ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, insert, select, update

from bench.dialects import Seat
from chat import accounts, folders, rooms, secret, tokens
from chat.actor import Actor
from chat.config import Settings
from chat.store import Transaction, schema, tables
from chat.times import now

OWNER, PASSWORD = "owner", "correct horse battery"


@dataclass(frozen=True)
class Plan:
    """How many people there are, and for each room the numbers of those who are in it."""

    people: int
    rooms: Sequence[Sequence[int]]

    def rooms_of_people(self) -> list[list[int]]:
        """For each person the indexes of the rooms, in the order of the plan."""
        found: list[list[int]] = [[] for _ in range(self.people)]
        for index, members in enumerate(self.rooms):
            for person in members:
                found[person].append(index)
        return found

    def bare_seats(self) -> list[Seat]:
        """For servers that know no accounts: rooms are numbered from 1."""
        return [Seat("", tuple(index + 1 for index in mine)) for mine in self.rooms_of_people()]


def one_room(people: int) -> Plan:
    """Everybody in one room."""
    return Plan(people, [range(people)])


def pairs(count: int) -> Plan:
    """Rooms of two."""
    return Plan(2 * count, [(2 * index, 2 * index + 1) for index in range(count)])


def crowd(people: int, *, rooms_each: int = 5, size: int = 20, together: bool = False) -> Plan:
    """Everybody in so many rooms of so many, always with others; with `together`, one of the rooms is everybody's."""
    made: list[Sequence[int]] = [range(people)] if together else []
    for turn in range(rooms_each - len(made)):
        # The n-th round puts together people who are n * 7 + 1 apart, so that no two rooms have the same members.
        step = turn * 7 + 1
        order = sorted(range(people), key=lambda person: (person % step, person))
        made += [order[start : start + size] for start in range(0, people, size)]
    return Plan(people, made)


def build(folder: Path, plan: Plan, database_url: str = "") -> list[Seat]:
    """Make the data folder of a Hubbub; returns where each person sits. The owner, `owner`, is in none of the rooms."""
    settings = Settings(data_dir=folder, database_url=database_url, rate_limits="off")
    folders.prepare(settings)
    with schema.opened(settings) as store:
        accounts.create_owner(store, server_name="Bench", username=OWNER, name="Owner", password=PASSWORD)
        owner = accounts.by_username(store, OWNER)
        secrets = [tokens.PREFIX + secret.new() for _ in range(plan.people)]
        ids = store.write(lambda tx: _insert(tx, owner, plan, secrets))
    mine = plan.rooms_of_people()
    return [Seat(secrets[person], tuple(ids[index] for index in mine[person])) for person in range(plan.people)]


def _insert(tx: Transaction, owner: Actor, plan: Plan, secrets: Sequence[str]) -> list[int]:
    """All rows of the plan; returns the rooms' ids."""
    moment = now()
    names = [f"person{number:05}" for number in range(plan.people)]
    people = [
        {"username": n, "username_key": n, "name": n.title(), "name_key": n, "role": "member", "created_at": moment}
        for n in names
    ]
    tx.conn.execute(insert(tables.users), people)
    table = tables.users
    query = select(table.c.username, table.c.id).where(table.c.username_key.like("person%"))
    known = {row.username: row.id for row in tx.conn.execute(query)}
    users = [known[name] for name in names]
    # Used lately, as after a restart: a token's first use in five minutes is noted with a write of its own.
    kept = [
        {
            "user_id": user,
            "name": "bench",
            "secret_hash": secret.digest(value),
            "created_at": moment,
            "last_used_at": moment,
        }
        for user, value in zip(users, secrets, strict=True)
    ]
    tx.conn.execute(insert(tables.tokens), kept)
    ids = [rooms.insert(tx, owner.user, f"room{index:05}", "private") for index in range(len(plan.rooms))]
    memberships = [
        {"room_id": ids[index], "user_id": users[person], "role": "member", "joined_at": moment}
        for index, members in enumerate(plan.rooms)
        for person in members
    ]
    tx.conn.execute(insert(tables.memberships), memberships)
    count = select(func.count()).where(tables.memberships.c.room_id == tables.rooms.c.id).scalar_subquery()
    tx.conn.execute(update(tables.rooms).values(member_count=count))
    return ids
