"""Attacks by taking one's time: sockets that never connect, upgrades that stall, and a server that is to stop."""

from __future__ import annotations

import contextlib
import signal
import time
from pathlib import Path

from tests.attacks.support import Scene, signed_in
from tests.servers import serving
from tests.transport.harness import ENGINE, Http, Polling, Tcp, WebSocket
from tests.waiting import DEADLINE


def test_sockets_that_never_connect(scene: Scene) -> None:
    """Neither a WebSocket nor a polling session lives without a namespace."""
    files = scene.process.files
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(WebSocket.open(scene.port)) for _ in range(200)]
        sessions = [Polling(scene.port) for _ in range(20)]
        scene.bystanders.talk()
        for attacker in sockets:
            assert attacker.text() == "1"
            assert attacker.close_code() == 1008
        for session in sessions:
            while (answer := session.send("GET", session.path)).status == 200:
                assert answer.text in ("1", "2", "6")
            assert answer.json["code"] == 1
    scene.settle(files)


def test_an_upgrade_that_stalls(scene: Scene) -> None:
    """Polls meanwhile were answered at once, so that a client spun; in the end the client is back on polling."""
    files = scene.process.files
    with contextlib.ExitStack() as stack:
        client = Polling(scene.port)
        client.post(f'40/chat,{{"token":"{scene.attacker.token}"}}')
        assert client.poll()[0].startswith("40/chat,")
        stalled = stack.enter_context(_probe(scene, client))
        crowd = [stack.enter_context(_probe(scene, Polling(scene.port))) for _ in range(50)]
        client.post('42/chat,1["time",{}]')
        polls, began = 0, time.monotonic()
        with Http(scene.port) as http:
            while (answer := http.request("GET", client.path)).text == "6":
                polls += 1
        # Each is held for a tenth of a second; unheld ones would be hundreds in that time.
        assert 1 <= polls <= 20 * (time.monotonic() - began)
        packets = answer.text.split("\x1e")
        while not any(packet.startswith("43/chat,1[") for packet in packets):
            packets += client.poll()
        assert stalled.is_closed()
        assert all(attacker.is_closed() for attacker in crowd)
        client.post('42/chat,2["time",{}]')
        while not any(packet.startswith("43/chat,2[") for packet in client.poll()):
            pass
    scene.settle(files)


def _probe(scene: Scene, client: Polling) -> WebSocket:
    """An upgrade that stops half way."""
    websocket = WebSocket(scene.port, f"{ENGINE}&transport=websocket&sid={client.hello['sid']}")
    websocket.put("2probe")
    assert websocket.text() == "3probe"
    return websocket


def test_a_stop_among_clients_that_will_not_go(tmp_path: Path) -> None:
    """Everybody is told and closed; who answers nothing, sends half a request or reads nothing holds nothing up."""
    with serving(tmp_path, drain_seconds=4) as server:
        people = [server.owner("ada", "Ada"), server.add("mira", "Mira")]
        server.start()
        with contextlib.ExitStack() as stack:
            polite = [stack.enter_context(signed_in(server, person)) for person in people for _ in range(10)]
            rude = [stack.enter_context(signed_in(server, people[0])) for _ in range(5)]
            for half in (b"", b"GET / HT", b"POST /signin HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nabc"):
                stack.enter_context(Tcp(server.port)).send(half)
            process = server._process
            assert process is not None
            process.send_signal(signal.SIGTERM)
            for client in polite:
                while (event := client.event())[0] != "notice":
                    assert event[0] == "presence"
                assert event[1]["code"] == "restart"
                while (text := client.text()) != "1":
                    assert '"presence"' in text
                assert client.close_code() == 1001
            assert process.wait(DEADLINE) == 0
            for client in rude:
                while client.sock.recv(65_536):
                    pass
        assert "Traceback" not in server.log
