"""What each role may not do, taken from the table: with a command that has no line here, these tests fail."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import get_args

import pytest
from msgspec import structs
from sqlalchemy import update

from chat import people, permissions
from chat.actor import Actor
from chat.events import ADMIN_COMMANDS, CHAT_COMMANDS
from chat.events.values import MemberRole, Role
from chat.hub import Hub
from chat.permissions import ANYONE, TABLE, Action, Rule
from chat.store import Store
from chat.store.tables import memberships, users
from chat.times import now, stamp
from tests.clients import Client
from tests.sockets.conftest import Talk
from tests.sockets.samples import good, good_for_staff

# By the samples: they are about a room, and in it about somebody else and what somebody else has written.
LINES: dict[str, Action] = {
    "room_join": "room_join",
    "room_leave": "room_leave",
    "room_create": "room_create",
    "room_update": "room_lead",
    "room_invite": "room_invite",
    "room_remove": "room_remove",
    "room_role": "room_role",
    "room_link": "room_invite",
    "direct_open": "direct_open",
    "message_send": "message_send",
    "message_edit": "message_edit",
    "message_delete": "message_remove",
    "reaction_add": "reaction_add",
    "reaction_remove": "reaction_remove",
    "pin_add": "pin",
    "pin_remove": "pin",
    "saved_set": "message_save",
    "reminder_set": "message_save",
    "scheduled_add": "message_send",
    "emoji_remove": "emoji_manage",
    "message_report": "message_report",
    "report_list": "report_settle",
    "report_context": "report_settle",
    "report_resolve": "report_settle",
    "user_mute": "room_mute",
    "user_unmute": "room_mute",
    "user_warn": "room_warn",
    "room_ban": "room_ban",
    "room_unban": "room_ban",
    "sanction_list": "room_ban",
    **dict.fromkeys(
        (
            *("help_list", "help_look_at", "help_earlier", "help_assign", "help_resolve", "help_note"),
            *("help_agents", "help_answers", "help_answer_set", "help_answer_remove", "help_figures"),
        ),
        "help_answer",
    ),
}
# What is asked about a room or done for oneself in it, and what stands in it: by who is in it, whatever they are.
AMONG_MEMBERS = {
    *("room_star", "involvement_set", "message_readers", "preview_remove", "pin_list", "room_files"),
    *("history", "room_sync", "read_mark", "typing"),
}
# One's own, everybody's, or what one may see of what is asked for.
ANYBODYS = {
    "message_get",
    *("room_list", "room_members", "search", "inbox_list", "saved_list", "saved_ids", "reminders_seen"),
    *("scheduled_list", "scheduled_change", "scheduled_remove", "scheduled_send", "presence_set", "quiet_set"),
    *("words_set", "emoji_list", "density_set", "sections_set", "warning_seen", "user_list", "user_profile", "time"),
}
ADMIN_LINES: dict[str, Action] = {
    "time": "console",
    "stats_watch": "console",
    "connection_list": "console",
    "connection_close": "connection_close",
    "room_activity": "console",
    "user_list": "console",
    "account_list": "console",
    "user_role": "user_role",
    "user_deactivate": "user_deactivate",
    "user_reactivate": "user_deactivate",
    "user_sign_out": "user_sign_out",
    "user_ban": "user_ban",
    "user_unban": "user_ban",
    "user_mute": "room_mute",
    "user_unmute": "room_mute",
    "user_warn": "room_warn",
    "room_ban": "room_ban",
    "room_unban": "room_ban",
    "sanction_search": "console",
    "message_remove": "message_remove_anywhere",
    "room_archive": "room_archive",
    "notice_send": "server_manage",
    "report_list": "report_settle",
    "report_context": "report_settle",
    "report_resolve": "report_settle",
    "audit_list": "audit_read",
}
REFUSED = ("forbidden", "not_found")
IN_THE_ROOM: tuple[MemberRole | None, ...] = (*get_args(MemberRole), None)


def places() -> Iterator[tuple[Role, MemberRole | None]]:
    return itertools.product((role for role in get_args(Role) if role != "visitor"), IN_THE_ROOM)


def test_every_command_has_a_line() -> None:
    assert set(LINES) | AMONG_MEMBERS | ANYBODYS == set(CHAT_COMMANDS)
    assert set(ADMIN_LINES) == set(ADMIN_COMMANDS)
    assert len(LINES) + len(AMONG_MEMBERS) + len(ANYBODYS) == len(CHAT_COMMANDS)
    # What is done over HTTP, and in words of more than one line, stands in other tests.
    elsewhere = {
        *("chat", "room_topic", "room_call", "file_upload", "message_delete", "invite_manage", "token_manage"),
        *("avatar_remove", "user_mute", "user_warn"),
        *("room_keep", "room_export", "password_reset", "help_manage"),
    }
    assert set(LINES.values()) | set(ADMIN_LINES.values()) | elsewhere == set(TABLE)


def test_nobody_does_on_chat_what_the_table_says_no_to(
    talk: Talk, hub: Hub, store: Store, connect: Callable[..., Client], make_member: Callable[..., Actor]
) -> None:
    said = talk.other.send(talk.room, "Buy this!")["id"]
    talk.me.call("message_report", message=said, reason="spam")
    tried: dict[str, set[str]] = {name: set() for name in LINES}
    client = connect(make_member("test"))
    (connection,) = (c for c in hub.sockets.chat.connections if c.actor.username == "test")
    samples = good(talk.room, connection.actor, talk.mira)
    soon = {"at": stamp(now() + 3_600_000)}
    samples["reminder_set"] |= soon
    samples["scheduled_add"] |= {"room": talk.room, **soon}
    assert (samples["message_edit"]["message"], samples["report_context"]["report"]) == (said, 1)
    for role, here in places():
        _become(store, hub, connection.actor.user, talk.room, role, here)
        for name in (*LINES, *AMONG_MEMBERS):
            refused = name in AMONG_MEMBERS and here is None
            if name in LINES:
                refused = not permissions.can(connection.actor, LINES[name], here)
            if refused:
                error = client.error(name, samples[name])
                assert error["code"] in REFUSED, (name, role, here, error)
                tried.setdefault(name, set()).add(role)
    never = {name for name, roles in tried.items() if not roles}
    assert never == {name for name, action in LINES.items() if TABLE[action] == Rule(ANYONE)}


def test_nobody_does_on_admin_what_the_table_says_no_to(
    talk: Talk, hub: Hub, store: Store, connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = talk.other.send(talk.room, "Buy this!")["id"]
    talk.me.call("message_report", message=said, reason="spam")
    client = connect(talk.ada, "/admin")
    (connection,) = hub.sockets.admin.connections
    samples = good_for_staff(talk.room, talk.ada, talk.mira)
    tried: dict[str, set[str]] = {name: set() for name in ADMIN_LINES}
    for role in get_args(Role):
        _become(store, hub, talk.ada.user, talk.room, role, None)
        connection.actor = Actor(talk.ada.user, "ada", "Ada", role)
        for name, action in ADMIN_LINES.items():
            if role not in permissions.STAFF or not permissions.can(connection.actor, action):
                assert client.error(name, samples[name])["code"] == "forbidden", (name, role)
                tried[name].add(role)
        if role in permissions.STAFF:
            continue
        # Not the door alone says no.
        with monkeypatch.context() as patch:
            patch.setitem(TABLE, "console", Rule(ANYONE))
            for name, action in ADMIN_LINES.items():
                if action != "console":
                    assert client.error(name, samples[name])["code"] in REFUSED, (name, role)
    others = set(get_args(Role)) - permissions.STAFF
    assert {name for name, roles in tried.items() if roles != others} == {"user_role"}
    assert tried["user_role"] == others | {"admin"}


def _become(store: Store, hub: Hub, user: int, room: int, role: Role, here: MemberRole | None) -> None:
    """Without a word to anybody."""
    mine = (memberships.c.user_id == user) & (memberships.c.room_id == room)

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        tx.conn.execute(update(users).where(users.c.id == user).values(role=role))
        tx.conn.execute(memberships.delete().where(mine))
        if here is not None:
            values = {"room_id": room, "user_id": user, "role": here, "joined_at": 0}
            tx.conn.execute(memberships.insert().values(values))

    store.write(work)
    for connection in hub.sockets.chat.connections.of_user(user):
        actor = connection.actor
        connection.actor = Actor(actor.user, actor.username, actor.name, role, token=actor.token)


def test_a_visitor_does_nothing_on_chat(talk: Talk, store: Store, hub: Hub) -> None:
    """They can't come there; were one there all the same, each command would be refused."""
    samples = good(talk.room, talk.ada, talk.mira)
    with store.read() as conn:
        me = people.one(conn, talk.mira.user)
    hub.sockets.delivery.refresh(structs.replace(me, role="visitor"))
    assert {talk.other.error(event, fields)["code"] for event, fields in samples.items()} == {"forbidden"}
