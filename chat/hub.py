"""What `create_app` assembled, in one place: `app.extensions["hubbub"]`."""

from __future__ import annotations

from dataclasses import dataclass

from flask_socketio import SocketIO
from prometheus_client import CollectorRegistry

from chat.avatars import Avatars
from chat.config import Settings
from chat.due import Due
from chat.files.intake import Intake
from chat.files.sweeping import Sweeper
from chat.health import Health
from chat.logo import Logo
from chat.metrics.counters import Counters
from chat.previews import Previewer, Previews
from chat.push import Pusher
from chat.search import Follower
from chat.sockets import Sockets
from chat.storage import Storage
from chat.store import Store


@dataclass(frozen=True)
class Hub:
    """The parts of one running application."""

    settings: Settings
    store: Store
    socketio: SocketIO
    sockets: Sockets
    counters: Counters
    health: Health
    follower: Follower
    pusher: Pusher
    previewer: Previewer
    previews: Previews
    due: Due
    storage: Storage
    intake: Intake
    sweeper: Sweeper
    avatars: Avatars
    logo: Logo
    figures: CollectorRegistry
    build: str
    """Which static files this process serves: `folders.build`."""

    def close(self) -> None:
        """Let go of the database; what is queued is written first."""
        self.store.close()
