"""What visitors of other web sites are given: a script for their page, and the two pages that it frames.

Nothing here knows who asks: no cookie counts, and none is set.
"""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from chat.helpdesk import sites
from chat.helpdesk.sites import Site
from chat.web import assets, current, language, security
from chat.web.blueprint import web

# A host page asks at most this often whether there is a new one.
_KEPT = "public, max-age=600"
_WIDGET = Path("js/help/widget.js")
_MOST_HUE = 360


@web.get("/help/widget.js")
def help_widget() -> ResponseReturnValue:
    """Plain, for pages of any web site; whether anything opens there, the frames' own headers say."""
    return security.for_everywhere(_kept(assets.plain(_WIDGET)))


@web.get("/help/launcher")
def help_launcher() -> ResponseReturnValue:
    """The button at the corner."""
    return _framed("help_launcher.html")


@web.get("/help/window")
def help_window() -> ResponseReturnValue:
    """The conversation."""
    return _framed("help_window.html")


@web.get("/help/theme.css")
def help_theme() -> ResponseReturnValue:
    """A site's colour, as a style sheet since the security policy allows nothing inline."""
    hue = request.args.get("hue", type=int)
    if hue is None or not 0 <= hue <= _MOST_HUE:
        abort(404)
    response = Response(f":root {{ --hue: {hue}; }}\n", mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _framed(template: str) -> ResponseReturnValue:
    # Before anything asks who this is: nobody.
    g.actor = None
    site = sites.by_key(current.store(), request.args.get("site", ""))
    if site is None:
        # The page for people would set a cookie, and offer a way to the team's own door.
        return Response("There is no help window for this web site.\n", status=404, mimetype="text/plain")
    spoken = language_of(site)
    boot = {"site": site.key, "origins": list(site.origins), "language": spoken, "side": site.look.side}
    with force_locale(spoken.replace("-", "_")):
        page = render_template(template, site=site, boot=boot, language_tag=spoken, theme="auto")
    return security.framed_by(site.origins, Response(page, mimetype="text/html"))


def language_of(site: Site) -> language.Language:
    """The site's own, else the first of the browser's languages that we speak."""
    return site.look.language or language.accepted() or current.settings().language


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = _KEPT
    return response
