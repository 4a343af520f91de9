"""GET /room/ID/export.zip: a room to take along, for its owners and the server's staff in it."""

from __future__ import annotations

from typing import cast

from flask import Response, current_app
from flask.typing import ResponseReturnValue

from chat import exporting
from chat.actor import Actor
from chat.files import names
from chat.storage import Storage
from chat.web import current
from chat.web.blueprint import web
from chat.web.programs import identified
from chat.web.uploads import bounded


@web.get("/room/<int:room>/export.zip")
@identified
def export_room(actor: Actor, room: int) -> ResponseReturnValue:
    storage = cast(Storage, current_app.extensions["hubbub"].storage)
    name, pieces = exporting.export(current.store(), storage, actor, bounded(room))
    response = Response(pieces, mimetype="application/zip")
    response.headers["Content-Disposition"] = names.disposition(name, attached=True)
    response.headers["Cache-Control"] = "no-store"
    return response
