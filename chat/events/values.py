"""The contract's plain types: ids, counts, texts with their limits, and closed lists of words."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

Id = Annotated[int, Meta(gt=0, lt=2**53, description="a positive integer below 2^53")]
Count = Annotated[int, Meta(ge=0, lt=2**53, description="an integer from 0, below 2^53")]
Text = Annotated[str, Meta(max_length=10_000)]
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Topic = Annotated[str, Meta(max_length=500)]
Cid = Annotated[str, Meta(min_length=1, max_length=64, description="the client's own id of a message")]
Cursor = Annotated[str, Meta(max_length=400, description="an opaque place in a list, as an earlier answer gave it")]
Query = Annotated[str, Meta(max_length=200)]
Emoji = Annotated[
    str,
    Meta(
        min_length=1, max_length=40, description="one emoji, as Unicode has it, or `:name:` of one of the server's own"
    ),
]
KeepDays = Annotated[int, Meta(ge=-1, le=36_500)]
Seconds = Annotated[int, Meta(ge=0, le=21_600)]
Ids = Annotated[list[Id], Meta(max_length=100)]
Page = Annotated[int, Meta(ge=1, le=100)]
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
# As clients send it, with any offset.
Moment = Annotated[str, Meta(max_length=40, description="a time in RFC 3339")]
Time = Annotated[str, Meta(description="RFC 3339 in UTC with milliseconds and Z")]
Role = Literal["owner", "admin", "member", "guest", "bot", "visitor"]
MemberRole = Literal["owner", "moderator", "member"]
RoomKind = Literal["public", "private", "direct", "help"]
Involvement = Literal["everything", "mentions", "nothing"]
Call = Literal["here", "room"]
SanctionKind = Literal["mute", "ban", "room_ban", "warning"]
Density = Literal["comfortable", "compact"]
Status = Literal["online", "away", "dnd", "offline"]
