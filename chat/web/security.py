"""The headers of every response: the content security policy and its companions."""

from __future__ import annotations

import re

from flask import Flask, Response, request

from chat.web import assets, current

_HOST = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(self), payment=(), usb=()",
}
# For what is no page: opened on its own, a picture or a file can load and run nothing.
NOTHING = "default-src 'none'; frame-ancestors 'none'"


def init_app(app: Flask) -> None:
    app.after_request(protect)


def protect(response: Response) -> Response:
    for name, value in FIXED.items():
        response.headers[name] = value
    if "Content-Security-Policy" not in response.headers:
        response.headers["Content-Security-Policy"] = policy() if response.mimetype == "text/html" else NOTHING
    # Pages hold a form's token and what only their reader may see, so none is kept; static files say for themselves.
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def policy() -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {assets.import_map().source}",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            f"connect-src 'self'{_sockets()}",
            "font-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _sockets() -> str:
    """Our own host by its WebSocket schemes: not every browser counts them as 'self'."""
    hosts = {request.host, current.settings().public_url.partition("://")[2]}
    return "".join(f" ws://{host} wss://{host}" for host in sorted(hosts) if _HOST.fullmatch(host))
