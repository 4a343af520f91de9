"""Serving an application that `create_app` made: until SIGTERM, then a clean end."""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import cast

from flask import Flask

from chat import logs
from chat.config import SettingsError
from chat.due import BEAT_SECONDS as DUE_SECONDS
from chat.events.session import Notice
from chat.files.sweeping import BEAT_SECONDS as SWEEP_SECONDS
from chat.hub import Hub
from chat.metrics.counters import LAG_SECONDS
from chat.previews.previewer import BEAT_SECONDS as PREVIEW_SECONDS
from chat.previews.previewer import LANES as PREVIEW_LANES
from chat.push.pusher import BEAT_SECONDS as PUSH_SECONDS
from chat.push.pusher import LANES
from chat.search.following import BEAT_SECONDS as SEARCH_SECONDS
from chat.sockets.delivery import CONSOLE, NAMESPACE
from chat.sockets.pulse import BEAT_SECONDS
from chat.transport.broker import Broker
from chat.transport.concurrency import threads
from chat.transport.concurrency.background import every, spawn
from chat.transport.concurrency.lane import Lane
from chat.transport.server import serve

# Who is let in before Redis is there misses what others say until then.
JOIN_SECONDS = 2.0


def run(app: Flask, *, began: float | None = None) -> None:
    """Listen and serve. Returns when the server was told to stop and has drained.

    `began` is when the process started, in seconds of the monotonic clock, to tell how long the start took.
    """
    hub = cast(Hub, app.extensions["hubbub"])

    def ready(host: str, port: int) -> None:
        shown = hub.settings.public_url or f"http://{'localhost' if host in ('127.0.0.1', '::1') else host}:{port}"
        took = "" if began is None else f" (started in {time.monotonic() - began:.1f} s)"
        sys.stdout.write(f"Hubbub is at {shown}{took}\nPress Ctrl+C to stop it.\n")
        sys.stdout.flush()

    def drain() -> None:
        hub.health.draining = True
        notice = Notice("info", "restart", "The server is restarting. You will be back in a moment.")
        for namespace in (NAMESPACE, CONSOLE):
            hub.socketio.server.emit("notice", notice, namespace=namespace)

    logs.catch_rest()
    threads.start()
    spawn(lambda: threads.offload(app.extensions["hubbub_assets"].warm))
    broker = _broker(hub) if hub.settings.redis_url else None
    pulse = every(BEAT_SECONDS, hub.sockets.pulse.beat)
    lag = every(LAG_SECONDS, hub.counters.lag.beat)
    follower = every(SEARCH_SECONDS, hub.follower.beat)
    due = every(DUE_SECONDS, hub.due.beat)
    sweeper = every(SWEEP_SECONDS, hub.sweeper.beat)
    pushes = [every(PUSH_SECONDS, hub.pusher.beat)]
    pushes += [every(PUSH_SECONDS, partial(hub.pusher.work, Lane(f"hubbub-push-{n}"))) for n in range(LANES)]
    previews = [
        every(PREVIEW_SECONDS, partial(hub.previewer.work, Lane(f"hubbub-preview-{n}"))) for n in range(PREVIEW_LANES)
    ]
    try:
        serve(app, hub.socketio, hub.settings, on_ready=ready, on_drain=drain)
    finally:
        pulse.stop()
        lag.stop()
        follower.stop()
        for task in (*pushes, *previews):
            task.stop()
        due.stop()
        sweeper.stop()
        hub.follower.stop()
        if broker is not None:
            broker.stop()
        hub.close()


def _broker(hub: Hub) -> Broker:
    """The other processes of this server, by Redis. A backup that was restored is another server's, until all have
    restarted.
    """
    relay = hub.sockets.relay
    broker = Broker(hub.settings.redis_url, f"hubbub:{hub.store.epoch}", relay)
    relay.join(broker)
    try:
        broker.start(JOIN_SECONDS)
    except ImportError:
        raise SettingsError("CHAT_REDIS_URL needs redis-py: pip install 'hubbub[redis]'") from None
    except ValueError as error:
        raise SettingsError(f"CHAT_REDIS_URL can't be used: {error}") from None
    # Its clients are served without the others too.
    hub.health.add("redis", broker.check, needed=False)
    return broker
