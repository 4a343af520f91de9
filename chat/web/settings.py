"""My settings: profile, password, language and theme, signed-in browsers, API tokens; a guest becomes a member."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext, ngettext, refresh
from werkzeug.wrappers import Response

from chat import accounts, density, permissions, profiles, sessions, tokens
from chat.actor import Actor
from chat.errors import not_found
from chat.events.people import DensitySet
from chat.web import clocks, current, language, leave, limits, notifications
from chat.web.blueprint import web
from chat.web.forms import MemberForm, PasswordForm, PreferencesForm, ProfileForm, TokenForm


@web.get("/settings")
@current.signed_in
def settings_page(actor: Actor) -> ResponseReturnValue:
    return show(actor)


@web.get("/settings/<path:part>")
@current.signed_in
def settings_part(actor: Actor, part: str) -> ResponseReturnValue:
    """The address of a form that was shown with errors, asked for again."""
    return leave.to("web.settings_page")


@web.post("/settings/profile")
@current.signed_in
def profile(actor: Actor) -> ResponseReturnValue:
    form = ProfileForm()

    def save() -> Response:
        zone = form.time_zone.data or None
        profiles.update_own(current.store(), actor, name=form.name.data, about=form.about.data or "", time_zone=zone)
        return done("profile", gettext("Your profile is saved."))

    return form.carry_out(save) or show(actor, form.status, profile=form)


@web.post("/settings/password")
@current.signed_in
def password(actor: Actor) -> ResponseReturnValue:
    """A new password, which signs all other browsers out."""
    form = PasswordForm()

    def change() -> Response:
        limits.attempt("password", actor.username)
        accounts.set_password(current.store(), actor, form.old.data, form.password.data)
        return done("password", gettext("Your password is changed. Other browsers have been signed out."))

    return form.carry_out(change, {"new": "password"}) or show(actor, form.status, password=form)


@web.post("/settings/preferences")
@current.signed_in
def save_preferences(actor: Actor) -> ResponseReturnValue:
    form = PreferencesForm()

    def save() -> Response:
        chosen, look = form.language.data or None, form.theme.data
        accounts.set_preferences(current.store(), actor, language=chosen, theme=look)
        # A page that was loaded before there was a choice does not send one.
        if form.density.raw_data:
            density.choose(current.store(), actor, DensitySet(form.density.data))
        # What comes next is said in the language just chosen.
        current.reload()
        refresh()
        response = done("preferences", gettext("Your preferences are saved."))
        language.remember(response, chosen, look)
        return response

    return form.carry_out(save) or show(actor, form.status, preferences=form)


@web.post("/settings/notifications")
@current.signed_in
def save_notifications(actor: Actor) -> ResponseReturnValue:
    form = notifications.QuietForm()

    def save() -> Response:
        return done("notifications", notifications.save(actor, form))

    return form.carry_out(save, {"hours": "zone"}) or show(actor, form.status, quiet=form)


@web.post("/settings/words")
@current.signed_in
def save_words(actor: Actor) -> ResponseReturnValue:
    form = notifications.WordsForm()

    def save() -> Response:
        return done("words", notifications.save_words(actor, form))

    return form.carry_out(save) or show(actor, form.status, words=form)


@web.post("/settings/member")
@current.signed_in
def member(actor: Actor) -> ResponseReturnValue:
    """A guest sets a password and keeps the name."""
    form = MemberForm()

    def stay() -> Response:
        limits.attempt("account")
        accounts.become_member(current.store(), actor, password=form.password.data)
        return done("profile", gettext("Welcome! The name is yours now."))

    return form.carry_out(stay) or show(actor, form.status, member=form)


@web.post("/settings/sessions/<int:session_id>/end")
@current.signed_in
def end_session(actor: Actor, session_id: int) -> ResponseReturnValue:
    if session_id >= 2**53 or not sessions.end(current.store(), actor, session_id):
        return done("sessions", gettext("That browser was signed out already."))
    if session_id == actor.session:
        response = leave.to("web.signin")
        current.forget(response)
        flash(gettext("You are signed out."))
        return response
    return done("sessions", gettext("That browser is signed out."))


@web.post("/settings/sessions/end-others")
@current.signed_in
def end_other_sessions(actor: Actor) -> ResponseReturnValue:
    count = sessions.end_others(current.store(), actor)
    said = ngettext("%(num)d other browser is signed out.", "%(num)d other browsers are signed out.", count)
    return done("sessions", said)


@web.post("/settings/tokens")
@current.signed_in
def create_token(actor: Actor) -> ResponseReturnValue:
    """Shows the secret in the answer itself: it is nowhere to be had again."""
    form = TokenForm()

    def create() -> Response:
        limits.attempt("token")
        _, secret = tokens.create(current.store(), actor, form.name.data)
        return show(actor, new_token=secret, new_token_name=form.name.data)

    return form.carry_out(create) or show(actor, form.status, token=form)


@web.post("/settings/tokens/<int:token_id>/revoke")
@current.signed_in
def revoke_token(actor: Actor, token_id: int) -> ResponseReturnValue:
    if token_id >= 2**53:
        raise not_found("There is no such token.")
    tokens.revoke(current.store(), actor, token_id)
    return done("tokens", gettext("The token no longer works."))


def show(actor: Actor, status: int = 200, **parts: Any) -> Response:
    """The page, with the forms in `parts` as they were sent and the others as things stand."""
    store = current.store()
    about, zone = profiles.own(store, actor)
    with store.read() as conn:
        look = density.of(conn, actor.user)
    chosen = {"language": actor.language or "", "theme": actor.theme, "density": look}
    forms: dict[str, Any] = {
        "profile": ProfileForm(formdata=None, data={"name": actor.name, "about": about, "time_zone": zone or ""}),
        "password": PasswordForm(formdata=None),
        "preferences": PreferencesForm(formdata=None, data=chosen),
        "quiet": notifications.form(actor, zone),
        "words": notifications.words_form(actor),
        "member": MemberForm(formdata=None),
        "token": TokenForm(formdata=None),
    }
    forms |= parts
    offered = store.offload_heavy(clocks.choices, str(get_locale()))
    for name in ("profile", "quiet"):
        forms[name].offer_zones(offered)
    page = render_template(
        "settings.html",
        actor=actor,
        sessions=sessions.listing(store, actor),
        tokens=tokens.listing(store, actor) if permissions.can(actor, "token_manage") else None,
        **forms,
    )
    return make_response(page, status)


def done(part: str, message: str) -> Response:
    """Back to the part of the page, saying that it was done."""
    flash(message, part)
    return redirect(url_for("web.settings_page", _anchor=part), code=303)
