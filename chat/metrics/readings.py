"""Where each figure is read from."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from chat.health import Health
from chat.metrics.counters import Counters
from chat.metrics.exposition import Reading, Sample


class Online(Protocol):
    @property
    def users(self) -> int: ...


class Queue(Protocol):
    @property
    def waiting(self) -> int: ...


class Index(Protocol):
    @property
    def behind(self) -> int: ...


def readings(
    version: str, counters: Counters, health: Health, online: Online, queue: Queue, index: Index, engine: Any
) -> Mapping[str, Reading]:
    """`engine` is the Engine.IO server: ours, or python-engineio's own, which counts nothing itself."""
    found: dict[str, Reading] = {
        "hubbub_build_info": lambda: [((version,), 1)],
        "hubbub_ready": lambda: [((), health.look().ready)],
        "hubbub_part_ready": lambda: [((name,), said == "ok") for name, said in health.look().parts.items()],
        "hubbub_connections": lambda: _connections(engine),
        "hubbub_users_online": lambda: [((), online.users)],
        "hubbub_connections_refused": lambda: _by_key(counters.refused),
        "hubbub_commands": lambda: [
            ((name, outcome), number)
            for name, command in counters.commands.items()
            for outcome, number in command.outcomes.items()
        ],
        "hubbub_ack_seconds": lambda: [((name,), command.seconds) for name, command in counters.commands.items()],
        "hubbub_pushes": lambda: _by_key(counters.pushes),
        "hubbub_previews": lambda: _by_key(counters.previews),
        "hubbub_messages": lambda: [((), counters.messages)],
        "hubbub_write_queue_jobs": lambda: [((), queue.waiting)],
        "hubbub_write_batch_jobs": lambda: [((), counters.batches)],
        "hubbub_write_seconds": lambda: [((), counters.commits)],
        "hubbub_search_behind": lambda: [((), index.behind)],
        "hubbub_hub_lag_seconds": lambda: [((), counters.lag.seconds)],
        "hubbub_hub_lag_max_seconds": lambda: [((), counters.lag.take_longest())],
        "hubbub_http_requests": lambda: [
            ((endpoint, str(status)), number) for (endpoint, status), number in counters.requests.items()
        ],
        "hubbub_http_request_seconds": lambda: [((), counters.request_seconds)],
        "hubbub_sign_ins_refused": lambda: _by_key(counters.sign_ins_refused),
    }
    for name in ("uploads", "upload_bytes", "download_bytes"):
        found[f"hubbub_{name}"] = lambda name=name: [((), getattr(counters, name))]  # type: ignore[misc]
    figures = getattr(engine, "figures", None)
    if figures is not None:
        found["hubbub_deliveries"] = lambda: [((), figures.deliveries)]
        found["hubbub_slow_readers_dropped"] = lambda: [((), figures.slow_readers)]
    if sys.platform == "linux":
        found["hubbub_threads"] = lambda: [((), sum(1 for _ in Path("/proc/self/task").iterdir()))]
    return found


def _connections(engine: Any) -> Iterable[Sample]:
    """A poller that tries a WebSocket is a poller until the switch, with either transport's engine."""
    upgraded = Counter(connection.upgraded for connection in list(engine.sockets.values()))
    return [(("websocket",), upgraded[True]), (("polling",), upgraded[False])]


def _by_key(counts: Mapping[str, int]) -> Iterable[Sample]:
    return [((key,), number) for key, number in counts.items()]
