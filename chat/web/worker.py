"""The service worker, and what it asks for: a reply that was written in a notification, or "mark as read"."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from msgspec import Meta

from chat import messages, reads
from chat.actor import Actor
from chat.errors import bad_request, forbidden
from chat.events.messages import MessageSend
from chat.events.objects import Command
from chat.events.reading import ReadMark
from chat.events.values import Cid, Count, Id, Text
from chat.web import assets, current
from chat.web.blueprint import web


class Notified(Command, frozen=True):
    """What somebody did with a notification that `user` got of the message `seq`. With `text`, it was answered."""

    user: Id
    room: Id
    seq: Count
    text: Text | None = None
    cid: Cid | None = None
    reply_to: Annotated[int, Meta(gt=0, lt=2**53)] | None = None


_decode = msgspec.json.Decoder(Notified).decode


def init_app(app: Flask) -> None:
    # It has no form whose token it could send. `_from_here` stands in for that.
    app.extensions["csrf"].exempt(notified)


@web.get("/sw.js")
def worker() -> ResponseReturnValue:
    """At the top, so that it may serve every page; with its build in it, so that an update of the server renews it."""
    files = assets.of_app()
    response = Response(f'const BUILD = "{files.version}";\n{_script(files.folder)}', mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _script(folder: Path) -> str:
    return (folder / "js" / "sw.js").read_text("utf-8")


@web.post("/notified")
@current.signed_in
def notified(actor: Actor) -> ResponseReturnValue:
    _from_here()
    try:
        command = _decode(request.get_data())
    except (msgspec.DecodeError, RecursionError) as error:
        raise bad_request("What the notification answered can't be read.") from error
    # Somebody else has signed in since in this browser.
    if command.user != actor.user:
        raise forbidden("This notification was for somebody else.")
    chat = current.sockets().chat
    if command.text is not None:
        chat.buckets.take_for(actor.user, "message")
        said = MessageSend(room=command.room, cid=command.cid or "", text=command.text, reply_to=command.reply_to)
        messages.send(current.store(), actor, said, chat.presence.is_here)
    else:
        chat.buckets.take_for(actor.user, "other")
    reads.mark(current.store(), actor, ReadMark(room=command.room, seq=command.seq))
    return jsonify(ok=True)


def _from_here() -> None:
    """Pages of other sites can't send JSON without asking, and are told no; browsers say where it comes from, too."""
    if not request.is_json or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise forbidden("Pages of this web site may not connect here.")
