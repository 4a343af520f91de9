"""The accounts of this server, for its owner and admins; and the link by which somebody chooses a new password."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from chat import administration, password_resets, permissions, times
from chat.actor import Actor
from chat.errors import ChatError, bad_request, not_found
from chat.events.admin import Account, AccountList, UserDeactivate, UserReactivate, UserRole, UserSignOut
from chat.events.moderation import UserBan, UserUnban
from chat.events.values import Role
from chat.sanctions import bans, ending
from chat.web import current, leave, limits
from chat.web.blueprint import web
from chat.web.forms import Form, MemberForm

ROLES = {
    "owner": _("Owner"),
    "admin": _("Admin"),
    "member": _("Member"),
    "guest": _("Guest"),
    "bot": _("Program"),
}
GRANTABLE: tuple[Role, ...] = ("owner", "admin", "member")
# What can be chosen from: what it is called, and what of `account_list` it stands for.
WANTED: Mapping[str, tuple[Any, Mapping[str, str]]] = {
    "everybody": (_("Everybody"), {}),
    "owners": (_("Owners"), {"role": "owner"}),
    "admins": (_("Admins"), {"role": "admin"}),
    "members": (_("Members"), {"role": "member"}),
    "guests": (_("Guests"), {"role": "guest"}),
    "bots": (_("Programs"), {"role": "bot"}),
    "banned": (_("Banned"), {"state": "banned"}),
    "deactivated": (_("Deactivated"), {"state": "deactivated"}),
}
_LARGEST = 2**53


class RoleForm(Form):
    role = SelectField(
        _("Role"),
        choices=[SelectChoice(role, ROLES[role]) for role in GRANTABLE],
        description=_("Admins manage people, rooms and these settings; owners make admins too."),
    )


class BanForm(Form):
    lasts = SelectField(
        _("For"),
        coerce=int,
        default=7 * 24,
        choices=[
            SelectChoice("1", _("An hour")),
            SelectChoice("24", _("A day")),
            SelectChoice("168", _("A week")),
            SelectChoice("720", _("30 days")),
            SelectChoice("0", _("Until it is lifted")),
        ],
    )
    remove = SelectField(
        _("Remove what they wrote"),
        coerce=int,
        default=0,
        choices=[
            SelectChoice("0", _("Nothing")),
            SelectChoice("1", _("In the last hour")),
            SelectChoice("24", _("In the last day")),
            SelectChoice("168", _("In the last week")),
        ],
    )
    reason = StringField(
        _("Reason"),
        description=_("They read it when they try to come in, and it stands in the audit log."),
        render_kw={"maxlength": 500},
    )
    networks = BooleanField(_("Also keep out everybody who comes from where this account came from"))


@web.get("/server/users")
@current.staff
def users_page(actor: Actor) -> ResponseReturnValue:
    query, show = request.args.get("q", ""), request.args.get("show", "everybody")
    try:
        asked = {"query": query, "after": request.args.get("after"), **WANTED[show][1]}
        wanted = msgspec.convert({k: v for k, v in asked.items() if v}, AccountList, strict=False)
    except (KeyError, msgspec.ValidationError, UnicodeEncodeError):
        raise bad_request("This can't be read.") from None
    found = administration.listing(current.store(), actor, wanted)
    return render_template(
        "users.html", actor=actor, found=found, query=query, show=show, all_wanted=WANTED, roles=ROLES
    )


@web.get("/server/users/<int:user>")
@current.staff
def user_page(actor: Actor, user: int) -> ResponseReturnValue:
    return _show(actor, _account(actor, user))


@web.get("/server/users/<int:user>/<path:part>")
@current.staff
def user_part(actor: Actor, user: int, part: str) -> ResponseReturnValue:
    """The address of a form that was shown with errors, asked for again."""
    return redirect(url_for("web.user_page", user=user), code=303)


@web.post("/server/users/<int:user>/role")
@current.staff
def set_role(actor: Actor, user: int) -> ResponseReturnValue:
    account, form = _account(actor, user), RoleForm()

    def save() -> Response:
        administration.appoint(current.store(), actor, UserRole(user, form.role.data))
        return _done(user, gettext("The role is changed."))

    return form.carry_out(save) or _show(actor, account, form.status, role=form)


@web.post("/server/users/<int:user>/sign-out")
@current.staff
def sign_user_out(actor: Actor, user: int) -> ResponseReturnValue:
    def work() -> None:
        ending.sign_out(current.store(), actor, UserSignOut(user, tokens="tokens" in request.form))

    return _act(actor, user, work, gettext("All browsers of this account are signed out."))


@web.post("/server/users/<int:user>/deactivate")
@current.staff
def deactivate_user(actor: Actor, user: int) -> ResponseReturnValue:
    return _act(
        actor,
        user,
        lambda: administration.deactivate(current.store(), actor, UserDeactivate(user)),
        gettext("The account is deactivated. Nobody comes in by it any more."),
    )


@web.post("/server/users/<int:user>/reactivate")
@current.staff
def reactivate_user(actor: Actor, user: int) -> ResponseReturnValue:
    return _act(
        actor,
        user,
        lambda: administration.reactivate(current.store(), actor, UserReactivate(user)),
        gettext("The account is active again."),
    )


@web.post("/server/users/<int:user>/ban")
@current.staff
def ban_user(actor: Actor, user: int) -> ResponseReturnValue:
    account, form = _account(actor, user), BanForm()

    def ban() -> Response:
        hours = form.lasts.data
        command = UserBan(
            user,
            until=times.stamp(times.now() + hours * times.HOUR) if hours else None,
            reason=form.reason.data or "",
            networks=form.networks.data,
            remove=form.remove.data,
        )
        current.sockets().admin.on_user_ban(actor, command)
        return _done(user, gettext("The account is banned."))

    return form.carry_out(ban, {"user": ""}) or _show(actor, account, form.status, ban=form)


@web.post("/server/users/<int:user>/unban")
@current.staff
def unban_user(actor: Actor, user: int) -> ResponseReturnValue:
    return _act(
        actor,
        user,
        lambda: bans.unban(current.store(), actor, UserUnban(user)),
        gettext("The ban is lifted."),
    )


@web.post("/server/users/<int:user>/reset-link")
@current.staff
def make_reset_link(actor: Actor, user: int) -> ResponseReturnValue:
    """Shows the link in the answer itself: it is nowhere to be had again."""
    account = _account(actor, user)
    try:
        limits.attempt("token")
        secret = password_resets.create(current.store(), actor, user)
    except ChatError as error:
        return _refused(actor, account, error)
    return _show(actor, account, link=leave.public("web.reset_password", token=secret))


@web.route("/reset/<token>", methods=["GET", "POST"])
def reset_password(token: str) -> ResponseReturnValue:
    """Whoever has the link chooses the password of the account that it is for, and is signed in with it."""
    limits.attempt("invite")
    try:
        owner = password_resets.look(current.store(), token)
    except ChatError as error:
        if error.code != "not_found" or leave.wants_json():
            raise
        return render_template("reset_gone.html"), 404
    form = MemberForm()

    def choose() -> Response:
        user = password_resets.redeem(current.store(), token, form.password.data, current.address())
        response = leave.to("web.home")
        current.begin(user, response)
        return response

    done = form.carry_out(choose, {"new": "password"})
    return done or (render_template("reset.html", form=form, owner=owner), form.status)


def _account(actor: Actor, user: int) -> Account:
    if user >= _LARGEST:
        raise not_found("There is nobody with this id.", "user")
    return administration.one(current.store(), actor, user)


def _act(actor: Actor, user: int, work: Callable[[], None], said: str) -> ResponseReturnValue:
    account = _account(actor, user)
    try:
        work()
    except ChatError as error:
        return _refused(actor, account, error)
    return _done(user, said)


def _refused(actor: Actor, account: Account, error: ChatError) -> Response:
    form = RoleForm(formdata=None, data={"role": account.user.role})
    form.refuse(error, {"user": "", "role": ""})
    return _show(actor, account, form.status, role=form)


def _done(user: int, said: str) -> Response:
    flash(said)
    return redirect(url_for("web.user_page", user=user), code=303)


def _show(actor: Actor, account: Account, status: int = 200, **more: Any) -> Response:
    more.setdefault("role", RoleForm(formdata=None, data={"role": account.user.role}))
    more.setdefault("ban", BanForm(formdata=None))
    mine = account.user.id == actor.user
    page = render_template(
        "user.html",
        actor=actor,
        account=account,
        roles=ROLES,
        mine=mine,
        has_password=account.user.role not in ("guest", "bot"),
        below=not mine and (actor.role == "owner" or account.user.role not in permissions.STAFF),
        **more,
    )
    return make_response(page, status)
