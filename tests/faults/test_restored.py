"""A database that is restored from an older backup while everybody has seen more than it has."""

from __future__ import annotations

from tests.faults.scene import Scene

PEOPLE = 6


def test_an_older_backup(any_scene: Scene) -> None:
    scene = any_scene
    scene.start()
    scene.people(PEOPLE)
    scene.connect()
    said = len(scene.say(4))
    scene.acknowledged(said)
    file = str(scene.server.folder / "backup.zip")
    scene.server.command("backup", file)
    said += len(scene.say(4))
    scene.acknowledged(said)
    for server in scene.servers:
        server.stop()
    scene.server.let_go()
    scene.begin_anew()
    scene.server.command("restore", "--force", file)
    # The history goes on beyond what everybody has seen of the other one, so that only the epoch tells them apart.
    for room in scene.clients[0].rooms:
        scene.server.say(scene.clients[0].person, room, *map(str, range(said // 2)))
    scene.start()
    for client in scene.clients:
        scene.journal.until(
            lambda name=client.name: len(scene.journal.all(name, kind="state", state="connected")) == 2  # type: ignore[misc]
        )
    scene.say(4)
    report = scene.finish()
    assert report.findings == []
    assert report.acknowledged == 4 * PEOPLE
    # Everybody has dropped what is not so any more.
    resets = scene.journal.all(kind="room", state="reset")
    dropped = {(record.client, record.room) for record in resets}
    assert dropped >= {(client.name, room) for client in scene.clients for room in client.rooms}
