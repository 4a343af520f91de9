"""What is decided about people: who may, whom it stops, how it ends, and that it is in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chat import accounts, audit, custom_emoji, directs, invites, members, messages, rooms, sessions, tokens
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.emoji import EmojiRemove
from chat.events.messages import MessageDelete, MessageSend
from chat.events.moderation import (
    AuditList,
    RoomBan,
    RoomUnban,
    SanctionList,
    UserBan,
    UserMute,
    UserUnban,
    UserUnmute,
    UserWarn,
    WarningSeen,
)
from chat.events.objects import Sanction
from chat.events.rooms import DirectOpen, RoomCreate, RoomInvite, RoomJoin, RoomLink, RoomRemove, RoomRole
from chat.sanctions import bans, blocks, keeping, mutes, room_bans, warnings
from chat.sanctions.known import Blocks
from chat.store import Store
from chat.store.outbox import EndSessions, Leave, Muted, NetworksBlocked, NetworksFreed, Unmuted
from chat.times import now, stamp
from tests.conftest import PASSWORD
from tests.domain.support import Published, refusal
from tests.sockets.own_emoji import picture

Make = Callable[..., Actor]
WRONG_ENDS = ["", "soon", "2020-01-01T00:00:00Z", "2900-01-01T00:00:00Z"]


def noted(store: Store, owner: Actor) -> list[tuple[str, str, int | None, int | None]]:
    """What the log says, the first first."""
    found = audit.rows(store, owner, AuditList())
    return [(entry.action, entry.actor, entry.user, entry.room) for entry in found][::-1]


def own(store: Store, actor: Actor) -> list[Sanction]:
    with store.read() as conn:
        return keeping.own(conn, actor.user)


def begin(store: Store, actor: Actor, address: str = "198.51.100.7") -> str:
    return sessions.open_session(store, actor.user, user_agent="x", address=address)


def blocked(store: Store, address: str) -> bool:
    """As a process knows it that starts now."""
    found = Blocks()
    with store.read() as conn:
        found.hear_all(*blocks.all_in_force(conn))
    return found.is_blocked(address)


@pytest.fixture
def cara(store: Store, owner: Actor) -> Actor:
    """A member with a password."""
    accounts.create(store, "cara", name="Cara", role="member", password=PASSWORD)
    return accounts.by_username(store, "cara")


@pytest.fixture
def room(store: Store, member: Actor, cara: Actor) -> int:
    """A public room that `member` owns and `cara` is in."""
    return rooms.create(store, member, RoomCreate("launch", "public", members=[cara.user])).room.id


def test_a_ban_closes_every_way_in_until_it_is_lifted(
    store: Store, owner: Actor, cara: Actor, published: Published
) -> None:
    secret, (number, token) = begin(store, cara), tokens.create(store, cara, "bot")
    session = sessions.actor(store, secret)
    assert session is not None
    bans.ban(store, owner, UserBan(cara.user, reason="Spam"))
    assert published.of_kind(EndSessions) == [
        EndSessions(sessions=(session.session or 0,), reason="banned"),
        EndSessions(tokens=(number,), reason="banned"),
    ]
    assert (sessions.actor(store, secret), tokens.actor(store, token)) == (None, None)
    assert sessions.actor(store, begin(store, cara)) is None
    with store.read() as conn:
        assert tokens.living(conn, [number]) == set()
    bans.unban(store, owner, UserUnban(cara.user))
    assert tokens.actor(store, token) is not None
    assert accounts.sign_in(store, "cara", PASSWORD).id == cara.user
    assert noted(store, owner) == [("user_ban", "ada", cara.user, None), ("user_unban", "ada", cara.user, None)]


def test_who_knows_the_password_learns_of_the_ban(store: Store, owner: Actor, cara: Actor) -> None:
    until = now() + 60_000
    bans.ban(store, owner, UserBan(cara.user, stamp(until), "Spam"))
    with pytest.raises(bans.Banned) as caught:
        accounts.sign_in(store, "cara", PASSWORD)
    assert (caught.value.code, caught.value.until, caught.value.reason) == ("forbidden", until, "Spam")
    assert refusal(lambda: accounts.sign_in(store, "cara", "wrong password"))[0] == "unauthenticated"


def test_a_ban_ends_by_itself(store: Store, owner: Actor, cara: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    until = now() + 60_000
    token = tokens.create(store, cara, "bot")[1]
    bans.ban(store, owner, UserBan(cara.user, stamp(until)))
    assert tokens.actor(store, token) is None
    monkeypatch.setattr(tokens, "now", lambda: until)
    monkeypatch.setattr(bans, "now", lambda: until)
    assert tokens.actor(store, token) is not None
    assert accounts.sign_in(store, "cara", PASSWORD).id == cara.user


def test_another_ban_takes_its_place(store: Store, owner: Actor, cara: Actor) -> None:
    bans.ban(store, owner, UserBan(cara.user, stamp(now() + 60_000)))
    bans.ban(store, owner, UserBan(cara.user, reason="Again"))
    with pytest.raises(bans.Banned) as caught:
        accounts.sign_in(store, "cara", PASSWORD)
    assert (caught.value.until, caught.value.reason) == (None, "Again")
    bans.unban(store, owner, UserUnban(cara.user))
    assert refusal(lambda: bans.unban(store, owner, UserUnban(cara.user))) == ("conflict", "user")


def test_who_may_ban_whom(store: Store, make_member: Make) -> None:
    people = {role: (make_member(role=role), make_member(role=role)) for role in ("owner", "admin", "member", "guest")}
    allowed = {("owner", "admin"), ("owner", "member"), ("owner", "guest"), ("admin", "member"), ("admin", "guest")}
    for by in people:
        for of in people:
            actor, target = people[by][0], people[of][1]
            ban, unban = UserBan(target.user), UserUnban(target.user)
            if (by, of) in allowed:
                bans.ban(store, actor, ban)
                bans.unban(store, actor, unban)
            else:
                assert refusal(lambda: bans.ban(store, actor, ban))[0] == "forbidden", (by, of)  # noqa: B023
                assert refusal(lambda: bans.unban(store, actor, unban))[0] == "forbidden"  # noqa: B023


def test_nobody_bans_themselves_or_nobody(store: Store, owner: Actor) -> None:
    assert refusal(lambda: bans.ban(store, owner, UserBan(owner.user))) == ("forbidden", "user")
    assert refusal(lambda: bans.ban(store, owner, UserBan(999))) == ("not_found", "user")
    assert refusal(lambda: bans.ban(store, owner, UserBan(999, reason="x" * 501)))[1] == "reason"
    assert noted(store, owner) == []


def test_networks_are_blocked_with_the_ban_and_open_with_it(store: Store, owner: Actor, cara: Actor) -> None:
    for address in ("198.51.100.7", "2001:db8:1:2::3", "somewhere"):
        begin(store, cara, address)
    bans.ban(store, owner, UserBan(cara.user, networks=True))
    same = ["198.51.100.7", "2001:db8:1:2:ffff::1", "::ffff:198.51.100.7"]
    others = ["198.51.100.8", "2001:db8:1:3::3", "somewhere", ""]
    assert [blocked(store, address) for address in (*same, *others)] == [True] * 3 + [False] * 4
    (entry,) = audit.rows(store, owner, AuditList())
    assert entry.details["networks"] == ["198.51.100.7", "2001:db8:1:2::/64"]
    store.is_blocked = lambda address: blocked(store, address)
    assert refusal(lambda: blocks.require_open(store, same[0]))[0] == "forbidden"
    assert refusal(lambda: blocks.require_open(store, same[0], cara))[0] == "forbidden"
    blocks.require_open(store, same[0], owner)
    blocks.require_open(store, others[0])
    bans.unban(store, owner, UserUnban(cara.user))
    assert not blocked(store, same[0])


def test_processes_are_told_of_blocks(store: Store, owner: Actor, cara: Actor, published: Published) -> None:
    begin(store, cara)
    bans.ban(store, owner, UserBan(cara.user))
    bans.unban(store, owner, UserUnban(cara.user))
    assert published.of_kind(NetworksBlocked) + published.of_kind(NetworksFreed) == []
    begin(store, cara)
    bans.ban(store, owner, UserBan(cara.user, networks=True))
    (told,) = published.of_kind(NetworksBlocked)
    assert (told.networks, told.until) == (("198.51.100.7",), None)
    bans.unban(store, owner, UserUnban(cara.user))
    assert published.of_kind(NetworksFreed) == [NetworksFreed((told.ban,))]


def test_a_block_ends_with_its_ban(store: Store, owner: Actor, cara: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(store, cara)
    until = now() + 60_000
    bans.ban(store, owner, UserBan(cara.user, stamp(until), networks=True))
    assert blocked(store, "198.51.100.7")
    monkeypatch.setattr(blocks, "now", lambda: until)
    assert not blocked(store, "198.51.100.7")


def test_nobody_locks_themselves_out(store: Store, make_member: Make, cara: Actor) -> None:
    boss = make_member(role="admin")
    begin(store, cara)
    here = sessions.actor(store, begin(store, boss), "198.51.100.7")
    assert here is not None
    assert refusal(lambda: bans.ban(store, here, UserBan(cara.user, networks=True))) == ("forbidden", "networks")
    assert accounts.sign_in(store, "cara", PASSWORD).id == cara.user
    bans.ban(store, here, UserBan(cara.user))


def test_a_mute_is_told_noted_and_lifted(
    store: Store, member: Actor, owner: Actor, cara: Actor, room: int, published: Published
) -> None:
    until = now() + 60_000
    mutes.mute(store, member, UserMute(cara.user, room, stamp(until), " Calm\ndown "))
    (mine,) = own(store, cara)
    assert (mine.kind, mine.user, mine.room) == ("mute", cara.user, room)
    assert (mine.reason, mine.until) == ("Calm\ndown", stamp(until))
    assert published.of_kind(Muted) == [Muted(mine.id, cara.user, room, until)]
    assert published.facts("sanctions_changed")[-1].sanctions == [mine]
    with store.read() as conn:
        assert mutes.all_in_force(conn) == ([Muted(mine.id, cara.user, room, until)], mine.id)
    mutes.unmute(store, member, UserUnmute(cara.user, room))
    assert published.of_kind(Unmuted) == [Unmuted((mine.id,))]
    assert published.facts("sanctions_changed")[-1].sanctions == own(store, cara) == []
    assert refusal(lambda: mutes.unmute(store, member, UserUnmute(cara.user, room))) == ("conflict", "user")
    assert noted(store, owner) == [("user_mute", "mira", cara.user, room), ("user_unmute", "mira", cara.user, room)]


def test_a_mute_in_a_room_and_one_anywhere(store: Store, owner: Actor, member: Actor, cara: Actor, room: int) -> None:
    mutes.mute(store, owner, UserMute(cara.user))
    mutes.mute(store, member, UserMute(cara.user, room))
    mutes.mute(store, member, UserMute(cara.user, room, reason="Again"))
    assert [(one.room, one.reason) for one in own(store, cara)] == [(None, ""), (room, "Again")]
    mutes.unmute(store, owner, UserUnmute(cara.user))
    assert [one.room for one in own(store, cara)] == [room]


def test_who_may_mute_whom(
    store: Store, owner: Actor, member: Actor, make_member: Make, cara: Actor, room: int
) -> None:
    dan, boss = make_member("dan"), make_member("boss", role="admin")
    members.invite(store, member, RoomInvite(room, [dan.user, owner.user]))
    members.appoint(store, member, RoomRole(room, dan.user, "moderator"))
    for by, command in [
        (member, UserMute(cara.user)),
        (cara, UserMute(dan.user, room)),
        (dan, UserMute(member.user, room)),
        (dan, UserMute(owner.user, room)),
        (member, UserMute(member.user, room)),
        (boss, UserMute(owner.user, room)),
        (boss, UserMute(owner.user)),
    ]:
        assert refusal(lambda: mutes.mute(store, by, command))[0] == "forbidden"  # noqa: B023
    # Staff need not be in the room.
    mutes.mute(store, boss, UserMute(member.user, room))
    mutes.mute(store, dan, UserMute(cara.user, room))
    mutes.mute(store, boss, UserMute(cara.user))
    mutes.mute(store, owner, UserMute(boss.user))
    assert refusal(lambda: mutes.mute(store, make_member("eve"), UserMute(cara.user, room)))[0] == "not_found"
    assert refusal(lambda: mutes.mute(store, owner, UserMute(cara.user, 999))) == ("not_found", "room")
    assert refusal(lambda: mutes.mute(store, owner, UserMute(999))) == ("not_found", "user")


@pytest.mark.parametrize("until", WRONG_ENDS)
def test_what_is_no_end(store: Store, owner: Actor, member: Actor, until: str) -> None:
    for act in (
        lambda: bans.ban(store, owner, UserBan(member.user, until)),
        lambda: mutes.mute(store, owner, UserMute(member.user, None, until)),
        lambda: room_bans.ban(store, owner, RoomBan(1, member.user, until)),
    ):
        assert refusal(act) == ("bad_request", "until")


def test_a_room_is_closed_to_who_is_banned_from_it(
    store: Store, owner: Actor, member: Actor, cara: Actor, room: int, published: Published
) -> None:
    room_bans.ban(store, member, RoomBan(room, cara.user, reason="Spam"))
    assert published.of_kind(Leave) == [Leave(cara.user, room)]
    assert published.facts("room_removed")[0].reason == "removed"
    link = invites.into_room(store, member, RoomLink(room)).url.rpartition("/")[2]
    ways: list[Callable[[], object]] = [
        lambda: members.join(store, cara, RoomJoin(room)),
        lambda: members.join(store, cara, RoomJoin("launch")),
        lambda: members.invite(store, member, RoomInvite(room, [cara.user])),
        lambda: invites.enter(store, cara, link),
    ]
    assert [refusal(way) for way in ways] == [("forbidden", "room")] * 4
    (listed,) = room_bans.listing(store, member, SanctionList(room)).sanctions
    assert (listed.kind, listed.user, listed.reason, listed.until) == ("room_ban", cara.user, "Spam", None)
    room_bans.unban(store, member, RoomUnban(room, cara.user))
    members.join(store, cara, RoomJoin(room))
    assert refusal(lambda: room_bans.unban(store, member, RoomUnban(room, cara.user))) == ("conflict", "user")
    assert noted(store, owner) == [("room_ban", "mira", cara.user, room), ("room_unban", "mira", cara.user, room)]


def test_a_ban_from_a_room_ends_by_itself_and_may_come_first(
    store: Store, member: Actor, make_member: Make, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    until, eve = now() + 60_000, make_member("eve")
    room_bans.ban(store, member, RoomBan(room, eve.user, stamp(until)))
    assert refusal(lambda: members.join(store, eve, RoomJoin(room)))[0] == "forbidden"
    monkeypatch.setattr(rooms, "now", lambda: until)
    members.join(store, eve, RoomJoin(room))


def test_who_may_ban_from_a_room(
    store: Store, owner: Actor, member: Actor, make_member: Make, cara: Actor, room: int
) -> None:
    members.join(store, owner, RoomJoin(room))
    direct = directs.open_with(store, owner, DirectOpen([member.user])).room.id
    refused: list[Callable[[], object]] = [
        lambda: room_bans.ban(store, cara, RoomBan(room, member.user)),
        lambda: room_bans.ban(store, member, RoomBan(room, owner.user)),
        lambda: room_bans.ban(store, member, RoomBan(room, member.user)),
        lambda: room_bans.listing(store, cara, SanctionList(room)),
        lambda: room_bans.ban(store, owner, RoomBan(direct, member.user)),
        lambda: mutes.mute(store, owner, UserMute(member.user, direct)),
    ]
    assert [refusal(act)[0] for act in refused] == ["forbidden"] * 6
    assert refusal(lambda: room_bans.listing(store, make_member("eve"), SanctionList(room)))[0] == "not_found"
    room_bans.ban(store, make_member(role="admin"), RoomBan(room, member.user))


def test_a_warning_is_shown_once(
    store: Store, owner: Actor, member: Actor, cara: Actor, room: int, published: Published
) -> None:
    warnings.warn(store, member, UserWarn(cara.user, "Read the rules", room))
    warnings.warn(store, owner, UserWarn(cara.user, "All of them"))
    first, second = own(store, cara)
    assert [(one.kind, one.room, one.reason) for one in (first, second)] == [
        ("warning", room, "Read the rules"),
        ("warning", None, "All of them"),
    ]
    assert refusal(lambda: warnings.see(store, member, WarningSeen(first.id))) == ("not_found", "id")
    warnings.see(store, cara, WarningSeen(first.id))
    assert published.facts("sanctions_changed")[-1].sanctions == own(store, cara) == [second]
    told = len(published.effects)
    warnings.see(store, cara, WarningSeen(first.id))
    assert len(published.effects) == told
    assert noted(store, owner) == [("user_warn", "mira", cara.user, room), ("user_warn", "ada", cara.user, None)]


def test_who_may_warn_whom(store: Store, owner: Actor, member: Actor, cara: Actor, room: int) -> None:
    refused: list[Callable[[], object]] = [
        lambda: warnings.warn(store, member, UserWarn(cara.user, "x")),
        lambda: warnings.warn(store, cara, UserWarn(member.user, "x", room)),
        lambda: warnings.warn(store, owner, UserWarn(owner.user, "x")),
    ]
    assert [refusal(act)[0] for act in refused] == ["forbidden"] * 3


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 501])
def test_a_warning_says_something(store: Store, owner: Actor, cara: Actor, reason: str) -> None:
    with pytest.raises(ChatError) as caught:
        warnings.warn(store, owner, UserWarn(cara.user, reason))
    assert caught.value.field == "reason"


def test_nothing_is_done_that_is_not_noted(
    store: Store, owner: Actor, cara: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **more: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(audit, "note", fail)
    token = tokens.create(store, cara, "bot")[1]
    with pytest.raises(RuntimeError):
        bans.ban(store, owner, UserBan(cara.user))
    assert tokens.actor(store, token) is not None


def test_a_guest_who_is_banned_from_the_first_room_may_become_a_member(
    make_store: Callable[..., Store], owner: Actor
) -> None:
    store = make_store(guests="on", registration="open")
    guest = accounts.by_username(store, accounts.create_guest(store, "Hatter").username)
    with store.read() as conn:
        lobby = accounts.lobby(conn)
    assert lobby is not None
    room_bans.ban(store, owner, RoomBan(lobby, guest.user))
    accounts.become_member(store, guest, password=PASSWORD)
    with store.read() as conn:
        assert not rooms.is_member(conn, lobby, guest.user)
    assert accounts.by_username(store, "hatter").role == "member"


def test_what_staff_do_to_the_server_is_in_the_log(store: Store, owner: Actor) -> None:
    invites.create(store, owner, days=1, uses=5)
    (link,) = invites.listing(store, owner)
    invites.revoke(store, owner, link.id)
    custom_emoji.add(store, owner, "ourboat", picture())
    custom_emoji.remove(store, owner, EmojiRemove("ourboat"))
    done = [(entry.action, entry.details) for entry in audit.rows(store, owner, AuditList())]
    assert done[::-1] == [
        ("invite_create", {"days": 1, "uses": 5}),
        ("invite_revoke", {"invite": link.id}),
        ("emoji_remove", {"name": "ourboat"}),
    ]


def test_what_is_done_to_others_in_a_room_is_in_the_log(
    store: Store, owner: Actor, member: Actor, cara: Actor, room: int
) -> None:
    own_words, theirs = (messages.send(store, who, MessageSend(room, "c", "x")).message.id for who in (member, cara))
    for message in (own_words, theirs):
        messages.remove(store, member, MessageDelete(message))
    members.appoint(store, member, RoomRole(room, cara.user, "moderator"))
    members.remove(store, member, RoomRemove(room, cara.user))
    accounts.set_role(store, cara.user, "admin")
    accounts.reset_password(store, cara.user, PASSWORD)
    done = [
        ("message_delete", "mira", cara.user, room),
        ("room_role", "mira", cara.user, room),
        ("room_remove", "mira", cara.user, room),
        ("user_role", "hubbub", cara.user, None),
        ("user_password", "hubbub", cara.user, None),
    ]
    assert noted(store, owner) == done
