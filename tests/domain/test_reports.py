"""Reports: who may make one, who hears of it, what staff see of a room, and how one is settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chat import audit, directs, history, members, messages, reports, room_settings, rooms
from chat.actor import Actor
from chat.events.help import HelpList, HelpLookAt, HelpSend
from chat.events.messages import MessageDelete, MessageEdit, MessageSend
from chat.events.moderation import (
    AuditList,
    MessageReport,
    Report,
    ReportContext,
    ReportList,
    ReportResolve,
)
from chat.events.objects import Message
from chat.events.reading import History
from chat.events.rooms import DirectOpen, RoomCreate, RoomJoin, RoomRole, RoomUpdate
from chat.helpdesk import agents, desk, sites, visiting
from chat.helpdesk.visiting import Visit
from chat.store import Store
from chat.store.outbox import Publish, user_channel
from chat.store.tables import reports as table
from tests.domain.support import Published, refusal

Make = Callable[..., Actor]


def say(store: Store, actor: Actor, room: int, text: str = "Buy this!") -> int:
    said = messages.send(store, actor, MessageSend(room, f"{text}-{room}", text))
    return said.message.id


def history_entry(store: Store, actor: Actor, room: int, message: int) -> Message:
    (found,) = [one for one in history.page(store, actor, History(room)).messages if one.id == message]
    return found


def listed(store: Store, actor: Actor, **wanted: Any) -> list[Report]:
    return reports.listing(store, actor, ReportList(**wanted)).reports


@pytest.fixture
def cara(make_member: Make) -> Actor:
    return make_member("cara")


@pytest.fixture
def room(store: Store, member: Actor, cara: Actor) -> int:
    """A private room that `member` owns and `cara` is in."""
    return rooms.create(store, member, RoomCreate("launch", "private", members=[cara.user])).room.id


def test_it_keeps_what_was_said_and_tells_who_may_settle_it(
    store: Store, owner: Actor, member: Actor, make_member: Make, room: int, published: Published
) -> None:
    dan, boss = make_member("dan"), make_member("boss", role="admin")
    store.write(lambda tx: rooms.add_members(tx, room, [dan.user], 100))
    message = say(store, dan, room)
    cara = make_member("other")
    store.write(lambda tx: rooms.add_members(tx, room, [cara.user], 100))
    reports.report(store, cara, MessageReport(message, "spam", " Again\nand again "))
    messages.edit(store, dan, MessageEdit(message, "Nothing to see"))
    (found,) = listed(store, owner)
    assert (found.message, found.room, found.author, found.reporter) == (message, room, dan.user, cara.user)
    assert (found.reason, found.comment, found.html) == ("spam", "Again\nand again", "<p>Buy this!</p>")
    assert listed(store, boss) == listed(store, member, room=room) == [found]
    (told,) = [e for e in published.effects if isinstance(e, Publish) and e.event == "report_changed"]
    assert set(told.channel) == {user_channel(one.user) for one in (owner, member, boss)}
    messages.remove(store, dan, MessageDelete(message))
    assert listed(store, owner) == [found]


def test_what_can_not_be_reported(store: Store, member: Actor, cara: Actor, make_member: Make, room: int) -> None:
    mine, theirs = say(store, cara, room), say(store, member, room)
    assert refusal(lambda: reports.report(store, cara, MessageReport(mine, "spam"))) == ("bad_request", "message")
    eve = make_member("eve")
    for message in (theirs, 999):
        assert refusal(lambda: reports.report(store, eve, MessageReport(message, "spam")))[0] == "not_found"  # noqa: B023
    assert refusal(lambda: reports.report(store, cara, MessageReport(theirs, "spam", "x" * 501)))[1] == "comment"
    reports.report(store, cara, MessageReport(theirs, "spam"))
    assert refusal(lambda: reports.report(store, cara, MessageReport(theirs, "abuse"))) == ("conflict", "message")
    messages.remove(store, member, MessageDelete(theirs))
    assert refusal(lambda: reports.report(store, cara, MessageReport(theirs, "spam")))[0] == "not_found"


def test_ten_may_be_open(store: Store, owner: Actor, member: Actor, cara: Actor, room: int) -> None:
    said = [say(store, member, room, f"text {number}") for number in range(reports.MOST_OPEN + 1)]
    for message in said[:-1]:
        reports.report(store, cara, MessageReport(message, "spam"))
    assert refusal(lambda: reports.report(store, cara, MessageReport(said[-1], "spam")))[0] == "rate_limited"
    reports.resolve(store, owner, ReportResolve(1, "dismissed"))
    reports.report(store, cara, MessageReport(said[-1], "spam"))


def test_also_in_an_archived_room(store: Store, member: Actor, cara: Actor, room: int) -> None:
    message = say(store, member, room)
    room_settings.change(store, member, RoomUpdate(room, archived=True))
    reports.report(store, cara, MessageReport(message, "abuse"))


def test_it_is_settled_once_for_all_who_reported_the_message(
    store: Store, owner: Actor, member: Actor, cara: Actor, make_member: Make, room: int, published: Published
) -> None:
    dan = make_member("dan")
    store.write(lambda tx: rooms.add_members(tx, room, [dan.user], 100))
    message, other = say(store, dan, room), say(store, dan, room, "And this")
    reports.report(store, cara, MessageReport(message, "spam"))
    reports.report(store, member, MessageReport(message, "other"))
    reports.report(store, cara, MessageReport(other, "spam"))
    reports.resolve(store, member, ReportResolve(2, "removed"))
    assert [one.id for one in listed(store, owner)] == [3]
    settled = listed(store, owner, settled=True)
    assert [(one.id, one.outcome, one.settled_by) for one in settled] == [
        (2, "removed", member.user),
        (1, "removed", member.user),
    ]
    assert [fact.report for fact in published.facts("report_changed")[-2:]] == settled[::-1]
    assert refusal(lambda: reports.resolve(store, owner, ReportResolve(1, "dismissed"))) == ("conflict", "report")
    (entry,) = audit.rows(store, owner, AuditList())
    assert (entry.action, entry.user, entry.room, entry.message) == ("report_resolve", dan.user, room, message)
    assert (entry.details["outcome"], entry.details["reports"]) == ("removed", [1, 2])


def test_who_may_see_and_settle(store: Store, owner: Actor, member: Actor, cara: Actor, room: int) -> None:
    message = say(store, owner, 1)
    members.join(store, member, RoomJoin(1))
    reports.report(store, member, MessageReport(message, "abuse"))
    # Whom it is about has no part in it, whoever that is.
    assert listed(store, owner) == []
    for act in (ReportContext(1), ReportContext(999)):
        assert refusal(lambda: reports.context(store, owner, act)) == ("not_found", "report")  # noqa: B023
    for actor in (owner, member, cara):
        assert refusal(lambda: reports.resolve(store, actor, ReportResolve(1, "dismissed")))[0] == "not_found"  # noqa: B023
        if actor is not owner:
            assert listed(store, actor) == []
    assert refusal(lambda: listed(store, cara, room=room))[0] == "forbidden"
    assert refusal(lambda: listed(store, member, room=999))[0] == "not_found"
    members.appoint(store, owner, RoomRole(1, cara.user, "moderator"))
    # All that somebody leads, without a word of which rooms these are.
    assert [(one.id, one.room_name) for one in listed(store, cara)] == [(1, "general")]
    reports.resolve(store, cara, ReportResolve(1, "warned"))


def test_staff_see_what_was_said_around_it_and_no_more(
    store: Store, owner: Actor, member: Actor, cara: Actor, room: int
) -> None:
    said = [say(store, member, room, f"text {number}") for number in range(20)]
    reports.report(store, cara, MessageReport(said[8], "spam"))
    found = reports.context(store, owner, ReportContext(1)).messages
    assert [message.id for message in found] == said[3:14]
    reports.report(store, cara, MessageReport(said[0], "spam"))
    assert [message.id for message in reports.context(store, owner, ReportContext(2)).messages] == said[:6]
    assert refusal(lambda: reports.context(store, cara, ReportContext(1))) == ("not_found", "report")


def test_those_of_a_direct_conversation_are_for_staff(
    store: Store, owner: Actor, member: Actor, cara: Actor, published: Published
) -> None:
    room = directs.open_with(store, member, DirectOpen([cara.user])).room.id
    message = say(store, member, room)
    reports.report(store, cara, MessageReport(message, "abuse"))
    (told,) = [e for e in published.effects if isinstance(e, Publish) and e.event == "report_changed"]
    assert told.channel == (user_channel(owner.user),)
    assert refusal(lambda: listed(store, cara, room=room))[0] == "forbidden"
    assert [one.message for one in listed(store, owner, room=room)] == [message]
    reports.resolve(store, owner, ReportResolve(1, "banned"))


def test_the_message_can_be_deleted_along_wherever_it_stands(
    store: Store, owner: Actor, member: Actor, cara: Actor, room: int, published: Published
) -> None:
    for place in (room, directs.open_with(store, member, DirectOpen([cara.user])).room.id):
        message = say(store, member, place)
        reports.report(store, cara, MessageReport(message, "spam"))
        (report,) = listed(store, owner)
        # Whom it is about can't, though they lead the room.
        settle = ReportResolve(report.id, "warned", remove=True)
        for actor in (member, cara):
            assert refusal(lambda: reports.resolve(store, actor, settle)) == ("not_found", "report")  # noqa: B023
        assert not history_entry(store, member, place, message).deleted
        reports.resolve(store, owner, settle)
        assert history_entry(store, member, place, message).deleted
        assert published.facts("message_changed")[-1].message.deleted
        deletion, settling = list(audit.rows(store, owner, AuditList()))[:2]
        assert (deletion.action, deletion.user, deletion.message) == ("message_delete", member.user, message)
        assert settling.action == "report_resolve"


def test_what_is_gone_already_is_settled_all_the_same(
    store: Store, owner: Actor, member: Actor, cara: Actor, room: int
) -> None:
    message = say(store, member, room)
    reports.report(store, cara, MessageReport(message, "spam"))
    messages.remove(store, member, MessageDelete(message))
    reports.resolve(store, owner, ReportResolve(1, "removed", remove=True))
    assert [entry.action for entry in audit.rows(store, owner, AuditList())] == ["report_resolve"]


def test_pages(store: Store, owner: Actor, member: Actor, cara: Actor, room: int) -> None:
    for number in range(3):
        reports.report(store, cara, MessageReport(say(store, member, room, f"text {number}"), "spam"))
    first = reports.listing(store, owner, ReportList(limit=2))
    assert ([one.id for one in first.reports], first.next) == ([3, 2], 2)
    last = reports.listing(store, owner, ReportList(limit=2, before=first.next))
    assert ([one.id for one in last.reports], last.next) == ([1], None)


def test_a_conversation_with_a_visitor_is_nobodys_who_settles_reports(
    store: Store, owner: Actor, member: Actor
) -> None:
    agents.choose(store, owner, member.user)
    site = sites.create(store, owner, "Sample shop", ["https://shop.example"])
    said = visiting.send(store, Visit(site, "x" * 40, "192.0.2.1", "A browser", "en"), HelpSend("c", "Rude!")).message
    (queued,) = desk.listing(store, member, HelpList("waiting")).conversations
    desk.look_at(store, member, HelpLookAt(queued.room))
    refused = refusal(lambda: reports.report(store, member, MessageReport(said.id, "abuse")))
    assert refused == ("forbidden", "message")
    # Nor is one that there might be all the same.
    values = {
        "message_id": said.id,
        "room_id": queued.room,
        "author_id": queued.visitor.id,
        "reporter_id": member.user,
        "reason": "abuse",
        "comment": "",
        "html": said.html,
        "created_at": 1,
    }
    number = store.write(lambda tx: tx.insert(table, values))
    assert listed(store, owner) == []
    assert refusal(lambda: reports.context(store, owner, ReportContext(number))) == ("not_found", "report")
    settle = ReportResolve(number, "removed", remove=True)
    assert refusal(lambda: reports.resolve(store, owner, settle)) == ("not_found", "report")
