"""The checker can fail: it sees what is wrong with servers that break the promise, and nothing with a good one."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.faults.scene import Scene

SPOILED = {
    "hole": "seq = seq + 5",
    # An account's own cids are unique, so another's is taken.
    "duplicate": "cid = (SELECT min(cid) FROM messages WHERE room_id = m.room_id AND author_id <> m.author_id)",
}


def begin(scene: Scene, *program: str) -> None:
    if program:
        scene.server.program = ("tests.faults.broken", *program)
    scene.start()
    scene.people(4)
    scene.connect()


def test_a_server_that_keeps_the_promise(alone: Scene) -> None:
    begin(alone)
    alone.say(10)
    report = alone.finish()
    assert report.findings == []
    assert (report.acknowledged, report.mended) == (40, 0)


def test_who_publishes_before_the_commit_invents_messages(alone: Scene) -> None:
    begin(alone, "publish-before-commit")
    alone.say(5)
    alone.journal.until(lambda: any(record.id for record in alone.journal.all(kind="heard")))
    alone.server.kill()
    assert alone.judged().invented > 0


def test_who_acknowledges_before_the_commit_loses_messages(alone: Scene) -> None:
    begin(alone, "ack-before-commit")
    alone.say(5)
    alone.acknowledged(1)
    alone.server.kill()
    assert alone.judged().lost > 0


def test_lost_publications_leave_gaps_which_are_mended(alone: Scene) -> None:
    """The clients make good for this one, so the views are whole; the gaps are seen all the same."""
    begin(alone, "drop-publications")
    alone.say(40)
    report = alone.finish()
    assert report.findings == []
    assert report.mended > 0


@pytest.mark.parametrize("rows", SPOILED)
def test_a_database_with_holes_or_doubles_is_seen(alone: Scene, rows: str) -> None:
    begin(alone)
    alone.say(3)
    alone.finish()
    alone.server.kill()
    change = SPOILED[rows]
    found = alone.judged()
    assert (found.duplicated, found.holes) == (0, 0)
    of_last = "seq = (SELECT max(seq) FROM messages WHERE room_id = m.room_id)"
    alone.server.store.write(lambda tx: tx.conn.execute(text(f"UPDATE messages AS m SET {change} WHERE {of_last}")))
    found = alone.judged()
    assert (found.duplicated > 0, found.holes > 0) == (rows == "duplicate", rows == "hole")
