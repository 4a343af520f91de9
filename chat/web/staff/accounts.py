"""The accounts of this server: found, given a role, signed out, closed and opened, and a link for a new password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from chat import administration, password_resets
from chat.actor import Actor
from chat.errors import ChatError, bad_request
from chat.events.admin import AccountList, UserDeactivate, UserReactivate, UserRole, UserSignOut
from chat.sanctions import ending
from chat.web import current, leave, limits
from chat.web.blueprint import web
from chat.web.staff import account_page
from chat.web.staff.account_page import ROLES, RoleForm

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
    return account_page.show(actor, account_page.find(actor, user))


@web.get("/server/users/<int:user>/<path:part>")
@current.staff
def user_part(actor: Actor, user: int, part: str) -> ResponseReturnValue:
    """The address of a form that was shown with errors, asked for again."""
    return redirect(url_for("web.user_page", user=user), code=303)


@web.post("/server/users/<int:user>/role")
@current.staff
def set_role(actor: Actor, user: int) -> ResponseReturnValue:
    account, form = account_page.find(actor, user), RoleForm()

    def save() -> Response:
        administration.appoint(current.store(), actor, UserRole(user, form.role.data))
        return account_page.done(user, gettext("The role is changed."))

    return form.carry_out(save) or account_page.show(actor, account, form.status, role=form)


@web.post("/server/users/<int:user>/sign-out")
@current.staff
def sign_user_out(actor: Actor, user: int) -> ResponseReturnValue:
    def work() -> None:
        ending.sign_out(current.store(), actor, UserSignOut(user, tokens="tokens" in request.form))

    return account_page.act(actor, user, work, gettext("All browsers of this account are signed out."))


@web.post("/server/users/<int:user>/deactivate")
@current.staff
def deactivate_user(actor: Actor, user: int) -> ResponseReturnValue:
    return account_page.act(
        actor,
        user,
        lambda: administration.deactivate(current.store(), actor, UserDeactivate(user)),
        gettext("The account is deactivated. Nobody comes in by it any more."),
    )


@web.post("/server/users/<int:user>/reactivate")
@current.staff
def reactivate_user(actor: Actor, user: int) -> ResponseReturnValue:
    return account_page.act(
        actor,
        user,
        lambda: administration.reactivate(current.store(), actor, UserReactivate(user)),
        gettext("The account is active again."),
    )


@web.post("/server/users/<int:user>/reset-link")
@current.staff
def make_reset_link(actor: Actor, user: int) -> ResponseReturnValue:
    """Shows the link in the answer itself: it is nowhere to be had again."""
    account = account_page.find(actor, user)
    try:
        limits.attempt("token")
        secret = password_resets.create(current.store(), actor, user)
    except ChatError as error:
        return account_page.refused(actor, account, error)
    return account_page.show(actor, account, link=leave.public("web.reset_password", token=secret))
