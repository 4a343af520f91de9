"""A good payload of every command: the tests of bad input start from them, so a new command must have one here."""

from __future__ import annotations

from typing import Any

from chat.actor import Actor
from chat.events import ADMIN_COMMANDS
from chat.times import now, stamp


def good(room: int, me: Actor, other: Actor) -> dict[str, dict[str, Any]]:
    """`room` is a public room that `me` owns and `other` is in."""
    return {
        "room_join": {"room": room, "create": False},
        "room_leave": {"room": room},
        "room_create": {"name": "sample", "kind": "public", "topic": "", "members": [other.user]},
        "room_update": {
            "room": room,
            "name": "renamed",
            "topic": "new",
            "slow_mode": 0,
            "archived": False,
            "kind": None,
        },
        "room_list": {"query": "", "after": "1", "limit": 50, "archived": False},
        "room_members": {"room": room, "query": "a", "after": "1", "limit": 100},
        "room_invite": {"room": room, "users": [other.user]},
        "room_remove": {"room": room, "user": other.user},
        "room_role": {"room": room, "user": other.user, "role": "moderator"},
        "room_link": {"room": room, "days": 7, "uses": 25},
        "room_star": {"room": room, "on": True},
        "involvement_set": {"room": room, "level": "mentions"},
        "direct_open": {"users": [other.user]},
        "message_send": {"room": room, "cid": "sample-cid", "text": "hello", "reply_to": 1, "files": []},
        "message_edit": {"message": 1, "text": "hello again"},
        "message_delete": {"message": 1},
        "message_get": {"messages": [1]},
        "message_readers": {"message": 1},
        "reaction_add": {"message": 1, "emoji": "👍"},
        "reaction_remove": {"message": 1, "emoji": "👍"},
        "pin_add": {"message": 1},
        "pin_remove": {"message": 1},
        "preview_remove": {"message": 1, "url": "https://a.example/"},
        "pin_list": {"room": room},
        "room_files": {"room": room, "before": 100, "limit": 50},
        "history": {"room": room, "around": 1, "limit": 50},
        "room_sync": {"room": room, "rev": 0, "limit": 200},
        "read_mark": {"room": room, "seq": 0, "back": False},
        "typing": {"room": room, "on": True},
        "search": {"query": "hello", "room": room, "author": me.user, "before": 100, "limit": 20},
        "presence_set": {
            "status": "away",
            "text": "at lunch",
            "emoji": "🍜",
            "until": stamp(now() + 3_600_000),
        },
        "user_profile": {"user": other.user},
        "emoji_list": {},
        "emoji_remove": {"name": "sample"},
        "density_set": {"density": "compact"},
        "sections_set": {"sections": [{"name": "Work", "rooms": [room]}]},
        "quiet_set": {"hours": {"start": "22:00", "end": "07:00", "days": [1, 7], "zone": "Europe/Berlin"}},
        "words_set": {"words": ["deploy", "发布"]},
        "inbox_list": {"kind": "all", "before": 100, "limit": 50},
        "saved_set": {"message": 1, "on": True},
        "saved_list": {"before": 100, "limit": 50},
        "saved_ids": {},
        "reminder_set": {"message": 1, "at": "2099-01-01T00:00:00Z"},
        "reminders_seen": {},
        "scheduled_add": {"room": 1, "cid": "c", "text": "x", "at": "2099-01-01T00:00:00Z", "reply_to": 1},
        "scheduled_list": {},
        "scheduled_change": {"id": 1, "text": "x", "at": "2099-01-01T00:00:00Z"},
        "scheduled_remove": {"id": 1},
        "scheduled_send": {"id": 1},
        "message_report": {"message": 1, "reason": "spam", "comment": "Again and again"},
        "report_list": {"room": room, "settled": False, "before": 100, "limit": 50},
        "report_context": {"report": 1},
        "report_resolve": {"report": 1, "outcome": "dismissed"},
        "user_mute": {"user": other.user, "room": room, "until": stamp(now() + 3_600_000), "reason": "Calm down."},
        "user_unmute": {"user": other.user, "room": room},
        "user_warn": {"user": other.user, "reason": "Please read the rules.", "room": room},
        "warning_seen": {"id": 1},
        "room_ban": {"room": room, "user": other.user, "until": stamp(now() + 3_600_000), "reason": "Spam"},
        "room_unban": {"room": room, "user": other.user},
        "sanction_list": {"room": room},
        "user_list": {"query": "a", "limit": 20},
        "time": {},
    }


def good_for_staff(room: int, me: Actor, other: Actor) -> dict[str, dict[str, Any]]:
    """The same for /admin."""
    shared = good(room, me, other)
    own: dict[str, dict[str, Any]] = {
        "stats_watch": {"on": True},
        "connection_list": {
            "query": "a",
            "user": other.user,
            "transport": "polling",
            "sort": "since",
            "descending": True,
            "after": '[1,"a"]',
            "limit": 50,
        },
        "connection_close": {"id": "sample", "user": other.user},
        "room_activity": {"hours": 24, "limit": 20},
        "account_list": {"query": "a", "role": "member", "state": "active", "after": 1, "limit": 50},
        "user_role": {"user": other.user, "role": "admin"},
        "user_deactivate": {"user": other.user},
        "user_reactivate": {"user": other.user},
        "user_sign_out": {"user": other.user, "tokens": False},
        "user_ban": {
            "user": other.user,
            "until": stamp(now() + 3_600_000),
            "reason": "Spam",
            "networks": False,
            "remove": 0,
        },
        "user_unban": {"user": other.user},
        "sanction_search": {"kind": "mute", "user": other.user, "before": 100, "limit": 50},
        "message_remove": {"message": 1},
        "room_archive": {"room": room, "archived": True},
        "notice_send": {"message": "Down at six"},
        "audit_list": {
            "actor": me.user,
            "user": other.user,
            "action": "user_ban",
            "room": room,
            "since": "2026-01-01T00:00:00Z",
            "until": "2099-01-01T00:00:00Z",
            "before": 100,
            "limit": 50,
        },
    }
    return own | {name: shared[name] for name in ADMIN_COMMANDS if name not in own}
