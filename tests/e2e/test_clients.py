"""Five kinds of clients in one named room, and what the programs among them do when they are refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import Browsers, Conversation
from tests.e2e.house import House
from tests.e2e.lines import Line
from tests.e2e.programs import NODE, PYTHON, RAW, running
from tests.servers import Server

ROOM = "harbour"
PROGRAMS = pytest.mark.parametrize("command", [NODE, PYTHON, RAW], ids=["node", "python", "raw"])
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
        # The page behind the proxy knows why it is slower.
        behind.connection("On long-polling").click()
        expect(behind.page.get_by_role("dialog")).to_contain_text("A WebSocket could not be opened")
        for program in (node, python, raw):
            program.hears(*everything)
        assert node.finish() == 0
        assert python.finish() == 0


@PROGRAMS
def test_an_unknown_token_ends_a_program_with_a_line(house: House, command: list[str]) -> None:
    stranger = replace(house.mira, token="hub_nobody")
    with running(command, house.server, stranger, "launch", "Hello") as program:
        assert program.finish() == 1
        assert re.search("refused.*unauthenticated", program.errors)
        assert "Traceback" not in program.errors


@PROGRAMS
def test_a_refused_command_ends_a_program_with_a_line(house: House, command: list[str]) -> None:
    with running(command, house.server, house.mira, "not/a/name", "Hello") as program:
        assert program.finish() == 1
        assert "room_join" in program.errors or "bad_request" in program.errors
        assert "Only letters" in program.errors
        assert "Traceback" not in program.errors


@pytest.mark.parametrize("command", [NODE, PYTHON], ids=["node", "python"])
def test_a_program_says_one_thing_and_ends(house: House, command: list[str]) -> None:
    """As the README of the examples has it: an account of its own, and a token from the command line."""
    name = f"bot-of-{command[-1].split('/')[1]}"
    house.server.command("user", "add", name, "--role", "bot", "--display-name", "Deploys")
    bot = replace(house.server.person(name), token=house.server.command("token", "add", name).strip())
    with running(NODE, house.server, house.mira, name) as listener:
        listener.joined()
        with running(command, house.server, bot, name, "Version", "12", "is", "out") as program:
            assert program.finish() == 0
        listener.hears("Version 12 is out")
