"""Emoji of the server's own: adding one, and its picture."""

from __future__ import annotations

import msgspec
from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import LengthRequired

from chat import custom_emoji
from chat.actor import Actor
from chat.errors import ChatError
from chat.web import current, limits
from chat.web.blueprint import web
from chat.web.downloads import SANDBOX
from chat.web.programs import identified


def init_app(app: Flask) -> None:
    app.extensions["csrf"].exempt(add_emoji)


@web.post("/emoji")
@identified
def add_emoji(actor: Actor) -> ResponseReturnValue:
    """The body is the picture; `name` is in the address."""
    size = request.content_length
    if size is None:
        raise LengthRequired
    if size > custom_emoji.MOST_BYTES:
        raise ChatError("too_large", "The picture may have up to 256 KB.", "file")
    limits.attempt("upload", str(actor.user))
    added = custom_emoji.add(current.store(), actor, request.args.get("name", ""), request.get_data(cache=False))
    return Response(msgspec.json.encode({"ok": True, "emoji": added}), status=201, mimetype="application/json")


@web.get("/emoji/<digest>")
def emoji_picture(digest: str) -> ResponseReturnValue:
    """Whoever knows its digest has seen it."""
    kind, data = custom_emoji.picture(current.store(), digest[:64])
    response = Response(data, mimetype=kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
