"""How long pictures take that are as large as they may be, what memory, and what everybody else notices of it.

They are made up: fine noise over coarse noise, with which decoders have as much to do as with a photo. Each kind goes
to a new server, which is asked for `GET /healthz` meanwhile, 5 ms after each answer.
"""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path

from PIL import Image, ImageChops

from bench import report
from bench.dialects import Seat
from bench.house import Plan
from bench.measuring import Failed
from bench.servers import HUBBUB_ITSELF, Running
from chat.pictures.facts import MOST_PIXELS, MOST_PIXELS_OF

PEOPLE = 4
PAUSE_SECONDS = 0.005
MILLION = 1_000_000


@dataclass(frozen=True)
class Load:
    """So many pictures of one kind, sent by all people at once, one after another each."""

    title: str
    format: str
    megapixels: int
    count: int = 1

    def picture(self) -> bytes:
        side = int((self.megapixels * MILLION) ** 0.5)
        coarse, fine = (
            Image.effect_noise((side // part + 1,) * 2, 60).resize((side, side), Image.Resampling.BILINEAR)
            for part in (40, 2)
        )
        light = ImageChops.add(coarse, fine, scale=2)
        picture = Image.merge("RGB", (light, coarse, ImageChops.invert(light)))
        file = io.BytesIO()
        if self.format == "WEBP":
            picture.save(file, "WEBP", quality=80, method=0)
        elif self.format == "PNG":
            picture.save(file, "PNG", compress_level=1)
        else:
            picture.save(file, self.format)
        return file.getvalue()


LOADS = (
    Load("twelve photos", "JPEG", 12, count=12),
    Load("a photo", "JPEG", 50),
    Load("a PNG, as large as it may be", "PNG", MOST_PIXELS // MILLION),
    Load("a GIF, as large as it may be", "GIF", MOST_PIXELS // MILLION),
    Load("a WebP, as large as it may be", "WEBP", MOST_PIXELS_OF["image/webp"] // MILLION),
)


def pictures(say: Callable[[str], None], loads: Sequence[Load] = LOADS) -> str:
    """Returns a page that says what was seen."""
    lines = [
        "# Pictures that are as large as they may be",
        "",
        *report.machine(pinned=False),
        f"- twelve are sent by {PEOPLE} people at once; two are worked at at once in a process",
        "- memory: how much more of it the server had at its most than before",
        "- the longest wait: of a `GET /healthz`, asked 5 ms after each answer",
        "",
        "| | million pixels each | MB in all | seconds | memory, MB | longest wait, s |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for load in loads:
        row = _measured(load)
        say(row)
        lines.append(row)
    return "\n".join(lines) + "\n"


def _measured(load: Load) -> str:
    data = load.picture()
    with HUBBUB_ITSELF.run(Plan(PEOPLE, [range(PEOPLE)]), files_largest_mb="500") as running:
        # The first one loads the decoders.
        _send(running, running.seats[0], replace(load, megapixels=1).picture())
        before = _most_memory(running.process.pid)
        with _asked(running) as waits:
            began = time.perf_counter()
            with ThreadPoolExecutor(PEOPLE) as pool:
                senders = (running.seats[number % PEOPLE] for number in range(load.count))
                list(pool.map(lambda seat: _send(running, seat, data), senders))
            seconds = time.perf_counter() - began
        more = _most_memory(running.process.pid) - before
    size = len(data) * load.count / MILLION
    return (
        f"| {load.title} | {load.megapixels} | {size:.0f} | {seconds:.1f} | {more / MILLION:.0f} | {max(waits):.2f} |"
    )


def _send(running: Running, seat: Seat, data: bytes) -> None:
    """Raises `Failed` where the picture is not taken, with its sides known."""
    headers = {"Authorization": f"Bearer {seat.token}"}
    with closing(HTTPConnection("127.0.0.1", running.port)) as http:
        http.request("POST", "/files?name=sample", data, headers)
        answer = http.getresponse()
        said = answer.read().decode()
    if answer.status != 201 or '"width":' not in said:
        raise Failed(f"a picture was not taken: {answer.status} {said}")


@contextmanager
def _asked(running: Running) -> Iterator[list[float]]:
    """Round trips from now on, in seconds."""
    waits: list[float] = []
    done = threading.Event()

    def ask() -> None:
        with closing(HTTPConnection("127.0.0.1", running.port)) as http:
            while not done.wait(PAUSE_SECONDS):
                began = time.perf_counter()
                http.request("GET", "/healthz")
                http.getresponse().read()
                waits.append(time.perf_counter() - began)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield waits
    finally:
        done.set()
        asking.join()


def _most_memory(pid: int) -> int:
    """What the process has at the most had of the memory, in bytes."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
