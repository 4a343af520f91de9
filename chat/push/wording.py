"""What a push says: the very notification that a page would show (`notify/show.js`), in its reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from chat.events.help import HelpConversation
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
        "reminder": "Reminder: {who}",
        "remindedHidden": "You wanted to come back to a message.",
        "visitor": "{who} is waiting for an answer",
        "visitorHidden": "A visitor is waiting for an answer.",
    },
    "zh-Hans": {
        "reply": "回复",
        "placeholder": "写回复",
        "read": "标为已读",
        "several": "{who}：{count} 条新消息",
        "hidden": "新消息",
        "reminder": "提醒：{who}",
        "remindedHidden": "你想回来看一条消息。",
        "visitor": "{who} 正在等待答复",
        "visitorHidden": "有来访者正在等待答复。",
    },
}


def payload(
    messages: Sequence[Message], *, user: int, room: str, direct: bool, language: str, with_text: bool, called: bool
) -> bytes:
    """JSON of what is new in a room for one person, the oldest first; `room` is its name."""
    words = WORDS.get(language, WORDS["en"])
    last = messages[-1]
    alone = len({message.author.id for message in messages}) == 1
    who = _who(last, room, direct=direct) if alone or direct else f"#{_short(room, MOST_NAME)}"
    title = who if len(messages) == 1 else words["several"].format(who=who, count=len(messages))
    body = "\n".join(_line(message, alone=alone) for message in messages[-LINES:]) if with_text else words["hidden"]
    actions = [{"action": "read", "title": words["read"]}]
    data = {**_place(last, user, direct=direct), "called": called}
    if last.kind == "note":
        # What is written there goes to the room, and so to the visitor.
        data["note"] = True
    else:
        reply = {"action": "reply", "title": words["reply"], "type": "text", "placeholder": words["placeholder"]}
        actions.insert(0, reply)
    options = _options(last, language, body, f"hubbub-room-{last.room}") | {"data": data, "actions": actions}
    return _made(title, options, words["hidden"])


def reminder(message: Message, *, user: int, room: str, direct: bool, language: str, with_text: bool) -> bytes:
    """The same of a message that somebody wanted to be reminded of."""
    words = WORDS.get(language, WORDS["en"])
    title = words["reminder"].format(who=_who(message, room, direct=direct))
    body = _line(message, alone=True) if with_text else words["remindedHidden"]
    data = {**_place(message, user, direct=direct), "called": True, "reminder": True}
    options = _options(message, language, body, f"hubbub-reminder-{message.id}") | {"data": data}
    return _made(title, options, words["remindedHidden"])


def visitor(conversation: HelpConversation, *, user: int, language: str, with_text: bool) -> bytes:
    """The same of a visitor who waits for anybody."""
    words = WORDS.get(language, WORDS["en"])
    since = conversation.waiting_since or conversation.said_at
    options = {
        "body": conversation.last if with_text else words["visitorHidden"],
        "tag": f"hubbub-visitor-{conversation.room}",
        **_about(since, language),
        "data": {"user": user, "room": conversation.room, "seq": 0, "called": True, "visitor": True},
    }
    title = words["visitor"].format(who=_short(conversation.visitor.name, MOST_NAME))
    return _made(title, options, words["visitorHidden"])


def _who(message: Message, room: str, *, direct: bool) -> str:
    author = _short(message.author.name, MOST_NAME)
    return author if direct else f"{author} · #{_short(room, MOST_NAME)}"


def _place(message: Message, user: int, *, direct: bool) -> dict[str, Any]:
    return {"user": user, "room": message.room, "seq": message.seq, "message": message.id, "direct": direct}


def _options(message: Message, language: str, body: str, tag: str) -> dict[str, Any]:
    return {"body": body, "tag": tag, **_about(message.created_at, language)}


def _about(moment: str, language: str) -> dict[str, Any]:
    return {
        "icon": "/icons/icon-192.png",
        "badge": "/icons/badge.png",
        "timestamp": milliseconds(moment, "created_at"),
        "lang": language,
    }


def _made(title: str, options: dict[str, Any], hidden: str) -> bytes:
    made = msgspec.json.encode({"title": title, "options": options})
    if len(made) > MOST_PLAIN:
        made = msgspec.json.encode({"title": title, "options": {**options, "body": hidden}})
    return made


def _line(message: Message, *, alone: bool) -> str:
    said = _short(plain(message.html), MOST_EXCERPT) or ", ".join(
        _short(file.name, MOST_NAME) for file in message.files
    )
    return said if alone else f"{_short(message.author.name, MOST_NAME)}: {said}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
