"""What is done about people, and the log of it."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from chat.events.objects import Command
from chat.events.values import Id, Moment, Page, Time


class AuditList(Command, frozen=True):
    """The newest first. `before` is where an earlier answer ended; of `since` and `until` the first is included.

    `actor` did it, and `user` is whom it was done to.
    """

    actor: Id | None = None
    user: Id | None = None
    action: Annotated[str, Meta(max_length=40)] | None = None
    room: Id | None = None
    since: Moment | None = None
    until: Moment | None = None
    before: Id | None = None
    limit: Page = 50


class AuditEntry(Struct, frozen=True, omit_defaults=True):
    """One act. `actor_id` is missing for the command line, whose `address` is `cli`.

    `actor` and what `details` name are called as they were called then.
    """

    id: int
    at: Time
    action: str
    actor: str
    address: str
    actor_id: int | None = None
    user: int | None = None
    room: int | None = None
    message: int | None = None
    details: dict[str, Any] = {}


class AuditListResult(Struct, frozen=True, omit_defaults=True):
    """`next` is the `before` of the next page."""

    entries: list[AuditEntry]
    next: Id | None = None
