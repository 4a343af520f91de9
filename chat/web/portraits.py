"""People's pictures over HTTP: chosen and removed in the settings, and shown to all who know a picture's name."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import LengthRequired
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Response as Page
from wtforms.validators import ValidationError

from chat.actor import Actor
from chat.avatars import Avatars
from chat.errors import ChatError, bad_request
from chat.files.squares import MOST_BYTES, too_large
from chat.logo import Logo
from chat.web import current, limits, said, settings, uploads
from chat.web.blueprint import web
from chat.web.failures import STATUS
from chat.web.programs import identified
from chat.web.staff import server_settings
from chat.web.uploads import bounded

# The form around the picture.
FORM_BYTES = 1 << 16
FORM_PARTS = 10
# What the parser may hold of it beside the picture; it takes in 64 KB at a time.
HELD_BYTES = 1 << 18
FORM = "multipart/form-data"
YEAR = 365 * 86_400


def init_app(app: Flask) -> None:
    # Checked below, since this form is not taken apart on the hub; and a page's own script sends a header.
    csrf = app.extensions["csrf"]
    csrf.exempt(choose_avatar)
    csrf.exempt(delete_avatar)
    csrf.exempt(choose_logo)


@web.get("/avatars/<name>-<int:size>.webp")
def avatar(name: str, size: int) -> ResponseReturnValue:
    """Its name is no secret among those who see its person, and never leads to another picture."""
    return _shown(_avatars().read(name, size))


@web.post("/settings/avatar")
@current.signed_in
def choose_avatar(actor: Actor) -> ResponseReturnValue:
    refused = _choose(actor, _avatars().choose, settings.show)
    return refused or settings.done("profile", gettext("Your picture is saved."))


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


@web.get("/logos/<name>-<int:size>.webp")
def logo(name: str, size: int) -> ResponseReturnValue:
    """For everybody who sees the door."""
    return _shown(_logo().read(name, size))


@web.post("/server/logo")
@current.staff
def choose_logo(actor: Actor) -> ResponseReturnValue:
    refused = _choose(actor, _logo().choose, server_settings.show)
    return refused or server_settings.done("place", gettext("The picture is saved."))


@web.post("/server/logo/remove")
@current.staff
def remove_logo(actor: Actor) -> ResponseReturnValue:
    _logo().remove(actor)
    return server_settings.done("place", gettext("The picture is removed."))


def _shown(picture: bytes) -> Response:
    """A name leads to one picture for ever."""
    response = Response(picture, mimetype="image/webp")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def _choose(actor: Actor, keep: Callable[[Actor, bytes], object], show: Callable[..., Page]) -> Page | None:
    """Keep the picture that was sent; where it can't be, the page that says why."""
    token, picture = _sent(actor)
    try:
        validate_csrf(token)
    except ValidationError:
        raise bad_request("This page is no longer valid. Please reload it.") from None
    try:
        limits.attempt("avatar", str(actor.user))
        keep(actor, picture)
    except ChatError as error:
        return show(actor, STATUS[error.code], picture_error=said.translated(error.message))
    return None


def _sent(actor: Actor) -> tuple[str | None, bytes]:
    """The form's token, and its picture. It is taken apart on another thread, since that takes a while for 8 MB."""
    size = request.content_length
    if size is None:
        raise LengthRequired
    if size > MOST_BYTES + FORM_BYTES:
        raise too_large()
    if request.mimetype != FORM:
        raise bad_request("This can't be read.")
    with uploads.heard(size, MOST_BYTES + FORM_BYTES), uploads.received(actor, size) as path:
        return current.store().offload_heavy(_taken_apart, path, size, request.mimetype_params)


def _taken_apart(path: Path, size: int, options: dict[str, str]) -> tuple[str | None, bytes]:
    parser = FormDataParser(stream_factory=_in_memory, max_form_memory_size=HELD_BYTES, max_form_parts=FORM_PARTS)
    with path.open("rb") as body:
        _, form, files = parser.parse(body, FORM, size, options)
    picture = files.get("picture")
    return form.get("csrf_token"), b"" if picture is None else picture.read()


def _in_memory(*_: Any, **__: Any) -> io.BytesIO:
    return io.BytesIO()


def _logo() -> Logo:
    return cast(Logo, current_app.extensions["hubbub"].logo)


def _avatars() -> Avatars:
    return cast(Avatars, current_app.extensions["hubbub"].avatars)
