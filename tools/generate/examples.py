"""The examples of docs/events.md, as the contract's own structs, so that they can't drift from it."""

from __future__ import annotations

from typing import Any

from chat.events.messages import MessageNew, MessageResult, MessageSend
from chat.events.objects import Author, Command, Error, Head, Message, Room, User
from chat.events.people import PresenceFact
from chat.events.reading import Heads, RoomSync, RoomSyncResult
from chat.events.rooms import RoomJoin, RoomResult

ANNA = User(id=7, username="anna", name="Anna", role="member", status="online")

GARDEN = Room(
    id=12,
    name="garden",
    kind="public",
    topic="Who waters what",
    head=Head(seq=41, rev=57),
    role="member",
    involvement="mentions",
    last_read=40,
    unread=1,
    mentions=0,
    archived=False,
    slow_mode=0,
    member_count=9,
)

HELLO = Message(
    id=301,
    room=12,
    seq=42,
    rev=58,
    author=Author(id=7, username="anna", name="Anna"),
    cid="5f0c9a52",
    kind="text",
    text="The tomatoes are *done*.",
    html="<p>The tomatoes are <em>done</em>.</p>",
    created_at="2026-07-04T09:30:00.125Z",
)

# Command by command: what is sent, and the result that its ack carries.
COMMANDS: dict[str, tuple[Command, Any]] = {
    "room_join": (RoomJoin(room="#garden"), RoomResult(room=GARDEN)),
    "message_send": (
        MessageSend(room=12, cid="5f0c9a52", text="The tomatoes are *done*."),
        MessageResult(message=HELLO, duplicate=False),
    ),
    "room_sync": (
        RoomSync(room=12, rev=57),
        RoomSyncResult(head=Head(seq=42, rev=58), messages=[HELLO], more=False),
    ),
}

FACTS: dict[str, Any] = {
    "message_new": MessageNew(room=12, rev=58, message=HELLO),
    "presence": PresenceFact(users={ANNA.id: "online"}),
    "heads": Heads(rooms={12: Head(seq=42, rev=58)}),
}

REFUSED = Error(
    code="rate_limited",
    message="You are sending too fast. Wait a moment.",
    retryable=True,
    retry_after=1.5,
)
