"""What a server holds, from its first client on until all have gone: memory, files, threads, greenlets and sessions."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass

from bench.http import Http
from bench.loop import Loop
from bench.measuring import Failed
from bench.servers import Running

# What may be left over: connections of the database's pool, and what an allocator keeps.
SPARE_FILES = 12
FLAT = 0.05
# Greenlets that stay for the next command (chat/transport/concurrency/workers.py).
IDLE_WORKERS = 256
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Sample:
    minute: float
    memory: int
    files: int
    threads: int
    ours: int  # connections that we have open

    def line(self) -> str:
        return (
            f"| {self.minute:.1f} | {self.memory / 2**20:.1f} | {self.files} | {self.ours} | "
            f"{self.files - self.ours} | {self.threads} |"
        )

    def __str__(self) -> str:
        return f"{self.minute:5.1f} min: {self.memory / 2**20:.1f} MB, {self.files} files, {self.ours} clients"


class Inventory:
    """`samples` are those that were taken with the steady clients alone, and at last with none."""

    def __init__(self, running: Running, loop: Loop) -> None:
        self._running = running
        self._loop = loop
        self._began = time.monotonic()
        self._base = 0
        self._before: dict[str, int] = {}
        self._after: dict[str, int] = {}
        self.samples: list[Sample] = []

    def begin(self) -> None:
        """Take down what there is before anybody has come."""
        self._base = self._own_files()
        self._before = self._kept()

    def sample(self) -> Sample:
        process = self._running.process
        if not process.is_running:
            raise Failed(f"the server ended: {process.log}")
        minute = (time.monotonic() - self._began) / 60
        return Sample(minute, process.memory(), process.files(), process.threads(), len(self._loop.connections))

    def settle(self) -> Sample:
        """A sample that counts, once the server has forgotten the files of those who have gone. Raises `Failed`."""
        end = time.monotonic() + PATIENCE_SECONDS
        while (extra := self._own_files() - self._base) > SPARE_FILES:
            if time.monotonic() > end:
                raise Failed(f"a minute after everybody had gone, {extra} files were still open")
            self._loop.rest(1.0)
        self._loop.rest(2.0)
        self.samples.append(self.sample())
        return self.samples[-1]

    def judge(self) -> None:
        """When all have gone. Raises `Failed` for whatever was kept, and for what the server's log has of errors."""
        first, last = self.samples[0], self.samples[-1]
        self.settle()
        self._wait_for_nothing_kept()
        if last.memory > first.memory * (1 + FLAT):
            raise Failed(f"the memory grew by {last.memory / first.memory - 1:.1%}")
        wrong = re.findall(r".*(?:\[error|\[critical|Traceback).*", self._running.process.whole_log)
        if wrong:
            raise Failed(f"the server's log has {len(wrong)} errors: {wrong[0][:300]}")

    def lines(self) -> list[str]:
        """All of it in Markdown."""
        return [
            "With the steady clients alone, and at last with none:",
            "",
            "| minute | memory, MB | the server's files | clients | files but clients | threads |",
            "|---:|---:|---:|---:|---:|---:|",
            *(sample.line() for sample in self.samples),
            "",
            f"Before anybody came the server had {_told(self._before)}; when all had gone, {_told(self._after)}.",
        ]

    def _own_files(self) -> int:
        return self.sample().files - len(self._loop.connections)

    def _kept(self) -> dict[str, int]:
        """What the server has in memory of clients, and its greenlets."""
        found: list[dict[str, int]] = []
        http = Http(self._loop, self._running.port)
        http.request("GET", "/counts", lambda response: found.append(json.loads(response.body)))
        self._loop.run(lambda: found, lambda: "the server does not tell its counts")
        http.close()
        return found[0]

    def _wait_for_nothing_kept(self) -> None:
        """Until all is as it was before anybody came, but for workers that wait for the next command."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            self._after = self._kept()
            kept = self._after.items()
            more = {name: count - self._before[name] for name, count in kept if count > self._before[name]}
            if more.pop("greenlets", 0) <= IDLE_WORKERS and not more:
                return
            if time.monotonic() > end:
                raise Failed(f"a minute after everybody had gone, the server still kept {self._after}")
            self._loop.rest(1.0)


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "not been asked"
