"""The servers that are compared, and what each of them does and does not do."""

from __future__ import annotations

import contextlib
import json
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, get_args, get_type_hints

from bench import house, processes
from bench.dialects import BARE, HUBBUB, Dialect, Seat
from bench.house import Plan
from bench.processes import ROOT, Process
from chat import __version__
from chat.config import Settings


@dataclass
class Running:
    """A server that listens, with the people of a plan ready to come."""

    server: Server
    process: Process
    seats: Sequence[Seat]
    # At which port the client of a number connects, where there are several.
    ports: Callable[[int], int] | None = None

    @property
    def place(self) -> int | Callable[[int], int]:
        """What `connect_all` wants."""
        return self.ports or self.port

    @property
    def port(self) -> int:
        return self.process.port

    @property
    def dialect(self) -> Dialect:
        return self.server.dialect


Prepare = Callable[[Path, Sequence[Seat]], object]


class Server(Protocol):
    key: str
    title: str
    does: str
    lacks: str
    dialect: Dialect
    collects: bool  # whether it collects its garbage when it is told to

    def why_not(self) -> str:
        """Why it can't be run here; empty if it can."""

    def version(self) -> str: ...

    def run(self, plan: Plan) -> contextlib.AbstractContextManager[Running]:
        """Make its data, start it, and end it after the block."""


class Hubbub:
    """This application, as people run it, but without limits on how fast one may send."""

    dialect: Dialect = HUBBUB
    collects = False
    does = (
        "token, room and permission checked, text cleaned and rendered, committed to disk (SQLite, synchronous=FULL) "
        "before the ack, order by seq, welcome, presence"
    )

    def __init__(self, key: str, title: str, lacks: str, **settings: str) -> None:
        self.key = key
        self.title = title
        self.lacks = lacks
        self._settings = settings

    def why_not(self) -> str:
        if "transport" in self._settings and len(get_args(get_type_hints(Settings)["transport"])) < 2:
            return "this version has one transport only, so there is nothing to compare"
        return ""

    def version(self) -> str:
        return f"Hubbub {__version__}, Python {platform.python_version()}, eventlet {version('eventlet')}"

    @contextlib.contextmanager
    def run(
        self, plan: Plan, *, inspected: bool = False, prepare: Prepare | None = None, **further: str
    ) -> Iterator[Running]:
        """With `inspected` it has the page `/counts`. `prepare` is given the data folder before the server starts."""
        settings = {
            "port": "0",
            "rate_limits": "off",
            "log_level": "warning",
            "connections_per_user": "10000",
            "drain_seconds": "1",
            **self._settings,
            **further,
        }
        with processes.folder() as folder:
            seats = house.build(folder / "data", plan)
            if prepare is not None:
                prepare(folder / "data", seats)
            environment = {f"CHAT_{name.upper()}": value for name, value in settings.items()}
            environment["CHAT_DATA_DIR"] = str(folder / "data")
            command = [sys.executable, "-m", *(["bench.peers.inspected"] if inspected else ["chat", "run"])]
            with processes.started(command, r" at https?://[^:\s]+:(\d+)", environment, folder) as process:
                yield Running(self, process, seats)


class _Bare:
    dialect: Dialect = BARE
    collects = False

    def __init__(self, key: str, title: str, command: Sequence[str]) -> None:
        self.key = key
        self.title = title
        self._command = command

    @contextlib.contextmanager
    def run(self, plan: Plan) -> Iterator[Running]:
        with (
            processes.folder() as folder,
            processes.started(self._command, r"^ready (\d+)", {}, folder) as process,
        ):
            yield Running(self, process, plan.bare_seats())  # type: ignore[arg-type]


class FlaskSocketIO(_Bare):
    does = "rooms, broadcast, ack where one is asked for"
    lacks = "no accounts, no checks, nothing kept"

    def why_not(self) -> str:
        return ""

    def version(self) -> str:
        return f"Flask-SocketIO {version('flask-socketio')}, eventlet {version('eventlet')}"


class Node(_Bare):
    collects = True
    does = "rooms, broadcast, ack where one is asked for"
    lacks = "no accounts, no checks, nothing kept"

    def why_not(self) -> str:
        if not (ROOT / "node_modules" / "socket.io").is_dir():
            return "the npm package socket.io is not installed; `make test` installs it"
        return ""

    def version(self) -> str:
        package = json.loads((ROOT / "node_modules" / "socket.io" / "package.json").read_text("utf-8"))
        command = [str(ROOT / "tools" / "node"), "node", "--version"]
        node = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()
        return f"Socket.IO {package['version']}, Node.js {node}"


HUBBUB_ITSELF = Hubbub("hubbub", "Hubbub", "")
HUBBUB_STOCK = Hubbub("stock", "Hubbub, stock transport", "the libraries' own transport", transport="stock")
FLASK = FlaskSocketIO(
    "flask", "Flask-SocketIO, bare", [sys.executable, "-W", "ignore", "-m", "bench.peers.flask_socketio_server"]
)
NODE = Node(
    "node",
    "Socket.IO on Node, bare",
    [str(ROOT / "tools" / "node"), "node", "--expose-gc", str(ROOT / "bench" / "peers" / "node_server.mjs")],
)
SERVERS: tuple[Server, ...] = (HUBBUB_ITSELF, HUBBUB_STOCK, FLASK, NODE)
