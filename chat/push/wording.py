"""What a push says: the very notification that a page would show (`notify/show.js`), in its reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from chat.events.objects import Message
from chat.markup.plain import plain
from chat.push.sealing import MOST_PLAIN
from chat.times import milliseconds

MOST_EXCERPT = 160
MOST_NAME = 60
LINES = 3

WORDS = {
    "en": {
        "reply": "Reply",
        "placeholder": "Write a reply",
        "read": "Mark as read",
        "several": "{who}: {count} new messages",
        "hidden": "New message",
    },
    "zh-Hans": {
        "reply": "回复",
        "placeholder": "写回复",
        "read": "标为已读",
        "several": "{who}：{count} 条新消息",
        "hidden": "新消息",
    },
}


def payload(
    messages: Sequence[Message], *, user: int, room: str, direct: bool, language: str, with_text: bool, called: bool
) -> bytes:
    """JSON of what is new in a room for one person, the oldest first; `room` is its name."""
    words = WORDS.get(language, WORDS["en"])
    last = messages[-1]
    alone = len({message.author.id for message in messages}) == 1
    author = _short(last.author.name, MOST_NAME)
    who = author if direct else f"{author} · #{_short(room, MOST_NAME)}" if alone else f"#{_short(room, MOST_NAME)}"
    title = who if len(messages) == 1 else words["several"].format(who=who, count=len(messages))
    body = "\n".join(_line(message, alone=alone) for message in messages[-LINES:]) if with_text else words["hidden"]
    options: dict[str, Any] = {
        "body": body,
        "tag": f"hubbub-room-{last.room}",
        "icon": "/icons/icon-192.png",
        "badge": "/icons/badge.png",
        "timestamp": milliseconds(last.created_at, "created_at"),
        "lang": language,
        "data": {
            "user": user,
            "room": last.room,
            "seq": last.seq,
            "message": last.id,
            "direct": direct,
            "called": called,
        },
        "actions": [
            {"action": "reply", "title": words["reply"], "type": "text", "placeholder": words["placeholder"]},
            {"action": "read", "title": words["read"]},
        ],
    }
    made = msgspec.json.encode({"title": title, "options": options})
    if len(made) > MOST_PLAIN:
        options["body"] = words["hidden"]
        made = msgspec.json.encode({"title": title, "options": options})
    return made


def _line(message: Message, *, alone: bool) -> str:
    said = _short(plain(message.html), MOST_EXCERPT) or ", ".join(
        _short(file.name, MOST_NAME) for file in message.files
    )
    return said if alone else f"{_short(message.author.name, MOST_NAME)}: {said}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
