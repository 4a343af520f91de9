"""Which web pages may connect. Browsers name the page's origin at every WebSocket; programs name none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chat.config import Settings


def is_allowed(settings: Settings, environ: Mapping[str, Any]) -> bool:
    """Whether the request comes from our own pages, from an allowed origin, or from no page at all.

    `Origin: null` (a sandboxed frame, a file) is none of these. The host is the one that the request was sent to;
    X-Forwarded-Host counts only where a trusted proxy is configured, which then has already replaced it.
    """
    origin = environ.get("HTTP_ORIGIN")
    if origin is None:
        return True
    if origin in settings.allowed_origins:
        return True
    if settings.public_url:
        return bool(origin == settings.public_url)
    return bool(origin == f"{environ.get('wsgi.url_scheme', 'http')}://{environ.get('HTTP_HOST', '')}")
