"""The examples of docs/events.md, as the contract's own structs, so that they can't drift from it."""

from __future__ import annotations

from typing import Any

from chat import events

ANNA = events.User(id=7, username="anna", name="Anna", role="member", status="online")

GARDEN = events.Room(
    id=12,
    name="garden",
    kind="public",
    topic="Who waters what",
    head=events.Head(seq=41, rev=57),
    role="member",
    involvement="mentions",
    last_read=40,
    unread=1,
    mentions=0,
    archived=False,
    slow_mode=0,
    member_count=9,
)

HELLO = events.Message(
    id=301,
    room=12,
    seq=42,
    rev=58,
    author=events.Author(id=7, username="anna", name="Anna"),
    cid="5f0c9a52",
    kind="text",
    text="The tomatoes are *done*.",
    html="<p>The tomatoes are <em>done</em>.</p>",
    created_at="2026-07-04T09:30:00.125Z",
)

# Command by command: what is sent, and the result that its ack carries.
COMMANDS: dict[str, tuple[events.Command, Any]] = {
    "room_join": (events.RoomJoin(room="#garden"), events.RoomResult(room=GARDEN)),
    "message_send": (
        events.MessageSend(room=12, cid="5f0c9a52", text="The tomatoes are *done*."),
        events.MessageResult(message=HELLO, duplicate=False),
    ),
    "room_sync": (
        events.RoomSync(room=12, rev=57),
        events.RoomSyncResult(head=events.Head(seq=42, rev=58), messages=[HELLO], more=False),
    ),
}

FACTS: dict[str, Any] = {
    "message_new": events.MessageNew(room=12, rev=58, message=HELLO),
    "presence": events.PresenceFact(users={ANNA.id: "online"}),
    "heads": events.Heads(rooms={12: events.Head(seq=42, rev=58)}),
}

REFUSED = events.Error(
    code="rate_limited",
    message="You are sending too fast. Wait a moment.",
    retryable=True,
    retry_after=1.5,
)
