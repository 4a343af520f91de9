"""What `create_app` assembled, in one place: `app.extensions["hubbub"]`."""

from __future__ import annotations

from dataclasses import dataclass

from flask_socketio import SocketIO

from chat.config import Settings
from chat.sockets import Sockets
from chat.store import Store


@dataclass(frozen=True)
class Hub:
    """The parts of one running application."""

    settings: Settings
    store: Store
    socketio: SocketIO
    sockets: Sockets

    def close(self) -> None:
        """Let go of the database; what is queued is written first."""
        self.store.close()
