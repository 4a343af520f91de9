"""A good payload of every command: the tests of bad input start from them, so a new command must have one here."""

from __future__ import annotations

from typing import Any

from chat.actor import Actor


def good(room: int, me: Actor, other: Actor) -> dict[str, dict[str, Any]]:
    """`room` is a public room that `me` owns and `other` is in."""
    return {
        "room_join": {"room": room, "create": False},
        "room_leave": {"room": room},
        "room_create": {"name": "sample", "kind": "public", "topic": "", "members": [other.user]},
        "room_list": {"query": "", "after": "1", "limit": 50},
        "room_members": {"room": room, "after": "1", "limit": 100},
        "room_invite": {"room": room, "users": [other.user]},
        "room_remove": {"room": room, "user": other.user},
        "message_send": {"room": room, "cid": "sample-cid", "text": "hello", "reply_to": 1, "files": []},
        "history": {"room": room, "around": 1, "limit": 50},
        "room_sync": {"room": room, "rev": 0, "limit": 200},
        "read_mark": {"room": room, "seq": 0},
        "typing": {"room": room, "on": True},
        "search": {"query": "hello", "room": room, "author": me.user, "before": 100, "limit": 20},
        "presence_set": {"status": "away", "text": "at lunch"},
        "user_list": {"query": "a", "limit": 20},
        "time": {},
    }
