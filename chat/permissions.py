"""Who may do what: one table, no I/O."""

from __future__ import annotations

from typing import Literal, NamedTuple

from chat.actor import Actor
from chat.errors import forbidden
from chat.events.values import MemberRole, Role

Action = Literal[
    # Come to /chat at all.
    "chat",
    "room_create",
    "room_join",
    "room_leave",
    "room_invite",
    "room_remove",
    "room_topic",
    "room_lead",
    "room_keep",
    "room_export",
    "room_role",
    "room_call",
    "direct_open",
    "message_send",
    "file_upload",
    "message_edit",
    "message_delete",
    "message_remove",
    "reaction_add",
    "reaction_remove",
    "pin",
    "message_save",
    "emoji_manage",
    "invite_manage",
    "token_manage",
    # Other people's.
    "avatar_remove",
    "audit_read",
    "server_manage",
    "password_reset",
    # What is decided about people: in a room by who leads it, elsewhere by staff.
    "message_report",
    "report_settle",
    "room_mute",
    "room_ban",
    "room_warn",
    "user_mute",
    "user_warn",
    "user_ban",
    "message_remove_anywhere",
    "room_archive",
    # Visitors of web sites: who answers them, and who says how that is.
    "help_answer",
    "help_manage",
    # The live console.
    "console",
    "connection_close",
    "user_sign_out",
    "user_deactivate",
    "user_role",
]

ANYONE: frozenset[Role] = frozenset(("owner", "admin", "member", "guest", "bot"))
ACCOUNTS: frozenset[Role] = ANYONE - {"guest"}
STAFF: frozenset[Role] = frozenset(("owner", "admin"))
PEOPLE: frozenset[Role] = STAFF | {"member"}
VISITORS: frozenset[Role] = frozenset(("visitor",))
MEMBERS: frozenset[MemberRole] = frozenset(("owner", "moderator", "member"))
LEADERS: frozenset[MemberRole] = frozenset(("owner", "moderator"))
OWNERS: frozenset[MemberRole] = frozenset(("owner",))


class Rule(NamedTuple):
    """`roles` may do it; in a room, so may only those who hold one of `room_roles` there.

    `staff_in_room` lets the server's owner and admins, once they are in the room, act as if they led it, and
    `staff_anywhere` also where they are not in it.
    """

    roles: frozenset[Role]
    room_roles: frozenset[MemberRole] | None = None
    staff_in_room: bool = False
    staff_anywhere: bool = False


TABLE: dict[Action, Rule] = {
    "chat": Rule(ANYONE),
    "room_create": Rule(ACCOUNTS),
    "room_join": Rule(ANYONE),
    "room_leave": Rule(ANYONE, MEMBERS),
    "room_invite": Rule(ACCOUNTS, MEMBERS),
    "room_remove": Rule(ACCOUNTS, LEADERS, staff_in_room=True),
    "room_topic": Rule(ACCOUNTS, MEMBERS),
    # Rename, close, slow down; and not be slowed down.
    "room_lead": Rule(ACCOUNTS, LEADERS, staff_in_room=True),
    # For how long what is said is kept.
    "room_keep": Rule(ACCOUNTS, OWNERS, staff_in_room=True),
    "room_export": Rule(ACCOUNTS, OWNERS, staff_in_room=True),
    "room_role": Rule(ACCOUNTS, OWNERS, staff_in_room=True),
    # `@room` and `@here`.
    "room_call": Rule(ACCOUNTS, MEMBERS),
    "direct_open": Rule(ACCOUNTS),
    "message_send": Rule(ANYONE | VISITORS, MEMBERS),
    "file_upload": Rule(ANYONE | VISITORS),
    "message_edit": Rule(ANYONE, MEMBERS),
    "message_delete": Rule(ANYONE, MEMBERS),
    # Other people's.
    "message_remove": Rule(ACCOUNTS, LEADERS, staff_in_room=True),
    "reaction_add": Rule(ANYONE, MEMBERS),
    "reaction_remove": Rule(ANYONE, MEMBERS),
    "pin": Rule(ACCOUNTS, MEMBERS),
    "message_save": Rule(ANYONE, MEMBERS),
    "emoji_manage": Rule(STAFF),
    "invite_manage": Rule(STAFF),
    "token_manage": Rule(ACCOUNTS),
    "avatar_remove": Rule(STAFF),
    "audit_read": Rule(STAFF),
    "server_manage": Rule(STAFF),
    "password_reset": Rule(STAFF),
    "message_report": Rule(ANYONE, MEMBERS),
    "report_settle": Rule(ACCOUNTS, LEADERS, staff_anywhere=True),
    "room_mute": Rule(ACCOUNTS, LEADERS, staff_anywhere=True),
    "room_ban": Rule(ACCOUNTS, LEADERS, staff_anywhere=True),
    "room_warn": Rule(ACCOUNTS, LEADERS, staff_anywhere=True),
    "user_mute": Rule(STAFF),
    "user_warn": Rule(STAFF),
    "user_ban": Rule(STAFF),
    "message_remove_anywhere": Rule(STAFF),
    "room_archive": Rule(STAFF),
    "help_answer": Rule(PEOPLE),
    "help_manage": Rule(STAFF),
    "console": Rule(STAFF),
    "connection_close": Rule(STAFF),
    "user_sign_out": Rule(STAFF),
    "user_deactivate": Rule(STAFF),
    "user_role": Rule(frozenset(("owner",))),
}


def can(actor: Actor, action: Action, room_role: MemberRole | None = None) -> bool:
    """Whether the actor, with this role in the room concerned, may do it."""
    rule = TABLE[action]
    if actor.role not in rule.roles:
        return False
    if rule.room_roles is None or (rule.staff_anywhere and actor.role in STAFF):
        return True
    if room_role is None:
        return False
    return room_role in rule.room_roles or (rule.staff_in_room and actor.role in STAFF)


def require(actor: Actor, action: Action, room_role: MemberRole | None = None) -> None:
    """Raises `ChatError("forbidden")` where `can` says no."""
    if not can(actor, action, room_role):
        raise forbidden("You are not allowed to do this.")
