"""Clients that stop reading for a while, in rooms where the others go on."""

from __future__ import annotations

from tests.faults.driver import NodeDriver
from tests.faults.scene import Scene

PEOPLE = 6
# More than the systems on both sides keep for a connection, after so many rounds at the latest.
BULK = "x" * 9_000
ROUNDS = 6


def dropped(scene: Scene) -> int:
    return sum(server.log.count("dropped a client that does not read") for server in scene.servers)


def test_who_does_not_read(any_scene: Scene) -> None:
    """A little behind they catch up; far behind they are dropped, and have everything once they read again."""
    scene = any_scene
    scene.start()
    scene.people(PEOPLE)
    with NodeDriver(scene.journal) as stopped:
        # One of each transport.
        talking, slow = scene.clients[:3], scene.clients[3:]
        for client in slow:
            client.driver = stopped
        scene.connect()
        said = len(scene.say(4))
        scene.acknowledged(said)
        stopped.pause()
        try:
            said += len(scene.say(4, by=talking))
            scene.level(talking)
        finally:
            stopped.resume()
        scene.level(slow)
        assert scene.journal.all(kind="state", state="disconnected") == []
        stopped.pause()
        try:
            for _ in range(ROUNDS):
                said += len(scene.say(50, BULK, by=talking))
                # Who reads does not wait for who does not.
                scene.acknowledged(said)
                scene.level(talking)
                if dropped(scene) == len(slow):
                    break
            assert dropped(scene) == len(slow)
            assert scene.journal.all(kind="state", state="disconnected") == []
        finally:
            stopped.resume()
        report = scene.finish()
    assert report.findings == []
    assert report.acknowledged == said
    assert len(report.recovery) == len(slow)
