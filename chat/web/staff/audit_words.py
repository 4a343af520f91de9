"""What the audit log's entries say, as sentences for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _

from chat import times
from chat.events.moderation import AuditEntry
from chat.web import said

# Each act of the log, with the names of who did it, to whom, and in which room.
SENTENCES = {
    "avatar_remove": _("%(actor)s removed the picture of %(user)s"),
    "connection_close": _("%(actor)s closed a connection of %(user)s"),
    "emoji_remove": _("%(actor)s removed an emoji"),
    "help_agent": _("%(actor)s chose who answers visitors: %(user)s"),
    "help_site": _("%(actor)s changed a web site's help window"),
    "help_site_close": _("%(actor)s closed or opened a web site's help window"),
    "invite_create": _("%(actor)s made an invite link"),
    "invite_revoke": _("%(actor)s took an invite link back"),
    "message_delete": _("%(actor)s deleted a message of %(user)s"),
    "messages_remove": _("%(actor)s removed recent messages of %(user)s"),
    "network_open": _("%(actor)s opened blocked networks"),
    "password_reset": _("%(user)s chose a new password by a link"),
    "password_reset_link": _("%(actor)s made a link for a new password of %(user)s"),
    "report_resolve": _("%(actor)s settled reports about %(user)s"),
    "room_archive": _("%(actor)s archived a room"),
    "room_ban": _("%(actor)s banned %(user)s from a room"),
    "room_export": _("%(actor)s took a room along"),
    "room_keep": _("%(actor)s changed for how long a room keeps messages"),
    "room_remove": _("%(actor)s removed %(user)s from a room"),
    "room_reopen": _("%(actor)s opened an archived room again"),
    "room_role": _("%(actor)s changed the role of %(user)s in a room"),
    "room_unban": _("%(actor)s let %(user)s into a room again"),
    "server_settings": _("%(actor)s changed the server's settings"),
    "user_ban": _("%(actor)s banned %(user)s"),
    "user_deactivate": _("%(actor)s deactivated %(user)s"),
    "user_mute": _("%(actor)s muted %(user)s"),
    "user_password": _("%(actor)s set the password of %(user)s"),
    "user_reactivate": _("%(actor)s activated %(user)s again"),
    "user_role": _("%(actor)s changed the role of %(user)s"),
    "user_sign_out": _("%(actor)s signed out %(user)s everywhere"),
    "user_unban": _("%(actor)s lifted the ban of %(user)s"),
    "user_unmute": _("%(actor)s lifted the mute of %(user)s"),
    "user_warn": _("%(actor)s warned %(user)s"),
}
# What is chosen from, in the order of these.
ACTIONS = {
    "": _("Everything"),
    "avatar_remove": _("Removed pictures"),
    "connection_close": _("Closed connections"),
    "emoji_remove": _("Removed emoji"),
    "help_agent": _("Who answers visitors"),
    "help_site": _("Help windows"),
    "help_site_close": _("Help windows closed and opened"),
    "invite_create": _("New invite links"),
    "invite_revoke": _("Invite links taken back"),
    "message_delete": _("Deleted messages"),
    "messages_remove": _("Removed recent messages"),
    "network_open": _("Opened networks"),
    "password_reset": _("New passwords by links"),
    "password_reset_link": _("Links for new passwords"),
    "report_resolve": _("Settled reports"),
    "room_archive": _("Archived rooms"),
    "room_ban": _("Bans from rooms"),
    "room_export": _("Rooms taken along"),
    "room_keep": _("How long rooms keep messages"),
    "room_remove": _("Removals from rooms"),
    "room_reopen": _("Rooms opened again"),
    "room_role": _("Roles in rooms"),
    "room_unban": _("Lifted bans from rooms"),
    "server_settings": _("Server settings"),
    "user_ban": _("Bans"),
    "user_deactivate": _("Deactivated accounts"),
    "user_mute": _("Mutes"),
    "user_password": _("Passwords set on the command line"),
    "user_reactivate": _("Accounts activated again"),
    "user_role": _("Roles on the server"),
    "user_sign_out": _("Signed out everywhere"),
    "user_unban": _("Lifted bans"),
    "user_unmute": _("Lifted mutes"),
    "user_warn": _("Warnings"),
}
_DETAILS = {
    "room_name": _("Room"),
    "reason": _("Reason"),
    "until": _("Until"),
    "role": _("Role"),
    "before": _("Before"),
    "networks": _("Networks"),
    "sessions": _("Browsers"),
    "tokens": _("Tokens"),
    "messages": _("Messages"),
    "hours": _("Of the last hours"),
    "helps": _("Answers visitors"),
    "site": _("Web site"),
    "closed": _("Closed"),
    "reports": _("Reports"),
    "days": _("Days"),
    "outcome": _("Outcome"),
    "server_name": _("Name of this place"),
    "announcement": _("Announcement"),
    "blocked_words": _("Words that are not taken"),
}


def sentence(entry: AuditEntry) -> str:
    """One that this version does not know is called by its own name."""
    known = SENTENCES.get(entry.action)
    names = {"actor": entry.actor, "user": f"@{entry.details.get('user_name') or '?'}"}
    return str(known) % names if known else f"{entry.actor}: {entry.action}"


def details(entry: AuditEntry) -> Iterator[tuple[str, str]]:
    """What else is known of it: a label and a value each."""
    for name, value in entry.details.items():
        if name == "user_name" or value in (None, "", [], 0):
            continue
        yield str(_DETAILS.get(name, name)), _shown(name, value)


def _shown(name: str, value: Any) -> str:
    if name == "until":
        return said.moment(times.milliseconds(str(value), name))
    if name == "room_name":
        return f"#{value}"
    if not isinstance(value, list):
        return str(value)
    if name == "networks":
        return ", ".join(map(str, value))
    # A setting, before and after.
    return " → ".join(str(one) if one else "–" for one in value)
