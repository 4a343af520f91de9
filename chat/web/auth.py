"""First run, sign in, sign out, register, guest, join by invitation."""

from __future__ import annotations

from flask import abort, flash, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from chat import accounts, invites, sessions
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.objects import User
from chat.metrics.counters import count
from chat.sanctions import blocks
from chat.sanctions.bans import Banned
from chat.web import current, language, leave, limits
from chat.web.blueprint import web
from chat.web.forms import AccountForm, Form, GuestForm, MemberForm, SetupForm, SignInForm


@web.route("/setup", methods=["GET", "POST"])
def setup() -> ResponseReturnValue:
    """The first run: names the server and makes its owner. Over as soon as there is an account."""
    if not accounts.is_empty(current.store()):
        return leave.to("web.home")
    form = SetupForm()

    def make_owner() -> Response:
        limits.attempt("setup")
        owner = accounts.create_owner(
            current.store(),
            server_name=form.server_name.data,
            username=form.username.data,
            name=form.name.data,
            password=form.password.data,
            lobby=gettext("general"),
        )
        return welcome(owner)

    return form.carry_out(make_owner) or (render_template("setup.html", form=form), form.status)


@web.route("/signin", methods=["GET", "POST"])
def signin() -> ResponseReturnValue:
    target = leave.local(request.args.get("next"))
    if accounts.is_empty(current.store()):
        return leave.to("web.setup")
    if request.method == "GET" and current.actor() is not None:
        return leave.to_path(target)
    if _is_shut():
        return _shut()
    form = SignInForm()

    def sign_in() -> Response:
        try:
            limits.attempt("sign-in", form.username.data)
            blocks.require_open(current.store(), current.address())
            user = accounts.sign_in(current.store(), form.username.data, form.password.data)
        except ChatError as error:
            count(current.counters().sign_ins_refused, error.code)
            if isinstance(error, Banned):
                return make_response(render_template("banned.html", until=error.until, reason=error.reason), 403)
            raise
        response = leave.to_path(target)
        current.begin(user.id, response)
        return response

    done = form.carry_out(sign_in)
    if done is not None:
        return done
    # A cookie that means nothing any more says "you were signed out" once, and goes.
    ended = request.method == "GET" and current.COOKIE in request.cookies
    response = make_response(render_template("signin.html", form=form, target=target, ended=ended), form.status)
    if ended:
        current.forget_cookie(response)
    return response


@web.post("/signout")
def signout() -> ResponseReturnValue:
    actor = current.actor()
    response = leave.to("web.signin")
    if actor is not None:
        # The language and the look stay as they were, for the page that says good-bye.
        language.remember(response, language.language(), language.theme())
        sessions.sign_out(current.store(), actor)
    current.forget(response)
    flash(gettext("You are signed out."))
    return response


@web.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """Anybody's account, where the owner has opened registration."""
    if current.settings().registration != "open":
        abort(404)
    elsewhere = _belongs_elsewhere()
    if elsewhere is not None:
        return elsewhere
    if _is_shut():
        return _shut()
    form = AccountForm()
    return form.carry_out(lambda: _join(form, None)) or (render_template("register.html", form=form), form.status)


@web.route("/guest", methods=["GET", "POST"])
def guest() -> ResponseReturnValue:
    """A nickname is enough, where the owner lets guests in."""
    if current.settings().guests != "on":
        abort(404)
    elsewhere = _belongs_elsewhere()
    if elsewhere is not None:
        return elsewhere
    if _is_shut():
        return _shut()
    form = GuestForm()

    def let_in() -> Response:
        limits.attempt("guest")
        blocks.require_open(current.store(), current.address())
        return welcome(accounts.create_guest(current.store(), form.nickname.data))

    return form.carry_out(let_in, {"name": "nickname"}) or (render_template("guest.html", form=form), form.status)


@web.route("/invite/<token>", methods=["GET", "POST"])
def invite(token: str) -> ResponseReturnValue:
    """It says who invites, and to what. Who has an account goes into the link's room with it; with a link of staff's,
    who has none may make one, and a guest keep the name."""
    limits.attempt("invite")
    try:
        invitation = invites.look(current.store(), token)
    except ChatError as error:
        if error.code != "not_found" or leave.wants_json():
            raise
        return render_template("invite_gone.html"), 404
    actor = current.actor()
    if actor is None and _is_shut():
        return _shut()
    form: Form
    if actor is not None and not (actor.role == "guest" and invitation.opens_accounts):
        form = Form()
        done = form.carry_out(lambda: leave.to("web.room", room=invites.enter(current.store(), actor, token)))
    elif not invitation.opens_accounts:
        # There is nothing to send before signing in.
        form, done = Form(formdata=None), None
    elif actor is not None:
        form = member = MemberForm()
        done = form.carry_out(lambda: _stay(member, actor, token))
    else:
        form = account = AccountForm()
        done = form.carry_out(lambda: _join(account, token))
    page = render_template("invite.html", form=form, invitation=invitation, actor=actor)
    return done or (page, form.status)


def welcome(user: User) -> Response:
    """Sign a new account in; what was chosen before it existed becomes its own."""
    chosen, look = language.preferences()
    response = leave.to("web.home")
    actor = current.begin(user.id, response)
    if actor is not None and (chosen or look):
        accounts.set_preferences(current.store(), actor, language=chosen, theme=look or "auto")
    return response


def _is_shut() -> bool:
    """Whether there is no use in showing a form; who sends one all the same is refused by the nouns."""
    return request.method == "GET" and current.store().is_blocked(current.address())


def _shut() -> ResponseReturnValue:
    return render_template("blocked.html"), 403


def _join(form: AccountForm, invite: str | None) -> Response:
    limits.attempt("account")
    blocks.require_open(current.store(), current.address())
    user = accounts.register(
        current.store(),
        username=form.username.data,
        name=form.name.data,
        password=form.password.data,
        invite=invite,
    )
    return welcome(user)


def _stay(form: MemberForm, actor: Actor, invite: str) -> Response:
    limits.attempt("account")
    accounts.become_member(current.store(), actor, password=form.password.data, invite=invite)
    return leave.to("web.home")


def _belongs_elsewhere() -> Response | None:
    """An empty server begins with its owner; who is signed in needs no other account."""
    if accounts.is_empty(current.store()):
        return leave.to("web.setup")
    if request.method == "GET" and current.actor() is not None:
        return leave.to("web.home")
    return None
