"""This application with one page more: `/counts` tells of everything that a leak would let grow. For the soak alone."""

from __future__ import annotations

from chat.transport.patch import patch

patch()

import gc  # noqa: E402
from typing import cast  # noqa: E402

from eventlet.support import greenlets  # noqa: E402

from chat import create_app  # noqa: E402
from chat.hub import Hub  # noqa: E402
from chat.run import run  # noqa: E402


def main() -> None:
    app = create_app()
    hub = cast(Hub, app.extensions["hubbub"])
    server = hub.socketio.server

    @app.get("/counts")
    def counts() -> dict[str, int]:
        gc.collect()
        living = [one for one in gc.get_objects() if isinstance(one, greenlets.greenlet) and not one.dead]
        return {
            "greenlets": len(living),
            "sessions": len(server.eio.sockets),
            "environments": len(server.environ),
            "rooms": sum(len(rooms) for rooms in server.manager.rooms.values()),
            "entered": sum(len(room) for rooms in server.manager.rooms.values() for room in rooms.values()),
            "connections": len(hub.sockets.delivery.connections),
        }

    run(app)


if __name__ == "__main__":
    main()
