"""The programs of examples/ as child processes: what they print, and lines to say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO

from tests.servers import ROOT, Person, Server
from tests.waiting import DEADLINE

NODE = [shutil.which("node") or "node", "examples/node-client/client.js"]
PYTHON = [sys.executable, "examples/python-client/client.py"]
RAW = [sys.executable, "examples/raw-websocket/raw.py"]
_SAID = re.compile(r"\[(\d+)\] [^:]+: (.*)")


class Program:
    """A running program. Its lines are gathered as they come."""

    def __init__(self, command: list[str], server: Server, person: Person, *words: str) -> None:
        self._process = subprocess.Popen(
            [*command, *words],
            cwd=ROOT,
            env={**server.environment, "HUBBUB_URL": server.url, "HUBBUB_TOKEN": person.token},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self._lines: list[str] = []
        # Its lock is reentrant, so that what `until` asks may look at the lines.
        self._changed = threading.Condition()
        self._errors: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=(self._process.stdout, self._lines)),
            threading.Thread(target=self._read, args=(self._process.stderr, self._errors)),
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, pipe: IO[str], lines: list[str]) -> None:
        for line in pipe:
            with self._changed:
                lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    @property
    def messages(self) -> list[tuple[int, str]]:
        """What it has printed, as (seq, text)."""
        with self._changed:
            found = [_SAID.fullmatch(line) for line in self._lines]
        return [(int(match[1]), match[2]) for match in found if match]

    @property
    def errors(self) -> str:
        """What it has printed for the person who runs it."""
        with self._changed:
            return "\n".join(self._errors)

    def say(self, *texts: str) -> None:
        assert self._process.stdin is not None
        for text in texts:
            self._process.stdin.write(f"{text}\n")

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something that it prints makes this true; how long that takes is no matter while it goes on."""
        printed, end = -1, 0.0
        with self._changed:
            while not holds():
                if printed != (so_far := len(self._lines) + len(self._errors)):
                    printed, end = so_far, time.monotonic() + DEADLINE
                ended = self._process.poll() is not None and not any(reader.is_alive() for reader in self._readers)
                assert not ended, f"it has ended: {self.errors}"
                assert time.monotonic() < end, f"it never came true; last: {self._lines[-3:]} {self.errors}"
                self._changed.wait(1)

    def joined(self) -> Program:
        """Wait until it is in the room: from then on it hears everything."""
        self.until(lambda: ": in #" in self.errors)
        return self

    def heard(self, count: int) -> list[tuple[int, str]]:
        """Wait until it has heard so many messages, and return all that it has."""
        self.until(lambda: len(self.messages) >= count)
        return self.messages

    def hears(self, *texts: str) -> None:
        """Wait until each of these was said, once."""
        self.until(lambda: set(texts) <= {text for _, text in self.messages})
        found = [text for _, text in self.messages]
        assert [found.count(text) for text in texts] == [1] * len(texts)

    def finish(self) -> int:
        """Say that no more lines come, and return the exit code: everything that was said is acknowledged then."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        code = self._process.wait(DEADLINE)
        # What it said last may still be on its way here.
        for reader in self._readers:
            reader.join(DEADLINE)
        return code

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(DEADLINE)
        for reader in self._readers:
            reader.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert pipe is not None
            # Lines that it did not live to read.
            with suppress(BrokenPipeError):
                pipe.close()


@contextmanager
def running(command: list[str], server: Server, person: Person, *words: str) -> Iterator[Program]:
    """A program that is ended with the block."""
    program = Program(command, server, person, *words)
    try:
        yield program
    finally:
        program.close()
