"""The live console's page: what it shows comes over the socket."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from chat.actor import Actor
from chat.web import current
from chat.web.blueprint import web


@web.get("/server/console")
@current.staff
def console_page(actor: Actor) -> ResponseReturnValue:
    return render_template("console.html", actor=actor)
