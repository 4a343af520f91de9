"""First run, sign in, sign out, register, guest, join by invitation."""

from __future__ import annotations

from flask import abort, flash, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from chat import accounts, invites, sessions
from chat.errors import ChatError
from chat.events import User
from chat.web import current, language, leave, limits
from chat.web.blueprint import web
from chat.web.failures import STATUS
from chat.web.forms import AccountForm, Form, GuestForm, MemberForm, SetupForm, SignInForm


@web.route("/setup", methods=["GET", "POST"])
def setup() -> ResponseReturnValue:
    """The first run: names the server and makes its owner. Over as soon as there is an account."""
    store = current.store()
    if not accounts.is_empty(store):
        return leave.to("web.home")
    form = SetupForm()
    status = 200
    if form.is_submitted():
        status = 400
        if form.validate():
            try:
                limits.attempt("setup")
                owner = accounts.create_owner(
                    store,
                    server_name=form.server_name.data,
                    username=form.username.data,
                    name=form.name.data,
                    password=form.password.data,
                    lobby=gettext("general"),
                )
                return welcome(owner)
            except ChatError as error:
                status = refuse(form, error)
    return render_template("setup.html", form=form), status


@web.route("/signin", methods=["GET", "POST"])
def signin() -> ResponseReturnValue:
    store = current.store()
    target = leave.local(request.args.get("next"))
    if accounts.is_empty(store):
        return leave.to("web.setup")
    if request.method == "GET" and current.actor() is not None:
        return leave.to_path(target)
    form = SignInForm()
    status = 200
    if form.is_submitted():
        status = 400
        if form.validate():
            try:
                limits.attempt("sign-in", form.username.data)
                user = accounts.sign_in(store, form.username.data, form.password.data)
                response = leave.to_path(target)
                current.begin(user.id, response)
                return response
            except ChatError as error:
                status = refuse(form, error)
    # A cookie that means nothing any more says "you were signed out" once, and goes.
    ended = request.method == "GET" and request.cookies.get(current.COOKIE) is not None
    page = render_template("signin.html", form=form, target=target, ended=ended)
    response = make_response(page, status)
    if ended:
        current.forget_cookie(response)
    return response


@web.post("/signout")
def signout() -> ResponseReturnValue:
    actor = current.actor()
    response = leave.to("web.signin")
    if actor is not None:
        sessions.sign_out(current.store(), actor)
    # The language and the look stay as they were, for the page that says good-bye.
    if actor is not None and actor.language in language.LANGUAGES:
        language.remember(response, language.language(), language.theme())
    current.forget(response)
    flash(gettext("You are signed out."))
    return response


@web.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """Anybody's account, where the owner has opened registration."""
    if current.settings().registration != "open":
        abort(404)
    store = current.store()
    if accounts.is_empty(store):
        return leave.to("web.setup")
    if request.method == "GET" and current.actor() is not None:
        return leave.to("web.home")
    form = AccountForm()
    status = 200
    if form.is_submitted():
        status = 400
        if form.validate():
            try:
                limits.attempt("account")
                return welcome(new_account(form))
            except ChatError as error:
                status = refuse(form, error)
    return render_template("register.html", form=form), status


@web.route("/guest", methods=["GET", "POST"])
def guest() -> ResponseReturnValue:
    """A nickname is enough, where the owner lets guests in."""
    if current.settings().guests != "on":
        abort(404)
    store = current.store()
    if accounts.is_empty(store):
        return leave.to("web.setup")
    if request.method == "GET" and current.actor() is not None:
        return leave.to("web.home")
    form = GuestForm()
    status = 200
    if form.is_submitted():
        status = 400
        if form.validate():
            try:
                limits.attempt("guest")
                return welcome(accounts.create_guest(store, form.nickname.data))
            except ChatError as error:
                status = refuse(form, error, {"name": "nickname", "username": "nickname"})
    return render_template("guest.html", form=form), status


@web.route("/invite/<token>", methods=["GET", "POST"])
def invite(token: str) -> ResponseReturnValue:
    """Whoever holds the link may make an account: it says who invites, and to what."""
    limits.attempt("invite")
    try:
        invitation = invites.look(current.store(), token)
    except ChatError as error:
        if error.code != "not_found" or leave.wants_json():
            raise
        return render_template("invite_gone.html"), 404
    actor = current.actor()
    form = MemberForm() if actor is not None and actor.role == "guest" else AccountForm()
    status = 200
    if form.is_submitted():
        status = 400
        if form.validate():
            try:
                limits.attempt("account")
                if actor is not None and isinstance(form, MemberForm):
                    accounts.become_member(current.store(), actor, password=form.password.data, invite=token)
                    return leave.to("web.home")
                return welcome(new_account(form, token))
            except ChatError as error:
                status = refuse(form, error)
    return render_template("invite.html", form=form, invitation=invitation, actor=actor), status


def new_account(form: AccountForm, invite: str | None = None) -> User:
    return accounts.register(
        current.store(),
        username=form.username.data,
        name=form.name.data,
        password=form.password.data,
        invite=invite,
    )


def welcome(user: User) -> Response:
    """Sign a new account in; what was chosen before it existed becomes its own."""
    chosen, look = language.preferences()
    response = leave.to("web.home")
    actor = current.begin(user.id, response)
    if actor is not None and (chosen or look):
        accounts.set_preferences(current.store(), actor, language=chosen, theme=look or "auto")
    return response


def refuse(form: Form, error: ChatError, fields: dict[str, str] | None = None) -> int:
    """Show an error in the form; returns the status of the page. `fields` says what the form calls a noun's field."""
    if error.field and fields:
        error = ChatError(error.code, error.message, fields.get(error.field, error.field))
    form.refuse(error)
    return STATUS[error.code]
