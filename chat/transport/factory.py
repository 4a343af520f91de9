"""The transport's front: one call makes the Socket.IO server of an application."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import Flask

from chat.config import Settings
from chat.transport import patch
from chat.transport.door import Door, SocketIO
from chat.transport.guard import Guard
from chat.transport.limits import Limits


def create_socketio(app: Flask, settings: Settings, **overrides: Any) -> SocketIO:
    """Serve `/socket.io/` in front of `app` and return the server, which is also `app.extensions["socketio"]`.

    `overrides` are fields of `Limits`, for tests, and options of python-socketio such as `client_manager`. On the hub
    this is eventlet's; without monkey patching (tests) handlers run in the caller's thread.
    """
    names = {field.name for field in fields(Limits)}
    limits = Limits.of(settings, **{name: value for name, value in overrides.items() if name in names})
    options = {name: value for name, value in overrides.items() if name not in names}
    server = Door(async_mode="eventlet" if patch.patched() else "threading", limits=limits, **options)
    socketio = SocketIO()
    app.wsgi_app = Guard(socketio.attach(app, server), limits)  # type: ignore[method-assign]
    return socketio
