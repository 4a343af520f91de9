"""Many clients of both kinds under one hand, and all that happens to them as one list of records."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import hubbub
from tests.faults import records
from tests.faults.records import Record
from tests.waiting import DEADLINE

NODE_DRIVER = Path(__file__).with_name("node_driver.mjs")


class Journal:
    """The records of all drivers that write into it, in the order in which they came."""

    def __init__(self) -> None:
        self._records: list[Record] = []
        self._changed = threading.Condition()

    def add(self, record: Record) -> None:
        with self._changed:
            self._records.append(record)
            self._changed.notify_all()

    def all(self, client: str | None = None, **fields: Any) -> list[Record]:
        """The records with these values, of one client or of all."""
        with self._changed:
            found = list(self._records)
        return [
            record
            for record in found
            if client in {None, record.client} and all(getattr(record, key) == value for key, value in fields.items())
        ]

    def until(self, holds: Callable[[], bool], *, deadline: float = DEADLINE) -> None:
        """Wait until a record makes this true."""
        end = time.monotonic() + deadline
        looked_at = -1
        while True:
            # Looked at outside of the lock, so that whoever writes need not wait.
            with self._changed:
                self._changed.wait_for(lambda: len(self._records) > looked_at, 1)  # noqa: B023 - called here
                looked_at = len(self._records)
                last = self._records[-5:]
            if holds():
                return
            assert time.monotonic() < end, f"it never came true; last: {last}"


class Driver(ABC):
    """Clients of one kind, by name. Nothing here waits for the server but `view`, for the driver: the journal tells."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, client: str, room: int, text: str) -> str:
        """Put a message into a client's outbox; returns its cid."""
        cid = hubbub.new_cid()
        self._send(client, room, text, cid)
        return cid

    def view(self, client: str, room: int) -> Record:
        """How a client sees a room now."""
        before = len(self.journal.all(client, kind="view"))
        self._view(client, room)
        self.journal.until(lambda: len(self.journal.all(client, kind="view")) > before)
        return self.journal.all(client, kind="view")[before]

    @abstractmethod
    def connect(self, client: str, url: str, token: str, **options: Any) -> None:
        """Begin to connect. `options` are the library's, in the words and units of Python's."""

    @abstractmethod
    def join(self, client: str, room: int | str) -> None:
        """Ask to be let in, until there is an answer."""

    @abstractmethod
    def leave(self, client: str, room: int) -> None: ...

    @abstractmethod
    def disconnect(self, client: str) -> None:
        """End one client for good."""

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def _send(self, client: str, room: int, text: str, cid: str) -> None: ...

    @abstractmethod
    def _view(self, client: str, room: int) -> None: ...


class PythonDriver(Driver):
    """The clients of examples/python-client, in this process."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.clients: dict[str, hubbub.Client] = {}

    def connect(self, client: str, url: str, token: str, **options: Any) -> None:
        def record(fields: dict[str, Any]) -> None:
            self.journal.add(records.of({"client": client, **fields}))

        self.clients[client] = hubbub.Client(url, token, name=client, record=record, **{"keep": None, **options})
        self.clients[client].start()

    def join(self, client: str, room: int | str) -> None:
        self._insist(client, "room_join", {"room": room, "create": True})

    def leave(self, client: str, room: int) -> None:
        self._insist(client, "room_leave", {"room": room})

    def _insist(self, client: str, command: str, fields: dict[str, Any]) -> None:
        end = time.monotonic() + DEADLINE
        while True:
            self.clients[client].wait(DEADLINE)
            try:
                self.clients[client].call(command, fields)
            except hubbub.HubbubError as error:
                if not error.retryable or time.monotonic() > end:
                    raise
                time.sleep(error.retry_after or 0.05)
            else:
                return

    def _send(self, client: str, room: int, text: str, cid: str) -> None:
        self.clients[client].send(room, text, cid=cid)

    def _view(self, client: str, room: int) -> None:
        rev, messages = self.clients[client].look(room)
        kept = ("id", "seq", "rev", "cid", "text")
        found = [{key: message[key] for key in kept if key in message} for message in messages]
        fields = {"client": client, "at": time.time(), "kind": "view", "room": room, "rev": rev, "messages": found}
        self.journal.add(records.of(fields))

    def disconnect(self, client: str) -> None:
        self.clients[client].close()

    def close(self) -> None:
        for client in self.clients.values():
            client.close()


class NodeDriver(Driver):
    """The clients of examples/node-client, all in one process of Node's."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self._process = subprocess.Popen(
            [shutil.which("node") or "node", str(NODE_DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._lock = threading.Lock()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def connect(self, client: str, url: str, token: str, **options: Any) -> None:
        self._tell("connect", client=client, url=url, token=token, options=_in_node(options))

    def join(self, client: str, room: int | str) -> None:
        self._tell("join", client=client, room=room)

    def leave(self, client: str, room: int) -> None:
        self._tell("leave", client=client, room=room)

    def _send(self, client: str, room: int, text: str, cid: str) -> None:
        self._tell("send", client=client, room=room, text=text, cid=cid)

    def _view(self, client: str, room: int) -> None:
        self._tell("view", client=client, room=room)

    def disconnect(self, client: str) -> None:
        self._tell("close", client=client)

    def pause(self) -> None:
        """None of its clients reads or does anything else, and their connections stay open."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            code = self._process.wait(DEADLINE)
        finally:
            self._process.kill()
            self._reader.join()
            self._process.stdout.close()
        assert code == 0, f"the driver ended with {code}"

    def _tell(self, command: str, **fields: Any) -> None:
        assert self._process.stdin is not None
        with self._lock:
            self._process.stdin.write(json.dumps({command: fields}) + "\n")
            self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.journal.add(records.parse(line))


def _in_node(options: dict[str, Any]) -> dict[str, Any]:
    """JavaScript counts milliseconds."""
    names = {"ack_timeout": "ackTimeout"}
    found = {names.get(name, name): value for name, value in options.items() if value is not None}
    for name in {"ackTimeout", "hold"} & found.keys():
        found[name] *= 1000
    if "backoff" in found:
        found["backoff"] = [1000 * each for each in found["backoff"]]
    return found
