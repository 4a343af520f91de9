"""What visitors of other web sites hand in, and read: known by their secret, or by an address that we have signed.

No cookie counts here, and none is set. As nothing comes along by itself with a request of another page, nothing can be
forged; the secret is in a header, which such a page could not send besides.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from chat import files as nouns
from chat.actor import Actor
from chat.errors import ChatError
from chat.helpdesk import files, links, sites, visiting
from chat.helpdesk.links import Link
from chat.helpdesk.visiting import Visit
from chat.sanctions import blocks
from chat.web import current, downloads, limits, uploads
from chat.web.blueprint import web
from chat.web.help import language_of
from chat.web.uploads import bounded

# As the socket's door has it (`chat.sockets.help`).
_LEAST, _MOST = 32, 100
_LONGEST_BROWSER = 300
# Who asks whether there is room for visitors at all.
_NOBODY = Actor(0, "", "", "visitor")


def init_app(app: Flask) -> None:
    csrf = app.extensions["csrf"]
    csrf.exempt(help_upload)
    csrf.exempt(help_take_back)


@web.post("/help/files")
def help_upload() -> ResponseReturnValue:
    """A picture may be the first word, so it makes the visitor, if need be; the conversation begins when it is sent."""
    visit, store = _visit(), current.store()

    def admit() -> Actor:
        limits.attempt("help-upload")
        # Nobody is made for what is refused anyhow.
        nouns.require_room(store, _NOBODY, request.content_length or 0)
        actor = current.sockets().help.begin_with_file(visit)
        limits.attempt("help-upload", str(actor.user))
        return actor

    actor, file = uploads.take(admit, files.largest(store))
    return uploads.answer(links.shown(file, actor.user, store.link_key))


@web.delete("/help/files/<int:number>")
def help_take_back(number: int) -> ResponseReturnValue:
    visit = _visit()
    with current.store().read() as conn:
        actor = visiting.known(conn, visit)
    if actor is None:
        raise nouns.no_such_file()
    nouns.take_back(current.store(), actor, bounded(number))
    return Response(status=204)


@web.get("/help/files/<int:number>/<name>")
def help_file(number: int, name: str) -> ResponseReturnValue:
    """`name` is for people, as in `downloads.download`."""
    return downloads.send(_row(number))


@web.get("/help/files/<int:number>/thumb")
def help_thumb(number: int) -> ResponseReturnValue:
    return downloads.send_thumb(_row(number))


def _visit() -> Visit:
    """Who asks, by the site's key in the address and `Authorization: Visitor SECRET`. Raises `ChatError`."""
    g.actor = None
    current.sockets().help.require_own_page(request.environ)
    blocks.require_open(current.store(), current.address(), None)
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    site = sites.by_key(current.store(), request.args.get("site", ""))
    if site is None or scheme.lower() != "visitor" or not _LEAST <= len(secret) <= _MOST:
        raise ChatError("unauthenticated", "This window is closed.")
    browser = request.headers.get("User-Agent", "")[:_LONGEST_BROWSER]
    return Visit(site, secret, current.address(), browser, language_of(site))


def _row(number: int) -> Row[Any]:
    """Of a file whose address we have made for a visitor who may read it now. Raises `not_found`."""
    g.actor = None
    blocks.require_open(current.store(), current.address(), None)
    asked = request.args
    visitor, until = asked.get("visitor", 0, type=int), asked.get("until", 0, type=int)
    link = Link(bounded(visitor), bounded(number), until, asked.get("sign", ""))
    if not links.holds(link, current.store().link_key):
        raise nouns.no_such_file()
    return files.find(current.store(), link.visitor, link.file, current.address())
