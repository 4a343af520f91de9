"""People's pictures over HTTP: chosen and removed in the settings, and shown to all who know a picture's name."""

from __future__ import annotations

from typing import cast

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from chat.actor import Actor
from chat.avatars import MOST_BYTES, Avatars
from chat.errors import ChatError, bad_request
from chat.web import current, limits, said, settings
from chat.web.blueprint import web
from chat.web.failures import STATUS
from chat.web.programs import identified
from chat.web.uploads import bounded

# The form around the picture.
FORM_BYTES = 1 << 16
YEAR = 365 * 86_400


def init_app(app: Flask) -> None:
    # Checked below, since the form is larger than others may be; and a page's own script sends a header.
    csrf = app.extensions["csrf"]
    csrf.exempt(choose_avatar)
    csrf.exempt(delete_avatar)


@web.get("/avatars/<name>-<int:size>.webp")
def avatar(name: str, size: int) -> ResponseReturnValue:
    """Its name is no secret among those who see its person, and never leads to another picture."""
    response = Response(_avatars().read(name, size), mimetype="image/webp")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


@web.post("/settings/avatar")
@current.signed_in
def choose_avatar(actor: Actor) -> ResponseReturnValue:
    request.max_content_length = MOST_BYTES + FORM_BYTES
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        raise bad_request("This page is no longer valid. Please reload it.") from None
    try:
        limits.attempt("avatar", str(actor.user))
        _avatars().choose(actor, _sent())
    except ChatError as error:
        return settings.show(actor, STATUS[error.code], picture_error=said.translated(error.message))
    return settings.done("profile", gettext("Your picture is saved."))


@web.post("/settings/avatar/remove")
@current.signed_in
def remove_avatar(actor: Actor) -> ResponseReturnValue:
    _avatars().remove(actor, actor.user)
    return settings.done("profile", gettext("Your picture is removed."))


@web.delete("/avatars/<int:user>")
@identified
def delete_avatar(actor: Actor, user: int) -> ResponseReturnValue:
    """One's own, or by the server's staff somebody else's."""
    _avatars().remove(actor, bounded(user))
    return Response(status=204)


def _sent() -> bytes:
    sent = request.files.get("picture")
    if sent is None:
        return b""
    with sent.stream as stream:
        data: bytes = stream.read()
    return data


def _avatars() -> Avatars:
    return cast(Avatars, current_app.extensions["hubbub"].avatars)
