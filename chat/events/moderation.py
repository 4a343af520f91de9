"""What is done about people, and the log of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from chat.events.objects import Command, Sanction
from chat.events.values import Id, Moment, Page, Time

Reason = Annotated[str, Meta(max_length=500)]


class UserMute(Command, frozen=True):
    """Somebody may read and say nothing, in a room or, without `room`, anywhere; until a time within a year, or until
    it is lifted.
    """

    user: Id
    room: Id | None = None
    until: Moment | None = None
    reason: Reason = ""


class UserUnmute(Command, frozen=True):
    """They may speak again."""

    user: Id
    room: Id | None = None


class UserWarn(Command, frozen=True):
    """Somebody is shown this once, whatever they are doing, as a warning about a room or the whole server."""

    user: Id
    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    room: Id | None = None


class WarningSeen(Command, frozen=True):
    """I have seen a warning."""

    id: Id


class RoomBan(Command, frozen=True):
    """Take somebody out of a room and keep them out, until a time within a year, or until it is lifted."""

    room: Id
    user: Id
    until: Moment | None = None
    reason: Reason = ""


class RoomUnban(Command, frozen=True):
    """They may come in again."""

    room: Id
    user: Id


class SanctionList(Command, frozen=True):
    """Who is muted in a room that I lead, or banned from it, the latest first."""

    room: Id


class SanctionListResult(Struct, frozen=True):
    sanctions: list[Sanction]


class SanctionsChanged(Struct, frozen=True):
    """My mutes and bans, and the warnings that I have not seen; what has come to its end is not told again."""

    sanctions: list[Sanction]


class RoomSanctionsChanged(Struct, frozen=True):
    """For who leads a room: `sanction_list` has changed."""

    room: int


ReportReason = Literal["spam", "abuse", "illegal", "other"]
Outcome = Literal["dismissed", "removed", "warned", "muted", "expelled", "banned"]


class Report(Struct, frozen=True):
    """`html` is the message as it was when it was reported; `room_name` is null for a direct conversation.

    `outcome`, by whom and when are null while it is open: `removed` is the message, `expelled` its author.
    """

    id: int
    message: int
    room: int
    room_name: str | None
    author: int
    reporter: int
    reason: ReportReason
    comment: str
    html: str
    created_at: Time
    settled_at: Time | None
    settled_by: int | None
    outcome: Outcome | None


class MessageReport(Command, frozen=True):
    """Tell those who lead the room, and the server's staff, of a message; they then see what was said around it.

    Not in a conversation with a visitor, which those who answer see alone.
    """

    message: Id
    reason: ReportReason
    comment: Annotated[str, Meta(max_length=500)] = ""


class ReportList(Command, frozen=True):
    """The reports of a room that I lead, or of all that I lead, for the server's staff of all rooms; the newest first.

    `before` is where an earlier answer ended.
    """

    room: Id | None = None
    settled: bool = False
    before: Id | None = None
    limit: Page = 50


class ReportListResult(Struct, frozen=True, omit_defaults=True):
    """`next` is the `before` of the next page."""

    reports: list[Report]
    next: Id | None = None


class ReportContext(Command, frozen=True):
    """The message of a report that I may settle as it is now, with the five before and after it."""

    report: Id


class ReportResolve(Command, frozen=True):
    """Say what was decided, of all open reports of the same message, and with `remove` delete it along."""

    report: Id
    outcome: Outcome
    remove: bool = False


class ReportChanged(Struct, frozen=True):
    """For who may settle it: a report is new, or settled."""

    report: Report


class UserBan(Command, frozen=True):
    """Nobody can use this account, until a time within a year, or until it is lifted.

    With `networks` nobody is let in from where its browsers were, but staff who are signed in. With `remove`, what it
    has written in the last hours is deleted, which may take a while.
    """

    user: Id
    until: Moment | None = None
    reason: Reason = ""
    networks: bool = False
    remove: Annotated[int, Meta(ge=0, le=168)] = 0


class UserUnban(Command, frozen=True):
    """The account can be used again."""

    user: Id


class AuditList(Command, frozen=True):
    """The newest first. `before` is where an earlier answer ended; of `since` and `until` the first is included.

    `actor` did it, and `user` is whom it was done to.
    """

    actor: Id | None = None
    user: Id | None = None
    action: Annotated[str, Meta(max_length=40, pattern="^[a-z_]*$")] | None = None
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
