"""How quickly the page opens rooms, and how smoothly it follows a busy one, in Chromium on a slow processor.

There are 500 rooms, in one of them 5,000 people and 100,000 messages. What is timed is from the click on a room in the
sidebar to the first frame that has its messages. Then fifty messages a second come into the room that is open, and the
browser tells which of its frames took longer than 50 ms, and of what.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright
from sqlalchemy import insert, select, update

from bench import report
from bench.client import Client
from bench.dialects import HUBBUB, Seat
from bench.house import Plan
from bench.loop import Loop
from bench.servers import HUBBUB_ITSELF, Running
from chat import sessions
from chat.config import Settings
from chat.store import Store, tables
from chat.times import now

SCRIPTS = Path(__file__).parent / "page_scripts"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SLOWER = 4
PEOPLE, ROOMS, SIZE = 5_000, 500, 20
LONG, OTHERS = 100_000, 60
A_SECOND = 50
BATCH = 5_000
READER, SPEAKER = 0, 1
PATIENCE_MS = 60_000


@dataclass
class Opened:
    """Milliseconds from the click to the first frame with messages."""

    title: str
    took: list[float] = field(default_factory=list)

    def row(self) -> str:
        return f"| {self.title} | {len(self.took)} | {median(self.took):.0f} | {max(self.took):.0f} |"


def plan(people: int = PEOPLE, rooms: int = ROOMS) -> Plan:
    """Everybody in the first room; the reader and the speaker in all of them, each with others."""
    others = [[READER, SPEAKER, *range(2 + at % 50, min(people, 2 + at % 50 + SIZE))] for at in range(1, rooms)]
    return Plan(people, [range(people), *others])


def fill(folder: Path, seats: Sequence[Seat], long: int) -> str:
    """Put the messages into the tables; returns the secret of the reader's session."""
    store = Store(Settings(data_dir=folder))
    try:
        with store.read() as conn:
            query = select(tables.users.c.id).where(tables.users.c.username.like("person%")).order_by(tables.users.c.id)
            people = list(conn.execute(query).scalars())
        moment = now()
        for at, room in enumerate(seats[READER].rooms):
            many = long if at == 0 else OTHERS
            for start in range(0, many, BATCH):
                numbers = range(start + 1, min(many, start + BATCH) + 1)
                rows = [
                    _message(room, number, people[number % min(7, len(people))], moment - (many - number) * 20_000)
                    for number in numbers
                ]
                store.write(lambda tx, rows=rows: tx.conn.execute(insert(tables.messages), rows))  # type: ignore[misc]
            values = {"seq": many, "rev": many}
            head = update(tables.rooms).where(tables.rooms.c.id == room).values(values)
            read = update(tables.memberships).where(tables.memberships.c.room_id == room).values(last_read=many)
            store.write(lambda tx, head=head, read=read: (tx.conn.execute(head), tx.conn.execute(read)))  # type: ignore[misc]
        return sessions.open_session(store, people[READER], user_agent="bench", address="127.0.0.1")
    finally:
        store.close()


def _message(room: int, number: int, author: int, when: int) -> dict[str, Any]:
    """Every tenth has code, which is the dearest to draw."""
    text = f"{number}: it was said, and **said again**, in a line as long as people's lines are."
    html = f"<p>{number}: it was said, and <strong>said again</strong>, in a line as long as people's lines are.</p>"
    if number % 10 == 0:
        html += '<pre><code class="language-python"><span class="k">return</span> result + 1\n</code></pre>'
    same = {"room_id": room, "seq": number, "rev": number, "born": number, "author_id": author, "created_at": when}
    return {**same, "cid": f"{when:x}.{room}-{number}", "text": text, "html": html}


class Speaker(threading.Thread):
    """Says so many messages a second in the first room, until it is stopped."""

    def __init__(self, running: Running, seat: Seat) -> None:
        super().__init__(daemon=True)
        self._running, self._seat = running, seat
        self._over = threading.Event()

    def run(self) -> None:
        loop = Loop(600)
        client = Client(loop, self._running.port, HUBBUB, self._seat)
        loop.run(lambda: client.seated, lambda: "nobody was let in")
        loop.every(1 / A_SECOND, client.say)
        loop.run(self._over.is_set, lambda: f"{client.acked} of {client.sent}")
        loop.close()

    def stop(self) -> None:
        self._over.set()
        self.join()


class Reader:
    """The page, in the words of who uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session: CDPSession = page.context.new_cdp_session(page)

    def slow_down(self) -> None:
        self.session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    def come_to_rest(self) -> None:
        """Until nothing more is loaded, and nothing waits to be done."""
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate("() => new Promise((idle) => requestIdleCallback(idle))")

    def open(self, room: int) -> float:
        return float(self.page.evaluate(_script("open"), room))

    def watch(self, seconds: float) -> list[dict[str, Any]]:
        """The frames that took longer than 50 ms."""
        found = self.page.evaluate(_script("frames"), seconds * 1000)
        return list(json.loads(found))

    def busy(self) -> float:
        """Seconds that scripts have run."""
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "ScriptDuration"))


def page(rounds: int, seconds: float, say: Callable[[str], None], *, long: int = LONG, made: Plan | None = None) -> str:
    """Returns a page."""
    filled: dict[str, str] = {}

    def prepare(folder: Path, seats: Sequence[Seat]) -> None:
        say("  messages")
        filled["session"] = fill(folder, seats, long)

    with HUBBUB_ITSELF.run(made or plan(), prepare=prepare) as running, sync_playwright() as playwright:
        found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        url = f"http://127.0.0.1:{running.port}"
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=url)
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": "hubbub_session", "value": filled["session"], "url": url}])
        reader = Reader(context.new_page())
        rooms = running.seats[READER].rooms
        reader.page.goto(f"/room/{rooms[-1]}")
        reader.page.locator("hub-message").first.wait_for()
        reader.session.send("Performance.enable")
        reader.slow_down()
        opened = _open_rooms(reader, rooms, rounds, say)
        reader.open(rooms[0])
        say(f"    {', '.join(f'{one:.0f}' for one in opened[-1].took)}")
        reader.come_to_rest()
        say("  a busy room")
        speaker = Speaker(running, running.seats[SPEAKER])
        before, began = reader.busy(), time.monotonic()
        speaker.start()
        frames = reader.watch(seconds)
        share = (reader.busy() - before) / (time.monotonic() - began)
        speaker.stop()
        for frame in sorted(frames, key=lambda one: -one["script"])[:3]:
            say(f"    {frame['script']:.0f} of {frame['duration']:.0f} ms: {', '.join(frame['from'])}")
        browser.close()
    return "\n".join(_told(opened, frames, seconds, share, long))


def _open_rooms(reader: Reader, rooms: Sequence[int], rounds: int, say: Callable[[str], None]) -> list[Opened]:
    early = Opened("a room, while the page still loads what can wait")
    first, again, long = Opened("a room, for the first time"), Opened("the same rooms again"), Opened("the long room")
    early.took.append(reader.open(rooms[-2]))
    reader.come_to_rest()
    some = rooms[1 : 1 + rounds]
    for opened in (first, again):
        say(f"  {opened.title}")
        opened.took += [reader.open(room) for room in some]
        say(f"    {', '.join(f'{one:.0f}' for one in opened.took)}")
    say(f"  {long.title}")
    for room in some[: max(2, rounds // 2)]:
        long.took.append(reader.open(rooms[0]))
        reader.open(room)
    return [early, first, again, long]


def _told(
    opened: Sequence[Opened], frames: Sequence[dict[str, Any]], seconds: float, share: float, long: int
) -> list[str]:
    size = f"{ROOMS} rooms, {PEOPLE:,} people, {long:,} messages in one room"
    lines = [
        "# The page",
        "",
        *report.machine(pinned=False),
        f"- Chromium on a processor slowed to a quarter; {size}.",
        "",
    ]
    lines += ["Milliseconds from the click to the first frame that has the room's messages:", ""]
    lines += ["| | opened | median | worst |", "|---|---:|---:|---:|", *(one.row() for one in opened), ""]
    lines += [f"{A_SECOND} messages a second into the room that is open, for {seconds:.0f} s:", ""]
    lines += [f"- frames that took longer than 50 ms: {len(frames)}"]
    if frames:
        worst = max(frames, key=lambda frame: frame["duration"])
        parts = f"{worst['script']:.0f} ms of it in scripts and {worst['render']:.0f} ms in drawing"
        lines += [f"- the worst took {worst['duration']:.0f} ms, {parts}"]
        scripts = sorted(frame["script"] for frame in frames)
        most = f"{scripts[len(scripts) * 19 // 20]:.0f} ms in nineteen of twenty, {scripts[-1]:.0f} ms at most"
        lines += [f"- scripts took {median(scripts):.0f} ms of them (median), {most}"]
    return [*lines, f"- scripts ran {share:.0%} of the time", ""]


def _script(name: str) -> str:
    return (SCRIPTS / f"{name}.js").read_text("utf-8")
