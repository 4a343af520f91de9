"""Who may do what: the whole table, written out once more."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from chat.actor import Actor
from chat.errors import ChatError
from chat.events.values import MemberRole, Role
from chat.permissions import TABLE, Action, can, require

ROLES = get_args(Role)
PLACES = [None, *get_args(MemberRole)]

# action: {role: the places in the room, "-" for none, in which it is allowed}
ALLOWED: dict[str, dict[str, str]] = {
    "chat": {"owner": "-omu", "admin": "-omu", "member": "-omu", "bot": "-omu", "guest": "-omu"},
    "room_create": {"owner": "-omu", "admin": "-omu", "member": "-omu", "bot": "-omu", "guest": ""},
    "room_join": {"owner": "-omu", "admin": "-omu", "member": "-omu", "bot": "-omu", "guest": "-omu"},
    "room_leave": {"owner": "omu", "admin": "omu", "member": "omu", "bot": "omu", "guest": "omu"},
    "room_invite": {"owner": "omu", "admin": "omu", "member": "omu", "bot": "omu", "guest": ""},
    "room_remove": {"owner": "omu", "admin": "omu", "member": "om", "bot": "om", "guest": ""},
    "room_topic": {"owner": "omu", "admin": "omu", "member": "omu", "bot": "omu", "guest": ""},
    "room_lead": {"owner": "omu", "admin": "omu", "member": "om", "bot": "om", "guest": ""},
    "room_role": {"owner": "omu", "admin": "omu", "member": "o", "bot": "o", "guest": ""},
    "room_keep": {"owner": "omu", "admin": "omu", "member": "o", "bot": "o", "guest": ""},
    "room_export": {"owner": "omu", "admin": "omu", "member": "o", "bot": "o", "guest": ""},
    "room_call": {"owner": "omu", "admin": "omu", "member": "omu", "bot": "omu", "guest": ""},
    "direct_open": {"owner": "-omu", "admin": "-omu", "member": "-omu", "bot": "-omu", "guest": ""},
    "message_send": {"owner": "omu", "admin": "omu", "member": "omu", "bot": "omu", "guest": "omu"},
    "file_upload": {"owner": "-omu", "admin": "-omu", "member": "-omu", "bot": "-omu", "guest": "-omu"},
    "message_edit": {"owner": "omu", "admin": "omu", "member": "omu", "bot": "omu", "guest": "omu"},
    "message_delete": {"owner": "omu", "admin": "omu", "member": "omu", "bot": "omu", "guest": "omu"},
    "message_remove": {"owner": "omu", "admin": "omu", "member": "om", "bot": "om", "guest": ""},
    "reaction_add": {"owner": "omu", "admin": "omu", "member": "omu", "bot": "omu", "guest": "omu"},
    "reaction_remove": {"owner": "omu", "admin": "omu", "member": "omu", "bot": "omu", "guest": "omu"},
    "pin": {"owner": "omu", "admin": "omu", "member": "omu", "bot": "omu", "guest": ""},
    "message_save": {"owner": "omu", "admin": "omu", "member": "omu", "bot": "omu", "guest": "omu"},
    "invite_manage": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "token_manage": {"owner": "-omu", "admin": "-omu", "member": "-omu", "bot": "-omu", "guest": ""},
    "emoji_manage": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "message_report": {"owner": "omu", "admin": "omu", "member": "omu", "bot": "omu", "guest": "omu"},
    "report_settle": {"owner": "-omu", "admin": "-omu", "member": "om", "bot": "om", "guest": ""},
    "room_mute": {"owner": "-omu", "admin": "-omu", "member": "om", "bot": "om", "guest": ""},
    "room_ban": {"owner": "-omu", "admin": "-omu", "member": "om", "bot": "om", "guest": ""},
    "room_warn": {"owner": "-omu", "admin": "-omu", "member": "om", "bot": "om", "guest": ""},
    "user_mute": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "user_warn": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "user_ban": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "message_remove_anywhere": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "room_archive": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "console": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "connection_close": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "user_sign_out": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "user_deactivate": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "user_role": {"owner": "-omu", "admin": "", "member": "", "bot": "", "guest": ""},
    "server_manage": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "password_reset": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "audit_read": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "avatar_remove": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
    "help_answer": {"owner": "-omu", "admin": "-omu", "member": "-omu", "bot": "", "guest": ""},
    "help_manage": {"owner": "-omu", "admin": "-omu", "member": "", "bot": "", "guest": ""},
}
# Visitors of web sites, who come by a way of their own.
VISITORS = {"message_send": "omu", "file_upload": "-omu"}
SIGNS = dict(zip(PLACES, "-omu", strict=True))


def test_every_action_is_looked_at() -> None:
    assert set(ALLOWED) == set(TABLE) == set(get_args(Action))


@pytest.mark.parametrize("action", get_args(Action))
def test_who_may(action: Action) -> None:
    for role, place in product(ROLES, PLACES):
        actor = Actor(1, "ada", "Ada", role)
        where = VISITORS.get(action, "") if role == "visitor" else ALLOWED[action][role]
        allowed = SIGNS[place] in where
        assert can(actor, action, place) is allowed, (action, role, place)
        if allowed:
            require(actor, action, place)
        else:
            with pytest.raises(ChatError) as caught:
                require(actor, action, place)
            assert caught.value.code == "forbidden"


def test_staff() -> None:
    assert [role for role in ROLES if Actor(1, "ada", "Ada", role).is_staff] == ["owner", "admin"]
