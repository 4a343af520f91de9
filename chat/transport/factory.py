"""The transport's front: one call makes the Socket.IO server of an application."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import Flask
from flask_socketio import SocketIO as StockSocketIO

from chat.config import Settings
from chat.transport import patch, private, wire
from chat.transport.door import Door, SocketIO
from chat.transport.http.guard import Guard
from chat.transport.limits import Limits
from chat.transport.manager import Manager, StockManager


def create_socketio(app: Flask, settings: Settings, **overrides: Any) -> StockSocketIO:
    """Serve `/socket.io/` in front of `app` and return the server, which is also `app.extensions["socketio"]`.

    `overrides` are fields of `Limits`, for tests, and options of python-socketio. On the hub this is eventlet's;
    without monkey patching (tests) handlers run in the caller's thread. `server.manager` is a `StockManager` in any
    case.
    """
    async_mode = "eventlet" if patch.patched() else "threading"
    if settings.transport == "stock":
        return _stock(app, settings, {"async_mode": async_mode, **overrides})
    names = {field.name for field in fields(Limits)}
    limits = Limits.of(settings, **{name: value for name, value in overrides.items() if name in names})
    options = {name: value for name, value in overrides.items() if name not in names}
    server = Door(async_mode=async_mode, limits=limits, client_manager=Manager(), **options)
    socketio = SocketIO()
    app.wsgi_app = Guard(socketio.attach(app, server), limits)  # type: ignore[method-assign]
    return socketio


def _stock(app: Flask, settings: Settings, options: dict[str, Any]) -> StockSocketIO:
    """The libraries' own transport, with what it lacks: the fallback, and what ours is measured against."""
    return StockSocketIO(
        app,
        async_handlers=False,
        client_manager=StockManager(),
        json=wire,
        manage_session=False,
        # Each namespace judges the origin itself. With [] python-engineio neither checks it nor adds CORS headers.
        cors_allowed_origins=[],
        ping_interval=settings.ping_interval,
        ping_timeout=settings.ping_timeout,
        max_http_buffer_size=settings.packet_bytes,
        logger=private.library_log,
        engineio_logger=private.library_log,
        **options,
    )
