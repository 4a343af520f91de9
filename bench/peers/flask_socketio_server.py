"""Bare Flask-SocketIO on eventlet, at its best: `python -m bench.peers.flask_socketio_server` prints its port."""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import socket  # noqa: E402
from typing import Any  # noqa: E402

from eventlet import wsgi  # noqa: E402
from flask import Flask  # noqa: E402
from flask_socketio import SocketIO, emit, join_room  # noqa: E402


def main() -> None:
    app = Flask(__name__)
    # Handlers run where the packet is read: a greenlet for each event costs more than it brings to handlers that never
    # wait. Nobody uses the copy of Flask's session that each connection would get.
    socketio = SocketIO(app, async_mode="eventlet", async_handlers=False, manage_session=False)

    @socketio.on("join")  # type: ignore[untyped-decorator]
    def join(wanted: dict[str, Any]) -> bool:
        for room in wanted["rooms"]:
            join_room(room)
        return True

    @socketio.on("message")  # type: ignore[untyped-decorator]
    def message(said: dict[str, Any]) -> bool:
        emit("message", said, to=said["room"])
        return True

    listener = eventlet.listen(("127.0.0.1", 0), backlog=4096)
    # Inherited by what is accepted; without it acks wait for 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    print(f"ready {listener.getsockname()[1]}", flush=True)
    # `max_size` is the pool of greenlets, one for each connection; the usual 1,024 would end the runs there.
    wsgi.server(listener, app, max_size=20_000, log_output=False)


if __name__ == "__main__":
    main()
