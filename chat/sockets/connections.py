"""The connections of this process: whose they are, and by which session or token they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from chat.actor import Actor
from chat.events.objects import User
from chat.times import now


@dataclass(slots=True)
class Connection:
    """One client's connection to a namespace. The actor lives here, kept up to date, never in Flask's session."""

    sid: str
    actor: Actor
    # What a program calls itself, and when it came, in milliseconds since 1970.
    client: str | None = None
    since: int = field(default_factory=now)


class Connections:
    """Connections by sid and by account. An account has few, most of them one: a tuple is the least that holds them."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Connection] = {}
        self._by_user: dict[int, tuple[Connection, ...]] = {}

    def add(self, connection: Connection) -> None:
        user = connection.actor.user
        self._by_sid[connection.sid] = connection
        self._by_user[user] = (*self._by_user.get(user, ()), connection)

    def drop(self, sid: str) -> Connection | None:
        connection = self._by_sid.pop(sid, None)
        if connection is not None:
            user = connection.actor.user
            rest = tuple(other for other in self._by_user[user] if other.sid != sid)
            if rest:
                self._by_user[user] = rest
            else:
                del self._by_user[user]
        return connection

    def get(self, sid: str) -> Connection | None:
        return self._by_sid.get(sid)

    @property
    def users(self) -> int:
        """How many accounts have a connection."""
        return len(self._by_user)

    def of_user(self, user: int) -> list[Connection]:
        return list(self._by_user.get(user, ()))

    def refresh(self, user: User) -> None:
        """From now on the account's connections speak under the name and with the role that it has now."""
        seen = (user.username, user.name, user.role, user.avatar)
        for connection in self.of_user(user.id):
            actor = connection.actor
            if (actor.username, actor.name, actor.role, actor.avatar) != seen:
                connection.actor = replace(
                    actor, username=user.username, name=user.name, role=user.role, avatar=user.avatar
                )

    def with_credentials(self, sessions: Iterable[int], tokens: Iterable[int]) -> list[Connection]:
        """The connections that came by one of these sessions or tokens."""
        ended, revoked = set(sessions), set(tokens)
        return [c for c in self._by_sid.values() if c.actor.session in ended or c.actor.token in revoked]

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._by_sid.values()))

    def __len__(self) -> int:
        return len(self._by_sid)
