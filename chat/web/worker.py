"""The service worker, and what it asks for: an answer that was written in a notification, "mark as read", pushes."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from msgspec import Meta

from chat import reads
from chat.actor import Actor
from chat.errors import bad_request, forbidden
from chat.events.messages import MessageSend
from chat.events.objects import Command
from chat.events.reading import ReadMark
from chat.events.values import Cid, Count, Id, Text
from chat.helpdesk import notes, speaking
from chat.push import subscriptions
from chat.push.subscriptions import Subscribe, Unsubscribe
from chat.store import Store
from chat.web import assets, current
from chat.web.blueprint import web

T = TypeVar("T")


class Notified(Command, frozen=True):
    """What somebody did with a notification that `user` got of the message `seq`. With `text`, it was answered."""

    user: Id
    room: Id
    seq: Count
    text: Text | None = None
    cid: Cid | None = None
    reply_to: Annotated[int, Meta(gt=0, lt=2**53)] | None = None


def init_app(app: Flask) -> None:
    # It has no form whose token it could send. `_from_here` stands in for that.
    for view in (notified, subscribe, unsubscribe):
        app.extensions["csrf"].exempt(view)


@web.get("/sw.js")
def worker() -> ResponseReturnValue:
    """At the top, so that it may serve every page; with its build in it, so that an update of the server renews it."""
    files = assets.of_app()
    response = Response(f'const BUILD = "{files.version}";\n{_script(files.folder)}', mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    # Its own, and not that of the pages that it serves: it fetches, and shows notifications with our icons.
    response.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'; img-src 'self'"
    return response


@cache
def _script(folder: Path) -> str:
    return (folder / "js" / "sw.js").read_text("utf-8")


@web.post("/notified")
@current.signed_in
def notified(actor: Actor) -> ResponseReturnValue:
    command = _sent(Notified)
    # Somebody else has signed in since in this browser.
    if command.user != actor.user:
        raise forbidden("This notification was for somebody else.")
    chat = current.sockets().chat
    if command.text is not None:
        chat.buckets.take_for(actor.user, "message")
        notes.require_none(current.store(), actor, command.room, command.seq, command.reply_to)
        said = MessageSend(room=command.room, cid=command.cid or "", text=command.text, reply_to=command.reply_to)
        speaking.send(current.store(), actor, said, chat.presence.is_here, chat.words.called_by)
    else:
        chat.buckets.take_for(actor.user, "other")
    reads.mark(current.store(), actor, ReadMark(room=command.room, seq=command.seq))
    return jsonify(ok=True)


@web.post("/push")
@current.signed_in
def subscribe(actor: Actor) -> ResponseReturnValue:
    """Push to this browser, which has just been turned on or is still there."""
    return _with_sent(actor, Subscribe, subscriptions.add)


@web.delete("/push")
@current.signed_in
def unsubscribe(actor: Actor) -> ResponseReturnValue:
    return _with_sent(actor, Unsubscribe, subscriptions.remove)


@web.get("/push/key")
@current.signed_in
def push_key(actor: Actor) -> ResponseReturnValue:
    """By which push services know this server: what a browser subscribes with."""
    return jsonify(key=current.pusher().public_key())


def _with_sent(actor: Actor, kind: type[T], change: Callable[[Store, Actor, T], object]) -> ResponseReturnValue:
    command = _sent(kind)
    current.sockets().chat.buckets.take_for(actor.user, "edit")
    change(current.store(), actor, command)
    return jsonify(ok=True)


def _sent(kind: type[T]) -> T:
    """The body of a request that a page or the worker of this site has sent. Raises `ChatError`.

    Pages of other sites can't send JSON without asking, and are told no; browsers say where it comes from, too.
    """
    if not request.is_json or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise forbidden("Pages of this web site may not connect here.")
    try:
        return msgspec.json.decode(request.get_data(), type=kind)
    except msgspec.ValidationError as error:
        field = re.search(r"`\$\.(\w+)", str(error))
        raise bad_request("This can't be used here.", field[1] if field else None) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise bad_request("What was sent can't be read.") from error
