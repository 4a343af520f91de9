"""What staff decide about an account, on its page: a warning, a mute, a ban, and the end of one."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from chat import times
from chat.actor import Actor
from chat.errors import bad_request
from chat.events.moderation import RoomUnban, UserBan, UserMute, UserUnban, UserUnmute, UserWarn
from chat.sanctions import bans, mutes, room_bans, warnings
from chat.web import current
from chat.web.blueprint import web
from chat.web.staff import account_page
from chat.web.staff.account_page import LARGEST, BanForm, MuteForm, WarnForm


@web.post("/server/users/<int:user>/warn")
@current.staff
def warn_user(actor: Actor, user: int) -> ResponseReturnValue:
    account, form = account_page.find(actor, user), WarnForm()

    def warn() -> Response:
        warnings.warn(current.store(), actor, UserWarn(user, form.words.data))
        return account_page.done(user, gettext("The warning is given."))

    done = form.carry_out(warn, {"user": "", "reason": "words"})
    return done or account_page.show(actor, account, form.status, warn=form)


@web.post("/server/users/<int:user>/mute")
@current.staff
def mute_user(actor: Actor, user: int) -> ResponseReturnValue:
    account, form = account_page.find(actor, user), MuteForm()

    def mute() -> Response:
        command = UserMute(user, until=_until(form.lasts.data), reason=form.reason.data or "")
        mutes.mute(current.store(), actor, command)
        return account_page.done(user, gettext("The account is muted everywhere."))

    return form.carry_out(mute, {"user": ""}) or account_page.show(actor, account, form.status, mute=form)


@web.post("/server/users/<int:user>/ban")
@current.staff
def ban_user(actor: Actor, user: int) -> ResponseReturnValue:
    account, form = account_page.find(actor, user), BanForm()

    def ban() -> Response:
        command = UserBan(
            user,
            until=_until(form.lasts.data),
            reason=form.reason.data or "",
            networks=form.networks.data,
            remove=form.remove.data,
        )
        current.sockets().admin.on_user_ban(actor, command)
        return account_page.done(user, gettext("The account is banned."))

    return form.carry_out(ban, {"user": ""}) or account_page.show(actor, account, form.status, ban=form)


@web.post("/server/users/<int:user>/unban")
@current.staff
def unban_user(actor: Actor, user: int) -> ResponseReturnValue:
    return account_page.act(
        actor,
        user,
        lambda: bans.unban(current.store(), actor, UserUnban(user)),
        gettext("The ban is lifted."),
    )


@web.post("/server/users/<int:user>/unmute")
@current.staff
def unmute_user(actor: Actor, user: int) -> ResponseReturnValue:
    room = _room()
    return _lift(actor, user, lambda: mutes.unmute(current.store(), actor, UserUnmute(user, room)))


@web.post("/server/users/<int:user>/let-in")
@current.staff
def let_user_in(actor: Actor, user: int) -> ResponseReturnValue:
    """Into a room, again."""
    room = _room()
    if room is None:
        raise bad_request("This can't be read.", "room")
    return _lift(actor, user, lambda: room_bans.unban(current.store(), actor, RoomUnban(room, user)))


def _lift(actor: Actor, user: int, work: Callable[[], None]) -> ResponseReturnValue:
    return account_page.act(actor, user, work, gettext("It is lifted."))


def _room() -> int | None:
    """That the form says, if it says one."""
    sent = request.form.get("room", "")
    if not sent:
        return None
    room = int(sent) if len(sent) <= 16 and sent.isascii() and sent.isdigit() else LARGEST
    if not 0 < room < LARGEST:
        raise bad_request("This can't be read.", "room")
    return room


def _until(hours: int) -> str | None:
    return times.stamp(times.now() + hours * times.HOUR) if hours else None
