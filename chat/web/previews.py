"""The pictures of previews of links, from this server: nobody who reads a message calls another one by that."""

from __future__ import annotations

from typing import cast

from flask import Response, current_app
from flask.typing import ResponseReturnValue

from chat.previews import Previews
from chat.web.blueprint import web
from chat.web.downloads import SANDBOX


@web.get("/previews/<name>.webp")
def preview_picture(name: str) -> ResponseReturnValue:
    """Its name is no secret among those who see the message, and never leads to another picture."""
    previews = cast(Previews, current_app.extensions["hubbub"].previews)
    response = Response(previews.picture(name), mimetype="image/webp")
    response.headers["Cache-Control"] = "private, max-age=604800, immutable"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
