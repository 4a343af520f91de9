"""For whoever watches the server: is it up, is it ready, and the figures for Prometheus."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from typing import Any

from flask import Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from chat.web import current
from chat.web.blueprint import web

# One of these, and the request has come through a proxy, whose own address says nothing about who asks.
_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_VIA",
)


@web.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process serves. It asks nothing else, since what a restart can't mend is no reason for one."""
    return Response("ok\n", mimetype="text/plain")


@web.get("/readyz")
def readyz() -> ResponseReturnValue:
    """{part: "ok" or what is wrong}; 503 unless all are that are needed. Without Redis each process serves its own."""
    report = current.health().look()
    response = jsonify(dict(report.parts))
    response.status_code = 200 if report.ready else 503
    return response


@web.get("/metrics")
def metrics() -> ResponseReturnValue:
    """404 for who may not read the figures, as for any page that is not there: nobody is to try tokens here."""
    if not may_read(request.environ, current.settings().metrics_token):
        abort(404)
    return Response(generate_latest(current.figures()), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def may_read(environ: Mapping[str, Any], token: str) -> bool:
    """By the token, from wherever; without one, from a program on this machine that asks us directly.

    A proxy on this machine is here too, so what it passes on is refused: it says so in a header, and where it is set up
    to say nothing, it should at least keep the name that the visitor asked for.
    """
    scheme, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return hmac.compare_digest(given.strip().encode(), token.encode())
    if any(name in environ for name in _FORWARDED):
        return False
    return _is_here(environ.get("REMOTE_ADDR", "")) and _names_here(environ.get("HTTP_HOST", ""))


def _is_here(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)


def _names_here(host: str) -> bool:
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.lower() == "localhost" or _is_here(name)
