"""A database that is restored from an older backup while everybody has seen more than it has."""

from __future__ import annotations

from tests.faults.scene import Scene

PEOPLE = 6


def test_an_older_backup(alone: Scene) -> None:
    alone.start()
    alone.people(PEOPLE)
    alone.connect()
    said = len(alone.say(4))
    alone.acknowledged(said)
    file = str(alone.server.folder / "backup.zip")
    alone.server.command("backup", file)
    said += len(alone.say(4))
    alone.acknowledged(said)
    alone.server.stop()
    alone.server.let_go()
    alone.begin_anew()
    alone.server.command("restore", "--force", file)
    alone.server.start()
    for client in alone.clients:
        alone.journal.until(
            lambda name=client.name: len(alone.journal.all(name, kind="state", state="connected")) == 2  # type: ignore[misc]
        )
    alone.say(4)
    report = alone.finish()
    assert report.findings == []
    assert report.acknowledged == 4 * PEOPLE
    # Everybody has dropped what is not so any more.
    resets = alone.journal.all(kind="room", state="reset")
    dropped = {(record.client, record.room) for record in resets}
    assert dropped >= {(client.name, room) for client in alone.clients for room in client.rooms}
