"""Who does something: the person or program behind a request, a connection or a command line."""

from __future__ import annotations

from dataclasses import dataclass

from chat.events.objects import Author
from chat.events.values import Role

# The address of who is on the command line.
CLI = "cli"


@dataclass(frozen=True, slots=True)
class Actor:
    """An account, and the credential that it came with: a session or a token, or neither from the command line."""

    user: int
    username: str
    name: str
    role: Role
    avatar: str | None = None
    session: int | None = None
    token: int | None = None
    language: str | None = None
    theme: str = "auto"
    # Where a request or a connection came from.
    address: str = CLI

    @property
    def author(self) -> Author:
        return Author(self.user, self.username, self.name, self.avatar)

    @property
    def is_staff(self) -> bool:
        return self.role in ("owner", "admin")
