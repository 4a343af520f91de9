"""The page of one account, as staff see it: its forms, and how what was done or refused is said there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from chat import administration, permissions
from chat.actor import Actor
from chat.errors import ChatError, not_found
from chat.events.admin import Account, SanctionSearch
from chat.events.values import Role
from chat.sanctions import overview
from chat.sanctions.keeping import LONGEST_REASON
from chat.web import current
from chat.web.forms import REQUIRED, Form

ROLES = {
    "owner": _("Owner"),
    "admin": _("Admin"),
    "member": _("Member"),
    "guest": _("Guest"),
    "bot": _("Program"),
    "visitor": _("Visitor of a web site"),
}
GRANTABLE: tuple[Role, ...] = ("owner", "admin", "member")
LARGEST = 2**53
_FOR_A_REASON = {"maxlength": LONGEST_REASON}


class RoleForm(Form):
    role = SelectField(
        _("Role"),
        choices=[SelectChoice(role, ROLES[role]) for role in GRANTABLE],
        description=_("Admins manage people, rooms and these settings; owners make admins too."),
    )


class WarnForm(Form):
    words = TextAreaField(
        _("What you want to say"),
        validators=[REQUIRED],
        description=_("It is shown once, over everything else, and stands in the audit log."),
        render_kw={"rows": 2, **_FOR_A_REASON},
    )


def _lasts(hours: int) -> SelectField:
    return SelectField(
        _("For"),
        coerce=int,
        default=hours,
        choices=[
            SelectChoice("1", _("An hour")),
            SelectChoice("24", _("A day")),
            SelectChoice("168", _("A week")),
            SelectChoice("720", _("30 days")),
            SelectChoice("0", _("Until it is lifted")),
        ],
    )


class MuteForm(Form):
    lasts = _lasts(24)
    reason = StringField(
        _("Reason"),
        description=_("They read it in place of the field for writing, and it stands in the audit log."),
        render_kw=_FOR_A_REASON,
    )


class BanForm(Form):
    lasts = _lasts(7 * 24)
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
        render_kw=_FOR_A_REASON,
    )
    networks = BooleanField(_("Also keep out everybody who comes from where this account came from"))


def find(actor: Actor, user: int) -> Account:
    if user >= LARGEST:
        raise not_found("There is nobody with this id.", "user")
    return administration.one(current.store(), actor, user)


def act(actor: Actor, user: int, work: Callable[[], None], said: str) -> ResponseReturnValue:
    """Do `work`, and say that it was done, or above the role why not."""
    account = find(actor, user)
    try:
        work()
    except ChatError as error:
        return refused(actor, account, error)
    return done(user, said)


def refused(actor: Actor, account: Account, error: ChatError) -> Response:
    form = RoleForm(formdata=None, data={"role": account.user.role})
    form.refuse(error, {"user": "", "role": ""})
    return show(actor, account, form.status, role=form)


def done(user: int, said: str) -> Response:
    flash(said)
    return redirect(url_for("web.user_page", user=user), code=303)


def show(actor: Actor, account: Account, status: int = 200, **more: Any) -> Response:
    """The page, with the forms in `more` as they were sent and the others empty."""
    more.setdefault("role", RoleForm(formdata=None, data={"role": account.user.role}))
    for name, form in (("warn", WarnForm), ("mute", MuteForm), ("ban", BanForm)):
        more.setdefault(name, form(formdata=None))
    mine = account.user.id == actor.user
    page = render_template(
        "user.html",
        actor=actor,
        account=account,
        roles=ROLES,
        mine=mine,
        has_password=account.user.role in permissions.PEOPLE,
        below=not mine and (actor.role == "owner" or account.user.role not in permissions.STAFF),
        decided=overview.search(current.store(), actor, SanctionSearch(user=account.user.id, limit=100)),
        **more,
    )
    return make_response(page, status)
