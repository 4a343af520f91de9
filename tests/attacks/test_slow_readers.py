"""Clients that do not read: what is meant for them is bounded, and nobody else notices."""

from __future__ import annotations

import base64
import contextlib
import os
import socket
from pathlib import Path

from tests.attacks.support import MEGABYTE, Scene, frame, signed_in, wait_until
from tests.figures import parsed
from tests.servers import serving
from tests.transport.harness import ENGINE, Http, Polling, Tcp, WebSocket
from tests.waiting import DEADLINE

SETTINGS = {"ping_interval": 1, "ping_timeout": 20}

DROPPED = "dropped a client that does not read"
TCP_CLOSE = 7  # a state, in Linux' include/net/tcp_states.h
# With its HTML beside it, a fact of 60,000 bytes.
TEXT = "字" * 9_900


class Deaf:
    """A member who connects with a tiny receive buffer, and from its `welcome` on only sends."""

    def __init__(self, scene: Scene) -> None:
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.sock.settimeout(DEADLINE)
        self.sock.connect(("127.0.0.1", scene.port))
        key = base64.b64encode(os.urandom(16)).decode()
        self.sock.sendall(
            f"GET {ENGINE}&transport=websocket HTTP/1.1\r\nHost: localhost\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        connect = f'40/chat,{{"token":"{scene.attacker.token}"}}'
        self.sock.sendall(frame(1, connect.encode()))
        seen = b""
        while b'["welcome"' not in seen:
            seen += self.sock.recv(4096)

    def pong(self) -> None:
        self.sock.sendall(frame(1, b"3"))

    def is_gone(self) -> bool:
        """Send an answer to a ping that was never read; False when it is still taken."""
        try:
            self.pong()
        except ConnectionError:
            return True
        return False

    @property
    def is_reset(self) -> bool:
        """Whether its system knows. Of an ordinary end it hears nothing: that waits behind what it does not take."""
        return self.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == TCP_CLOSE

    def __enter__(self) -> Deaf:
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()


def _counted(scene: Scene) -> float:
    """How many slow readers the server says that it has cut."""
    with Http(scene.port) as http:
        return parsed(http.request("GET", "/metrics").text)["hubbub_slow_readers_dropped_total"]


def _fill(scene: Scene, speaker: WebSocket, deaf: list[Deaf]) -> int:
    """Talk in the square until all of these are gone, and return how many messages it took."""
    said = 0
    while remaining := [one for one in deaf if not one.is_gone()]:
        assert said < 400, f"{len(remaining)} are kept for ever"
        assert speaker.call("message_send", {"room": scene.square, "cid": f"fill-{os.urandom(8).hex()}", "text": TEXT})[
            "ok"
        ]
        speaker.events.clear()
        said += 1
    return said


def test_who_pongs_and_never_reads_is_dropped_and_catches_up(scene: Scene) -> None:
    with signed_in(scene.server, scene.other) as speaker:
        rev = speaker.call("room_sync", {"room": scene.square, "rev": 0, "limit": 1})["head"]["rev"]
        dropped, counted = scene.server.log.count(DROPPED), _counted(scene)
        with Deaf(scene) as deaf:
            said = _fill(scene, speaker, [deaf])
        # Whatever the two systems hold, and a megabyte of ours.
        assert said > MEGABYTE / 60_000
        assert scene.server.log.count(DROPPED) == dropped + 1
        assert _counted(scene) == counted + 1
    with scene.sign_in() as back:
        found: list[str] = []
        while True:
            page = back.call("room_sync", {"room": scene.square, "rev": rev, "limit": 500})
            found += [message["text"] for message in page["messages"]]
            if not page["more"]:
                break
            rev = page["messages"][-1]["rev"]
        assert found == [TEXT] * said


def test_who_neither_reads_nor_pongs_leaves_nothing_in_the_system(tmp_path: Path) -> None:
    """More than its own system takes and less than our bound, so that only its silence tells."""
    with serving(tmp_path, ping_interval=1, ping_timeout=1) as server:
        scene = Scene(server)
        with scene.bystanders, signed_in(server, scene.other) as speaker, Deaf(scene) as deaf:
            for number in range(5):
                said = {"room": scene.square, "cid": f"silent-{number:08}", "text": TEXT}
                assert speaker.call("message_send", said)["ok"]
            assert not deaf.is_reset
            wait_until(lambda: deaf.is_reset, lambda: "its bytes are kept for ever")


def test_a_crowd_that_does_not_read(scene: Scene) -> None:
    """Each may make the server keep a megabyte, until it is dropped: then nothing is left of it."""

    def attack() -> None:
        with contextlib.ExitStack() as stack, signed_in(scene.server, scene.other) as speaker:
            _fill(scene, speaker, [stack.enter_context(Deaf(scene)) for _ in range(10)])

    scene.repeat(attack, 10 * MEGABYTE)


def test_many_small_messages_are_bounded_by_their_number(scene: Scene) -> None:
    with Deaf(scene) as deaf, signed_in(scene.server, scene.other) as speaker:
        dropped = scene.server.log.count(DROPPED)
        typing = [
            frame(1, b'42/chat,["typing",{"room":%d,"on":%s}]' % (scene.square, on)) for on in (b"true", b"false")
        ]
        for _ in range(200):
            speaker.send(b"".join(typing) * 100)
            assert speaker.call("time", {})["ok"]
            speaker.events.clear()
            if deaf.is_gone():
                break
        assert scene.server.log.count(DROPPED) == dropped + 1


def test_pongs_of_the_protocol_are_bounded_too(scene: Scene) -> None:
    """Pings whose pongs are never read: the server stops reading, or drops the client."""

    def attack() -> None:
        with Deaf(scene) as deaf:
            deaf.sock.settimeout(0.2)
            with contextlib.suppress(OSError):
                for _ in range(200):
                    deaf.sock.sendall(frame(9, bytes(125)) * 500)

    scene.repeat(attack, 200 * 500 * 127)


def test_who_never_polls(scene: Scene) -> None:
    """A polling session that takes nothing ends at the same bound."""
    client = Polling(scene.port)
    client.post(f'40/chat,{{"token":"{scene.attacker.token}"}}')
    assert client.poll()[0].startswith("40/chat,")
    before = scene.process.memory
    with signed_in(scene.server, scene.other) as speaker:
        for _ in range(200):
            said = {"room": scene.square, "cid": f"poll-{os.urandom(8).hex()}", "text": TEXT}
            assert speaker.call("message_send", said)["ok"]
            if client.post("3").status == 400:
                break
    assert client.send("GET", client.path).json["code"] == 1
    wait_until(lambda: scene.process.memory < before + 20 * MEGABYTE, lambda: "it is kept all the same")


def test_who_never_reads_answers_of_http(scene: Scene) -> None:
    """Hundreds of requests for a file, none of whose answers is read."""

    def attack() -> None:
        with contextlib.ExitStack() as stack:
            for _ in range(20):
                attacker = stack.enter_context(Tcp(scene.port))
                attacker.sock.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    attacker.sock.send(b"GET /static/js/app.js HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1000)
            scene.bystanders.talk()

    scene.repeat(attack, 20 * 200_000)
