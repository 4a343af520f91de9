"""Hubbub: self-hosted, real-time chat. `create_app` is the whole assembly.

Everything is imported inside it, so that importing the package does nothing and eventlet can patch the standard library
before anything else of it is loaded (see `wsgi.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask

    from chat.config import Settings
    from chat.store import Store
    from chat.store.outbox import Effect
    from chat.store.threads import Threads

__version__ = "0.1.0"


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application: the store, the pages and the sockets.

    `app.extensions["socketio"]` is the `SocketIO`, `app.extensions["hubbub"]` the `chat.hub.Hub` with the rest.
    Raises `chat.config.SettingsError` for wrong settings and `chat.store.schema.NewerDatabase` for a database that a
    newer version wrote.
    """
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    from chat import folders, logs, sockets, web
    from chat.avatars import Avatars
    from chat.config import Settings
    from chat.due import Due
    from chat.events import ADMIN_COMMANDS, CHAT_COMMANDS
    from chat.files.intake import Intake
    from chat.files.sweeping import Sweeper
    from chat.health import Health
    from chat.helpdesk import visitors
    from chat.hub import Hub
    from chat.logo import Logo
    from chat.metrics.counters import Counters
    from chat.metrics.exposition import registry
    from chat.metrics.readings import readings
    from chat.previews import Previewer, Previews
    from chat.push import Pusher
    from chat.search import Follower
    from chat.storage import Storage, open_backend
    from chat.store import Store, schema
    from chat.transport import outgoing
    from chat.transport.concurrency.background import spawn
    from chat.transport.factory import create_socketio

    settings = settings or Settings.load()
    logs.configure(settings)
    secret_key = folders.prepare(settings)
    store = Store(settings, _threads(), secret_key.encode())
    schema.prepare(store)

    app = Flask("chat", template_folder=str(folders.TEMPLATES), static_folder=str(folders.STATIC))
    app.config.update(SECRET_KEY=secret_key)
    socketio = create_socketio(app, settings)
    counters, health, follower = Counters(CHAT_COMMANDS | ADMIN_COMMANDS), Health(spawn), Follower(store)
    health.add("database", store.ping)
    store.on_batch = counters.committed
    storage, build = Storage(open_backend(settings), store.offload), folders.build(folders.STATIC)
    intake, avatars, logo = Intake(store, storage), Avatars(store, storage), Logo(store, storage)
    health.add("files", storage.check, needed=False)
    doors = sockets.register(socketio, store, counters, build)
    pusher, previews = Pusher(store, counters, outgoing.post), Previews(store, storage)
    previewer = Previewer(store, previews, counters, outgoing.getter(local=settings.link_previews_local == "on"))
    _follow(store, pusher.note, previewer.note)
    app.extensions["hubbub"] = Hub(
        settings,
        store,
        socketio,
        doors,
        counters,
        health,
        follower,
        pusher,
        previewer,
        previews,
        Due(
            store,
            doors.chat.presence.is_here,
            lambda user: doors.chat.buckets.take_for(user, "message"),
            doors.chat.words.called_by,
        ),
        storage,
        intake,
        Sweeper(store, storage, (avatars.sweep, previews.sweep, logo.sweep, lambda: visitors.forget_silent(store))),
        avatars,
        logo,
        registry(
            readings(__version__, counters, health, doors.delivery.connections, store, follower, socketio.server.eio)
        ),
        build,
    )
    web.init_app(app)
    # Each process tells the others what was tried, so that several allow no more than one.
    attempts = web.limits.of(app)
    attempts.tell, doors.relay.on_tried = doors.relay.tell_tried, attempts.hear
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _follow(store: Store, *parts: Callable[[Sequence[Effect]], None]) -> None:
    """What this process has committed is told to these too, after all others; what other processes tell it is not."""
    tell = store.publish

    def publish(effects: Sequence[Effect]) -> None:
        tell(effects)
        for note in parts:
            note(effects)

    store.publish = publish


def _threads() -> Threads:
    """Where the store's work goes: on the hub to the transport's threads; elsewhere there is no hub to hold up."""
    from chat.store.threads import Threads
    from chat.transport.patch import patched

    if not patched():
        return Threads()
    from chat.transport.concurrency.hub_gates import HubGate
    from chat.transport.concurrency.lane import Lane
    from chat.transport.concurrency.threads import offload, offload_heavy

    return Threads(offload, offload_heavy, Lane("hubbub-writer"), HubGate)
