"""Where to go next: local redirects only, and links that other people can open."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

MOST = 1000
# Browsers drop tabs and line ends inside an address and read "\" as "/": what is left might name another host.
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\]")


def local(target: str | None) -> str:
    """`target` if it is a path on this server, else "/"."""
    if not target or len(target) > MOST or not target.startswith("/") or target.startswith("//"):
        return "/"
    if _UNSAFE.search(target):
        return "/"
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else target


def here() -> str | None:
    """The page asked for, to come back to; None for the start page and for what was not a page view."""
    if request.method != "GET" or request.path == "/":
        return None
    return local(request.full_path.removesuffix("?"))


def to(endpoint: str, **values: Any) -> Response:
    """See other: a repeated form is never sent by a reload."""
    return redirect(url_for(endpoint, **values), code=303)


def to_path(path: str) -> Response:
    return redirect(local(path), code=303)


def public(endpoint: str, **values: Any) -> str:
    """A whole address. The owner's public address if there is one: a `Host` header is whatever a client says."""
    base = current_app.extensions["hubbub"].settings.public_url or request.host_url.rstrip("/")
    return f"{base}{url_for(endpoint, **values)}"


def wants_json() -> bool:
    """Whether the client is a program: by its path or by what it prefers to accept."""
    programs = request.path.startswith(("/api/", "/help/files")) or request.path == "/files"
    if programs or request.method == "DELETE":
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"
