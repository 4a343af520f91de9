"""Crowds: more connections than the libraries held, floods of one client, and a thousand who leave at once."""

from __future__ import annotations

import contextlib
import json
import resource
import socket
import struct

import pytest

from tests.attacks.support import OF_A_CONNECTION, Scene, frame, signed_in
from tests.transport.harness import Tcp, WebSocket

SETTINGS = {"header_timeout": 60.0}

# The pool of eventlet's server had so many greenlets; the first limit of open files is often the same.
POOL = 1024


@pytest.fixture(autouse=True)
def _many_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 4096:
        if hard < 4096:
            pytest.skip("this machine allows too few open files")
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096, hard))


def test_more_than_two_thousand_connections(scene: Scene) -> None:
    """Whoever comes after them is served as before."""
    files = scene.process.files
    with contextlib.ExitStack() as stack:
        for crowd in (POOL + 76, 2 * POOL + 52):
            while scene.process.files < files + crowd:
                for _ in range(100):
                    stack.enter_context(Tcp(scene.port)).send(b"GET / HTTP/1.1\r\n")
            with scene.sign_in() as late:
                assert late.call("time", {})["ok"]
            scene.bystanders.talk()
    scene.settle(files)


def test_more_than_a_thousand_members_who_leave_at_once(scene: Scene) -> None:
    """Nobody's leaving costs more the more others there are, and nothing of them stays."""

    def attack() -> None:
        with contextlib.ExitStack() as stack:
            crowd = [stack.enter_context(scene.sign_in()) for _ in range(POOL // 4)]
            for one in crowd:
                # No goodbye: the connection is reset.
                one.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        scene.bystanders.talk()

    scene.repeat(attack, POOL // 4 * OF_A_CONNECTION)
    with scene.sign_in() as late:
        assert late.call("time", {})["ok"]


def test_a_flood_of_commands_keeps_its_order(scene: Scene) -> None:
    """Each is acknowledged in turn; who floods is read no faster than it is served, and the others go on."""
    flood = 3000
    commands = [
        frame(1, f'42/chat,{number}["{"time" if number % 3 else "user_list"}",{{}}]'.encode())
        for number in range(1, flood + 1)
    ]
    with signed_in(scene.server, scene.attacker) as attacker:
        for start in range(0, flood, 500):
            attacker.send(b"".join(commands[start : start + 500]))
            scene.bystanders.talk(1)
            for number in range(start + 1, start + 501):
                text = attacker.text()
                while text.startswith("42/chat,"):
                    text = attacker.text()
                assert text.startswith(f"43/chat,{number}[")


def test_messages_of_a_flood_keep_their_order(scene: Scene) -> None:
    said = [f"flood {number}" for number in range(300)]
    with signed_in(scene.server, scene.attacker) as attacker, signed_in(scene.server, scene.other) as other:
        for number, text in enumerate(said, 1):
            fields = {"room": scene.square, "cid": text, "text": text}
            attacker.send(frame(1, f"42/chat,{number}{json.dumps(['message_send', fields])}".encode()))
        heard: list[str] = []
        while len(heard) < len(said):
            name, fact = other.event()[:2]
            if name == "message_new":
                heard.append(fact["message"]["text"])
        assert heard == said


def test_a_flood_does_not_hold_up_its_own_pongs(scene: Scene) -> None:
    """Both ways: the frame's ping is answered before the commands in front of it are done."""
    with scene.sign_in() as attacker:
        # As many as may wait, each with a commit.
        for number in range(1, 41):
            fields = {"room": scene.square, "cid": f"pong-{number}", "text": "x" * 5000}
            attacker.send(frame(1, f"42/chat,{number}{json.dumps(['message_send', fields])}".encode()))
        attacker.send(frame(9, b"before them all"))
        acks = 0
        while (got := attacker.next_frame()) != (10, b"before them all"):
            acks += got[1].startswith(b"43/chat,")
        assert acks < 40
        while acks < 40:
            acks += attacker.next_frame()[1].startswith(b"43/chat,")


def test_a_flood_of_pings(scene: Scene) -> None:
    with scene.sign_in() as attacker:
        for _ in range(20):
            attacker.send(frame(9, b"?") * 500)
            pongs = 0
            while pongs < 500:
                opcode, payload = attacker.next_frame()
                assert (opcode, payload) == (10, b"?") or payload.startswith(b'42/chat,["presence"')
                pongs += opcode == 10
            scene.bystanders.talk(1)


def test_connecting_again_and_again(scene: Scene) -> None:
    def attack() -> None:
        with scene.sign_in() as attacker:
            attacker.put("41/chat,")
            attacker.put('40/chat,{"token":"none"}')
            while not (text := attacker.text()).startswith("44/chat,"):
                assert text.startswith("42/chat,"), text
        with WebSocket.open(scene.port):
            pass

    scene.repeat(attack)
