"""The pages: a Flask blueprint and what stands around it. `init_app` assembles; importing does nothing."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from chat.web import (
    access,
    assets,
    auth,
    current,
    downloads,
    exports,
    failures,
    help_files,
    icons,
    language,
    limits,
    operations,
    own_emoji,
    pages,
    password_resets,
    portraits,
    previews,
    security,
    settings,
    uploads,
    worker,
)
from chat.web import help as help_pages
from chat.web.blueprint import web
from chat.web.staff import accounts, audit_log, console, decisions, help_windows, invites, server_settings


def init_app(app: Flask) -> None:
    """Add the pages to an application whose `extensions["hubbub"]` is a `chat.hub.Hub`."""
    options = current.settings_of(app)
    app.config.update(
        SESSION_COOKIE_NAME="hubbub_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=options.https,
        MAX_CONTENT_LENGTH=1 << 20,
        MAX_FORM_MEMORY_SIZE=1 << 16,
        MAX_FORM_PARTS=40,
        # A sign-in page may lie open over night: the token lives as long as the cookie that it belongs to.
        WTF_CSRF_TIME_LIMIT=None,
    )
    # First, so that a request has its name in the figures whatever refuses it.
    access.init_app(app)
    CSRFProtect(app)
    assets.init_app(app)
    language.init_app(app)
    limits.init_app(app)
    security.init_app(app)
    failures.init_app(app)
    pages.init_app(app)
    own_emoji.init_app(app)
    uploads.init_app(app)
    help_files.init_app(app)
    portraits.init_app(app)
    worker.init_app(app)
    app.register_blueprint(web)


__all__ = [
    "accounts",
    "audit_log",
    "auth",
    "console",
    "decisions",
    "downloads",
    "exports",
    "help_pages",
    "help_windows",
    "icons",
    "init_app",
    "invites",
    "limits",
    "operations",
    "password_resets",
    "previews",
    "server_settings",
    "settings",
    "web",
]
