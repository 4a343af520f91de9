"""The conversation's shell, the small addresses beside it, and what every template knows."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from flask import Flask, Response, abort, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf

from chat import accounts, density, people, times
from chat.actor import Actor
from chat.web import agents, assets, current, language, leave, said
from chat.web.blueprint import web


def init_app(app: Flask) -> None:
    @app.context_processor
    def names() -> dict[str, Any]:
        settings = current.settings()
        return {
            "server_name": current.server_name(),
            "logo": current.logo(),
            "accent_hue": settings.accent_hue,
            "registration_open": settings.registration == "open",
            "guests_on": settings.guests == "on",
            "here": leave.here() or "/",
        }

    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        ago=said.ago,
        instant=partial(times.milliseconds, field="at"),
        until=said.until,
        moment=said.moment,
        stamp=times.stamp,
        agent=agents.named,
    )


@web.get("/")
@current.signed_in
def home(actor: Actor) -> ResponseReturnValue:
    return conversation(actor, None)


@web.get("/room/<int:room>")
@current.signed_in
def room(actor: Actor, room: int) -> ResponseReturnValue:
    """The page of one room. Whether it exists, and for whom, is told on the socket alone."""
    if not 0 < room < 2**53:
        abort(404)
    return conversation(actor, room)


def conversation(actor: Actor, room: int | None) -> Response:
    shell = assets.of_conversation()
    spoken = language.language()
    with current.store().read() as conn:
        user = people.load(conn, [actor.user])[actor.user]
        look = density.of(conn, actor.user)
    boot = {
        "server": current.server_name(),
        "logo": current.logo(),
        "user": msgspec.to_builtins(user),
        "language": spoken,
        "room": room,
        "build": assets.of_app().version,
        "later": {
            "styles": [url_for("static", filename=name) for name in shell.later_styles],
            "texts": url_for("static", filename=f"{shell.later_texts}{spoken}.js") if shell.later_texts else None,
        },
        "staff": actor.is_staff,
        "urls": {
            "settings": url_for("web.settings_page"),
            "invites": url_for("web.invites_page") if actor.is_staff else None,
            "signout": url_for("web.signout"),
        },
        "csrf": generate_csrf(),
    }
    page = render_template("conversation.html", boot=boot, density=look, shell=shell)
    response = make_response(page)
    # The service worker keeps no page of another build than its own.
    response.headers["X-Hubbub-Build"] = assets.of_app().version
    current.keep(response, request.cookies[current.COOKIE])
    return response


@web.post("/preferences")
def preferences() -> ResponseReturnValue:
    """Language and theme, for this browser or, signed in, for the account."""
    chosen = next((tag for tag in language.LANGUAGES if tag == request.form.get("language")), None)
    look = next((name for name in language.THEMES if name == request.form.get("theme")), None)
    response = leave.to_path(request.form.get("next", "/"))
    actor = current.actor()
    if actor is not None:
        kept = chosen or actor.language
        accounts.set_preferences(current.store(), actor, language=kept, theme=look or language.theme())
    language.remember(response, chosen, look)
    return response


@web.get("/theme.css")
def theme() -> ResponseReturnValue:
    """The owner's accent colour, as a style sheet since the security policy allows nothing inline."""
    response = Response(f":root {{ --hue: {current.settings().accent_hue}; }}\n", mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if request.args.get("hue") else "no-cache"
    return response


@web.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """What makes the page an app that can be installed, in the reader's language."""
    name = current.server_name()
    icons = [
        {"src": "/icons/icon-192.png", "sizes": "192x192", "type": "image/png"},
        {"src": "/icons/icon-512.png", "sizes": "512x512", "type": "image/png"},
        {"src": "/icons/maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        {"src": url_for("static", filename="favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
    ]
    shortcuts = [
        {"name": gettext("New conversation"), "url": "/?open=new-direct"},
        {"name": gettext("Browse rooms"), "url": "/?open=directory"},
        {"name": gettext("My settings"), "url": url_for("web.settings_page")},
    ]
    response = jsonify(
        id="/",
        name=name,
        short_name=name[:12],
        description=gettext("Rooms and conversations of %(server)s.", server=name),
        lang=language.language(),
        start_url="/",
        scope="/",
        display="standalone",
        background_color="#fdfcfa",
        theme_color="#f6f4f0",
        categories=["social", "productivity"],
        icons=icons,
        shortcuts=[{**shortcut, "icons": icons[:1]} for shortcut in shortcuts],
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "no-cache"
    return response
