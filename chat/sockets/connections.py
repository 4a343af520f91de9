"""The connections of this process: whose they are, and by which session or token they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from chat.actor import Actor
from chat.events import User


@dataclass(slots=True)
class Connection:
    """One client's connection to a namespace. The actor lives here, kept up to date, never in Flask's session."""

    sid: str
    actor: Actor


class Connections:
    """Connections by sid and by account."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Connection] = {}
        self._by_user: dict[int, dict[str, Connection]] = {}

    def add(self, connection: Connection) -> None:
        self._by_sid[connection.sid] = connection
        self._by_user.setdefault(connection.actor.user, {})[connection.sid] = connection

    def drop(self, sid: str) -> Connection | None:
        connection = self._by_sid.pop(sid, None)
        if connection is not None:
            mine = self._by_user[connection.actor.user]
            del mine[sid]
            if not mine:
                del self._by_user[connection.actor.user]
        return connection

    def get(self, sid: str) -> Connection | None:
        return self._by_sid.get(sid)

    def of_user(self, user: int) -> list[Connection]:
        return list(self._by_user.get(user, {}).values())

    def refresh(self, user: User) -> None:
        """From now on the account's connections speak under the name and with the role that it has now."""
        for connection in self.of_user(user.id):
            connection.actor = replace(
                connection.actor, username=user.username, name=user.name, role=user.role, avatar=user.avatar
            )

    def with_credentials(self, sessions: Iterable[int], tokens: Iterable[int]) -> list[Connection]:
        """The connections that came by one of these sessions or tokens."""
        ended, revoked = set(sessions), set(tokens)
        return [c for c in self._by_sid.values() if c.actor.session in ended or c.actor.token in revoked]

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._by_sid.values()))

    def __len__(self) -> int:
        return len(self._by_sid)
