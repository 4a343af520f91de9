"""A wire between clients and a server, which carries bytes and can be cut, go dead, be slow, or lose packets.

What TCP loses it sends again, so a lost packet is one that comes late, and everything behind it with it.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Self

# What TCP waits before it sends a lost packet again.
RESENT_SECONDS = 0.3


class Wire:
    """Leads to `port` of this machine, from `url`. Use it as a context.

    `late`: seconds that everything takes more. `lossy`: the share of packets that come only after they were sent again.
    """

    SCHEME = "http"

    def __init__(self, port: int, *, late: float = 0.0, lossy: float = 0.0, upgrades: bool = True) -> None:
        self._port = port
        self._late = late
        self._lossy = lossy
        self._upgrades = upgrades
        self._chance = random.Random(1)
        self._alive = threading.Event()
        self._alive.set()
        self._refusing = False
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self.url = f"{self.SCHEME}://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._alive.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()
        for thread in self._threads:
            thread.join()

    def cut(self) -> None:
        """Everybody is cut off, and nobody gets through."""
        with self._lock:
            self._refusing = True
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def die(self) -> None:
        """Nothing gets through, and neither side is told."""
        self._alive.clear()

    def mend(self) -> None:
        self._refusing = False
        self._alive.set()

    def _reach(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self._port), 10)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self._alive.wait()
            try:
                server = self._reach()
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            with self._lock:
                if self._refusing:
                    client.close()
                    server.close()
                    continue
                self._open |= {client, server}
            for ends in ((client, server), (server, client)):
                thread = threading.Thread(target=self._carry, args=ends)
                self._threads.append(thread)
                thread.start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            for chunk in self._chunks(source):
                self._alive.wait()
                target.sendall(chunk)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            # The other direction may still be at it; who comes second closes both.
            second = source not in self._open
            self._open -= {source, target}
        if second:
            source.close()
            target.close()

    def _chunks(self, source: socket.socket) -> Iterator[bytes]:
        while chunk := source.recv(65_536):
            if not self._upgrades and b"\r\nUpgrade: websocket\r\n" in chunk:
                # It is swallowed, and the connection stays as it is.
                while source.recv(65_536):
                    pass
                return
            pause = self._late + (RESENT_SECONDS if self._chance.random() < self._lossy else 0.0)
            if pause:
                time.sleep(pause)
            yield chunk
