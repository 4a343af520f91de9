"""How people appear: a status with its end, and what they tell of themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chat import custom_emoji, directs, members, people, profiles, rooms, statuses
from chat.actor import Actor
from chat.events.people import PresenceSet, UserProfile
from chat.events.rooms import DirectOpen, RoomCreate, RoomJoin
from chat.store import Store
from chat.times import milliseconds, now, stamp
from tests.domain.support import Published, refusal, together
from tests.pictures import made

HOUR = 3_600_000


def shown(store: Store, actor: Actor) -> tuple[str, str, str, str | None]:
    with store.read() as conn:
        user = people.one(conn, actor.user)
    return user.status, user.status_text, user.status_emoji, user.status_until


def let_pass(monkeypatch: pytest.MonkeyPatch, span: int) -> None:
    later = now() + span
    monkeypatch.setattr("chat.statuses.now", lambda: later)


def test_a_status_is_kept_whole(store: Store, owner: Actor) -> None:
    until = stamp(now() + HOUR)
    statuses.choose(store, owner, PresenceSet("away", "At lunch", "🍜", until))
    assert shown(store, owner) == ("away", "At lunch", "🍜", until)
    statuses.choose(store, owner, PresenceSet("online"))
    assert shown(store, owner) == ("online", "", "", None)


def test_a_status_may_have_one_of_the_server_s_own_emoji(store: Store, owner: Actor) -> None:
    custom_emoji.add(store, owner, "ourboat", made("PNG"))
    statuses.choose(store, owner, PresenceSet("away", "At sea", ":ourboat:"))
    assert shown(store, owner) == ("away", "At sea", ":ourboat:", None)


def test_an_end_may_have_any_offset(store: Store, owner: Actor) -> None:
    moment = now() // 1000 * 1000 + HOUR
    west = stamp(moment).replace("Z", "").replace(".000", "") + "+00:00"
    statuses.choose(store, owner, PresenceSet("dnd", until=west))
    assert shown(store, owner)[3] == stamp(moment)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("until", "soon"),
        ("until", "2026-01-01T00:00:00"),
        ("until", "2026-01-01T00:00:00Z"),
        ("until", "9999-12-31T23:59:59Z"),
        ("until", "0001-01-01T00:00:00+23:59"),
        ("emoji", "x"),
        ("emoji", "🍜🍜"),
        ("emoji", ":ourboat:"),
        ("text", "x" * 101),
        ("text", "two\nlines"),
    ],
)
def test_what_no_status_can_have_is_refused(store: Store, owner: Actor, field: str, wrong: str) -> None:
    fields: dict[str, Any] = {"text": "Before", field: wrong}
    code, named = refusal(lambda: statuses.choose(store, owner, PresenceSet("away", **fields)))
    assert (code, named) == ("too_large" if len(wrong) > 100 else "bad_request", field)
    assert shown(store, owner) == ("online", "", "", None)


def test_a_status_ends_by_itself_and_is_told(
    store: Store, owner: Actor, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses.choose(store, owner, PresenceSet("dnd", "Focusing", "🎧", stamp(now() + HOUR)))
    statuses.expire(store)
    assert shown(store, owner)[1] == "Focusing"
    let_pass(monkeypatch, 2 * HOUR)
    statuses.expire(store)
    assert shown(store, owner) == ("online", "", "", None)
    assert [fact.user.status_text for fact in published.facts("user_changed")] == ["Focusing", ""]
    statuses.expire(store)
    assert len(published.facts("user_changed")) == 2


def test_what_has_no_end_or_a_later_one_stays(
    store: Store, owner: Actor, member: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses.choose(store, owner, PresenceSet("away", "On holiday"))
    statuses.choose(store, member, PresenceSet("away", "Out today", until=stamp(now() + 8 * HOUR)))
    let_pass(monkeypatch, 2 * HOUR)
    statuses.expire(store)
    assert (shown(store, owner)[1], shown(store, member)[1]) == ("On holiday", "Out today")


def test_of_two_processes_one_tells_the_end(
    store: Store, owner: Actor, make_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither of them has set it: it is in the database that it ends."""
    statuses.choose(store, owner, PresenceSet("dnd", until=stamp(now() + HOUR)))
    let_pass(monkeypatch, 2 * HOUR)
    told = Published()
    others = [make_store(), make_store()]
    for other in others:
        other.publish = told.take
    together(*(lambda other=other: statuses.expire(other) for other in others))
    assert len(told.facts("user_changed")) == 1
    assert shown(store, owner)[0] == "online"


def test_a_profile_tells_what_its_owner_has_said(store: Store, owner: Actor, member: Actor) -> None:
    about = " Tends the garden.\nMornings. "
    profiles.update_own(store, member, name="Mira M.", about=about, time_zone="Asia/Shanghai")
    found = profiles.of(store, owner, UserProfile(member.user))
    assert (found.user.name, found.about, found.time_zone) == (
        "Mira M.",
        "Tends the garden.\nMornings.",
        "Asia/Shanghai",
    )
    assert profiles.own(store, member) == ("Tends the garden.\nMornings.", "Asia/Shanghai")


def test_a_profile_counts_the_rooms_of_both(store: Store, owner: Actor, member: Actor) -> None:
    before = profiles.of(store, owner, UserProfile(member.user)).rooms
    shared = rooms.create(store, owner, RoomCreate("shared", "public")).room.id
    rooms.create(store, owner, RoomCreate("mine", "private"))
    members.join(store, member, RoomJoin(shared))
    directs.open_with(store, owner, DirectOpen([member.user]))
    assert profiles.of(store, owner, UserProfile(member.user)).rooms == before + 1
    assert profiles.of(store, member, UserProfile(owner.user)).rooms == before + 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", " "),
        ("about", "x" * 201),
        ("about", "\x00"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", ""),
    ],
)
def test_a_wrong_profile_is_refused_whole(store: Store, owner: Actor, field: str, wrong: str) -> None:
    said: dict[str, Any] = {"name": "Ada", "about": "", "time_zone": None, field: wrong}
    code, named = refusal(lambda: profiles.update_own(store, owner, **said))
    assert (code, named) == ("too_large" if len(wrong) > 200 else "bad_request", field)
    assert profiles.own(store, owner) == ("", None)


def test_older_names_of_time_zones_are_known(store: Store, owner: Actor) -> None:
    """Chromium calls it so to this day."""
    profiles.update_own(store, owner, name="Ada", about="", time_zone="Asia/Calcutta")
    assert profiles.own(store, owner)[1] == "Asia/Calcutta"


def test_nobody_has_no_profile(store: Store, owner: Actor) -> None:
    assert refusal(lambda: profiles.of(store, owner, UserProfile(2**50))) == ("not_found", "user")


def test_a_time_is_read_to_the_millisecond() -> None:
    assert stamp(milliseconds("2026-07-04T09:30:00.125Z", "until")) == "2026-07-04T09:30:00.125Z"
