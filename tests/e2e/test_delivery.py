"""Every side shows the same messages once, in the same order: through a lost line, a reload and a killed server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from playwright.sync_api import expect
from sqlalchemy import select

from chat.store.tables import messages
from tests.e2e.browsers import PATIENCE, Browsers, Conversation, read_all
from tests.e2e.lines import Line
from tests.e2e.programs import NODE, PYTHON, Program, running
from tests.servers import Person, Server
from tests.waiting import until

ROOM = "harbour"
# What each program says at once, to be cut off in the middle of it.
BURST = 100
MINE = ["mine 1", "mine 2", "mine 3"]
# A page tries again by itself, after 20 seconds at the latest.
LONGEST_PAUSE = 2 * PATIENCE
OTHERS = [f"other {number}" for number in range(1, 201)]


def open_server(make_server: Callable[..., Server]) -> tuple[Server, list[Person], str]:
    server = make_server()
    people = [server.owner("ada", "Ada"), *(server.add(name.lower(), name) for name in ("Bo", "Cleo", "Dima"))]
    room = server.room(people[0], ROOM, *people[1:])
    return server.start(), people, f"/room/{room}"


@contextmanager
def programs(server: Server, *people: Person) -> Iterator[tuple[Program, Program]]:
    """The two programs in the room, before anything is said in it."""
    with running(NODE, server, people[0], ROOM) as node, running(PYTHON, server, people[1], ROOM) as python:
        yield node.joined(), python.joined()


def stored(server: Server) -> list[tuple[int, str]]:
    """The room's messages as the database has them."""
    with server.store.read() as conn:
        found = conn.execute(select(messages.c.seq, messages.c.text).order_by(messages.c.seq))
        return [(row.seq, row.text) for row in found]


def has_more(server: Server, messages: int) -> bool:
    return len(stored(server)) > messages


def same_everywhere(server: Server, texts: list[str], pages: list[Conversation], programs: list[Program]) -> None:
    """The database has each of `texts` once, numbered without a hole, and everybody shows what it has."""
    truth = stored(server)
    assert [seq for seq, _ in truth] == list(range(1, len(texts) + 1))
    assert Counter(text for _, text in truth) == Counter(texts)
    for program in programs:
        assert program.heard(len(truth)) == truth
    for page in pages:
        expect(page.pending()).to_have_count(0)
        page.message(truth[-1][1]).wait_for()
        assert read_all(page.page) == truth


def test_what_was_written_offline_arrives_once(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    server, (ada, bo, cleo, dima), path = open_server(make_server)
    with programs(server, cleo, dima) as (node, python):
        away = Conversation(browsers.page(server, ada, quiet=False)).open(path)
        here = Conversation(browsers.page(server, bo)).open(path)
        node.say("before")
        for page in (away, here):
            page.message("before").wait_for()
        away.page.context.set_offline(True)
        away.connection("Offline").wait_for()
        for text in MINE:
            away.say(text)
        expect(away.pending()).to_have_count(len(MINE))
        node.say(*OTHERS)
        here.message(OTHERS[-1]).wait_for()
        assert len(stored(server)) == 1 + len(OTHERS)
        away.page.context.set_offline(False)
        expect(away.pending()).to_have_count(0)
        same_everywhere(server, ["before", *OTHERS, *MINE], [away, here], [node, python])


def test_what_was_written_offline_survives_a_reload(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    server, (ada, bo, cleo, dima), path = open_server(make_server)
    with Line(server.port) as line, programs(server, cleo, dima) as (node, python):
        node.say("before")
        node.hears("before")
        away = Conversation(browsers.page(server, ada, base_url=line.url, quiet=False)).open(path).kept()
        here = Conversation(browsers.page(server, bo)).open(path)
        line.cut("/socket.io/")
        away.connection("Reconnecting").wait_for()
        for text in MINE:
            away.say(text)
        expect(away.pending()).to_have_count(len(MINE))
        away.page.reload()
        # The page itself can be had: what it shows now comes from the browser alone.
        expect(away.pending()).to_have_count(len(MINE))
        away.message("before").wait_for()
        node.say(*OTHERS[:100])
        python.say(*OTHERS[100:])
        node.heard(1 + len(OTHERS))
        here.message(stored(server)[-1][1]).wait_for()
        line.restore()
        expect(away.pending()).to_have_count(0, timeout=LONGEST_PAUSE)
        same_everywhere(server, ["before", *OTHERS, *MINE], [away, here], [node, python])


def test_a_killed_server_loses_nothing(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    server, (ada, bo, cleo, dima), path = open_server(make_server)
    said: dict[str, list[str]] = {"node": [], "python": []}
    written: list[str] = []
    with programs(server, cleo, dima) as (node, python):
        writer = Conversation(browsers.page(server, ada, quiet=False)).open(path)
        reader = Conversation(browsers.page(server, bo, quiet=False)).open(path)

        def write() -> None:
            written.append(f"browser {len(written) + 1}")
            writer.say(written[-1])

        killed_amid = 0
        while killed_amid < 2:
            assert len(said["node"]) < 10 * BURST, "the server is always done before it can be killed"
            write()
            before = len(stored(server))
            for name, program in (("node", node), ("python", python)):
                burst = [f"{name} {len(said[name]) + number}" for number in range(1, BURST + 1)]
                program.say(*burst)
                said[name] += burst
            until(partial(has_more, server, before))
            server.kill()
            arrived = {text for _, text in stored(server)}
            killed_amid += not arrived.issuperset(said["node"] + said["python"])
            write()
            server.start()
        write()
        everything = [*said["node"], *said["python"], *written]
        node.heard(len(everything))
        for page in (writer, reader):
            page.connection("Live").wait_for()
            expect(page.pending()).to_have_count(0)
        same_everywhere(server, everything, [writer, reader], [node, python])
        # Each of them said its lines one after the other, and so they stand.
        truth = [text for _, text in stored(server)]
        for texts in (*said.values(), written):
            assert [text for text in truth if text in set(texts)] == texts
        # A program that ends has an acknowledgement for every line.
        assert node.finish() == 0
        assert python.finish() == 0
