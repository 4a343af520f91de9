"""The headers of every response: the content security policy and its companions."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
        # What is for other web sites has said so itself.
        if name != "Cross-Origin-Resource-Policy" or name not in response.headers:
            response.headers[name] = value
    if "Content-Security-Policy" not in response.headers:
        response.headers["Content-Security-Policy"] = policy() if response.mimetype == "text/html" else NOTHING
    if "frame-ancestors http" in response.headers["Content-Security-Policy"]:
        # It knows no list of origins, and browsers that know the policy's need none.
        del response.headers["X-Frame-Options"]
    # Pages hold a form's token and what only their reader may see, so none is kept; static files say for themselves.
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def framed_by(origins: Sequence[str], response: Response) -> Response:
    """A page that these may frame, and nobody else."""
    response.headers["Content-Security-Policy"] = policy(" ".join(origins))
    return for_everywhere(response)


def for_everywhere(response: Response) -> Response:
    """Pages of other web sites may have this in them."""
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def policy(ancestors: str = "'none'") -> str:
    """`ancestors`: the origins that may frame the page."""
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
            f"frame-ancestors {ancestors}",
        )
    )


def _sockets() -> str:
    """Our own host by its WebSocket schemes: not every browser counts them as 'self'."""
    hosts = {request.host, current.settings().public_url.partition("://")[2]}
    return "".join(f" ws://{host} wss://{host}" for host in sorted(hosts) if _HOST.fullmatch(host))
