"""Servers with a fault built in: `python -m tests.faults.broken HOW`.

The first two break the promise, to show that the checker sees it. The others lose and delay what may get lost or come
late at any time, and keep the promise.
"""

from __future__ import annotations

from chat.transport.patch import patch

patch()

import random  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Sequence  # noqa: E402
from typing import Any, cast  # noqa: E402

import eventlet  # noqa: E402

from chat import create_app  # noqa: E402
from chat.events.messages import MessageNew  # noqa: E402
from chat.hub import Hub  # noqa: E402
from chat.run import run  # noqa: E402
from chat.sockets import pulse  # noqa: E402
from chat.store import Store  # noqa: E402
from chat.store.batch import Job, carry_out  # noqa: E402
from chat.store.hot import Hot  # noqa: E402
from chat.store.outbox import Effect, Publish  # noqa: E402
from chat.transport import packets  # noqa: E402
from tests.faults.records import UNHEARD  # noqa: E402

# Between the lie and the commit that would have made it true.
LATE_SECONDS = 1.0


def _rehearse(store: Store, batch: Sequence[Job]) -> None:
    """Find out what the batch would do, and keep nothing of it."""

    def rehearse() -> None:
        with store._writer.connect() as conn:
            transaction = conn.begin()
            for job in batch:
                carry_out(job, conn, Hot(store._statements, conn))
            transaction.rollback()

    store._offload_writes(rehearse)


def _with_commit_after(store: Store, lie: Callable[[Sequence[Job]], None]) -> None:
    commit = store._commit

    def late(work: Callable[..., Any], *args: Any) -> Any:
        if work == commit:
            _rehearse(store, args[0])
            lie(args[0])
            eventlet.sleep(LATE_SECONDS)
        return offload(work, *args)

    offload = store._offload_writes
    store._offload_writes = late


def publish_before_commit(hub: Hub) -> None:
    store = hub.store

    def lie(batch: Sequence[Job]) -> None:
        store.publish([effect for job in batch for effect in job.effects])

    _with_commit_after(store, lie)


def ack_before_commit(hub: Hub) -> None:
    def lie(batch: Sequence[Job]) -> None:
        for job in batch:
            job.gate.open()

    _with_commit_after(hub.store, lie)


def drop_publications(hub: Hub) -> None:
    """One in twenty, and whatever says that nobody is to hear of it."""
    publish, chance = hub.store.publish, random.Random(1)

    def is_lost(effect: Effect) -> bool:
        fact = effect.fact if isinstance(effect, Publish) else None
        return isinstance(fact, MessageNew) and (UNHEARD in fact.message.text or chance.random() < 0.05)

    def lossy(effects: Sequence[Effect]) -> None:
        kept: list[Effect] = []
        for effect in effects:
            if is_lost(effect):
                # Lost on its way out: that the room is not quiet has been noticed before.
                hub.sockets.delivery.talked_in.add(effect.fact.room)  # type: ignore[union-attr]
            else:
                kept.append(effect)
        publish(kept)

    hub.store.publish = lossy
    # Found as usual, and sooner.
    pulse.QUIET_SECONDS = 3.0


def delay_publications(hub: Hub) -> None:
    """Some come late, so that those behind them come first."""
    publish, chance = hub.store.publish, random.Random(1)

    def reordered(effects: Sequence[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Publish) and chance.random() < 0.3:
                eventlet.spawn_after(chance.uniform(0, 0.5), publish, [effect])
            else:
                publish([effect])

    hub.store.publish = reordered


def lose_acks(hub: Hub) -> None:
    send, chance = hub.socketio.server.send_packet, random.Random(1)

    def lossy(eio_sid: str, kind: int, *rest: Any) -> None:
        if kind != packets.ACK or chance.random() > 0.1:
            send(eio_sid, kind, *rest)

    hub.socketio.server.send_packet = lossy


def move_clock(hub: Hub) -> None:
    """SIGUSR1 moves it an hour ahead, SIGUSR2 an hour back."""
    real = time.time
    moved = [0.0]

    def move(number: int, _: Any) -> None:
        moved[0] += 3600.0 if number == signal.SIGUSR1 else -3600.0

    signal.signal(signal.SIGUSR1, move)
    signal.signal(signal.SIGUSR2, move)
    time.time = lambda: real() + moved[0]


WAYS = {
    "publish-before-commit": publish_before_commit,
    "ack-before-commit": ack_before_commit,
    "drop-publications": drop_publications,
    "delay-publications": delay_publications,
    "lose-acks": lose_acks,
    "move-clock": move_clock,
}


def main() -> None:
    app = create_app()
    WAYS[sys.argv[1]](cast(Hub, app.extensions["hubbub"]))
    run(app)


if __name__ == "__main__":
    main()
