"""What somebody has saved for later: in which order, how much of it, and what of it they may still see."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from chat import members, message_rows, messages, rooms, saved
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.messages import MessageDelete, MessageSend
from chat.events.rooms import RoomCreate, RoomInvite, RoomJoin, RoomLeave, RoomRemove
from chat.events.saved import SavedIds, SavedIdsResult, SavedList, SavedSet
from chat.store import Store
from tests.domain.support import Published, refusal, together


def say(store: Store, actor: Actor, text: str, room: int = 1) -> int:
    return messages.send(store, actor, MessageSend(room, text, text)).message.id


def save(store: Store, actor: Actor, *ids: int, on: bool = True) -> None:
    for message in ids:
        saved.choose(store, actor, SavedSet(message, on))


def listed(store: Store, actor: Actor) -> list[str]:
    return [message.text for message in saved.listing(store, actor, SavedList()).messages]


def test_the_last_saved_is_first_and_no_page_misses_one(
    store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [say(store, owner, text) for text in ("one", "two", "three", "four")]
    save(store, owner, said[2], said[0], said[3], said[0])
    assert listed(store, owner) == ["four", "one", "three"]
    # Again is no change; taken off and saved anew, it is the last.
    save(store, owner, said[2], on=False)
    save(store, owner, said[2])
    assert listed(store, owner) == ["three", "four", "one"]
    first = saved.listing(store, owner, SavedList(limit=2))
    second = saved.listing(store, owner, SavedList(before=first.next, limit=2))
    assert [m.text for m in (*first.messages, *second.messages)] == ["three", "four", "one"]
    assert second.next is None
    assert saved.ids(store, owner, SavedIds()) == SavedIdsResult(5, [said[0], said[3], said[2]])
    # What is long comes on more pages, however many were asked for.
    monkeypatch.setattr(message_rows, "MOST_PAGE_CHARACTERS", 1)
    texts: list[str] = []
    before = None
    while not texts or before is not None:
        page = saved.listing(store, owner, SavedList(before=before))
        texts += [message.text for message in page.messages]
        before = page.next
    assert texts == ["three", "four", "one"]


def test_what_is_out_of_reach_is_not_listed_and_comes_back(
    store: Store, owner: Actor, member: Actor, published: Published
) -> None:
    room = rooms.create(store, owner, RoomCreate("away", "private", members=[member.user])).room.id
    far, near = say(store, owner, "far", room), say(store, owner, "near")
    save(store, member, far, near)
    members.remove(store, owner, RoomRemove(room, member.user))
    assert listed(store, member) == ["near"]
    # It is still theirs, and can be taken off; saving it again would need the room.
    assert refusal(partial(save, store, member, far)) == ("not_found", "message")
    assert saved.ids(store, member, SavedIds()).messages == [far, near]
    members.invite(store, owner, RoomInvite(room, [member.user]))
    assert listed(store, member) == ["near", "far"]
    members.leave(store, member, RoomLeave(room))
    save(store, member, far, far, on=False)
    members.invite(store, owner, RoomInvite(room, [member.user]))
    assert listed(store, member) == ["near"]
    assert [fact.rev for fact in published.facts("saved_changed")] == [1, 2, 3]


def test_a_deleted_message_is_on_nobodys_list(store: Store, owner: Actor, member: Actor, published: Published) -> None:
    members.join(store, member, RoomJoin(1))
    gone, stays = say(store, owner, "gone"), say(store, owner, "stays")
    for actor in (owner, member):
        save(store, actor, gone, stays)
    messages.remove(store, owner, MessageDelete(gone))
    for actor in (owner, member):
        assert listed(store, actor) == ["stays"]
        assert saved.ids(store, actor, SavedIds()) == SavedIdsResult(2, [stays])
        assert refusal(partial(save, store, actor, gone)) == ("not_found", "message")
    assert len(published.facts("saved_changed")) == 4


def test_the_limit_is_exact_with_two_processes(
    store: Store, make_store: Callable[..., Store], owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "MOST", 3)
    stores = (store, make_store())
    said = [say(store, owner, f"m{number}") for number in range(8)]
    results = together(*(partial(save, stores[n % 2], owner, message) for n, message in enumerate(said)))
    refused = [result for result in results if isinstance(result, ChatError)]
    assert (len(refused), {(error.code, error.field) for error in refused}) == (5, {("conflict", "message")})
    found = saved.ids(store, owner, SavedIds())
    assert (found.rev, len(found.messages)) == (3, 3)
    # With one off, there is room for another.
    save(store, owner, found.messages[0], on=False)
    save(store, owner, found.messages[0])
    assert saved.ids(store, owner, SavedIds()).rev == 5
