"""Five kinds of clients in one named room, each of which says something and hears all the others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from playwright.sync_api import expect

from tests.e2e.browsers import Browsers, Conversation
from tests.e2e.lines import Line
from tests.e2e.programs import NODE, PYTHON, RAW, running
from tests.servers import Server

ROOM = "harbour"
NAMES = ("Anna", "Bo", "Cleo", "Dima", "Edda")


def test_five_kinds_of_clients_talk_in_one_room(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    server = make_server()
    server.owner("ada", "Ada")
    people = [server.add(name.lower(), name) for name in NAMES]
    anna, bo, cleo, dima, edda = people
    room = server.room(anna, ROOM, bo)
    server.start()
    with Line(server.port, websockets=False) as proxy, ExitStack() as stack:
        direct = Conversation(browsers.page(server, anna)).open(f"/room/{room}")
        expect(direct.connection("Live")).to_be_visible()
        # The refusal of the WebSocket is in the console: what it leads to is what is tested.
        behind = Conversation(browsers.page(server, bo, base_url=proxy.url, quiet=False)).open(f"/room/{room}")
        expect(behind.connection("On long-polling")).to_be_visible()
        node = stack.enter_context(running(NODE, server, cleo, ROOM)).joined()
        python = stack.enter_context(running(PYTHON, server, dima, ROOM)).joined()
        raw = stack.enter_context(running(RAW, server, edda, ROOM, "from a raw socket"))
        # It has no word for "joined" but what it says.
        raw.hears("from a raw socket")
        node.say("from node")
        python.say("from python")
        direct.say("from a browser")
        behind.say("from a browser on polling")
        everything = [
            f"from {what}" for what in ("node", "python", "a raw socket", "a browser", "a browser on polling")
        ]
        for page in (direct, behind):
            for text in everything:
                expect(page.message(text)).to_have_count(1)
            expect(page.pending()).to_have_count(0)
        for program in (node, python, raw):
            program.hears(*everything)
        assert node.finish() == 0
        assert python.finish() == 0
