"""What a message that links to pages shows of them, and what becomes of it: with a web site on this machine."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, update

from chat import folders, history, messages, previews, rooms
from chat.actor import Actor
from chat.config import Settings
from chat.errors import ChatError
from chat.events import CHAT_COMMANDS
from chat.events.messages import MessageDelete, MessageEdit, MessageGet, MessageSend, PreviewRemove, ReactionAdd
from chat.events.objects import Message, Preview
from chat.events.rooms import RoomCreate, RoomUpdate
from chat.metrics.counters import Counters
from chat.previews import Previewer, Previews, keeping, previewer
from chat.reactions import add as react
from chat.room_settings import change
from chat.storage import Storage, open_backend
from chat.store import Store
from chat.store.tables import link_previews, message_previews
from chat.store.threads import call_here
from chat.transport import outgoing
from tests.domain.support import Published
from tests.pictures import drawn, made
from tests.web_site import Answer, WebSite, web_site

_cids = itertools.count(1)


@pytest.fixture
def site() -> Iterator[WebSite]:
    with web_site() as found:
        yield found


class Scene:
    """One process that looks at links, on a clock that is turned by hand."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = 1000.0
        self.counters = Counters(CHAT_COMMANDS)
        # A database that is elsewhere has made no folder.
        folders.prepare(store.settings)
        self.storage = Storage(open_backend(store.settings))
        self.previews = Previews(store, self.storage)
        get = partial(outgoing.get, allowed=outgoing.anybody)
        self.previewer = Previewer(store, self.previews, self.counters, get, lambda: self.now)
        self.published = Published()
        store.publish = self.publish

    def publish(self, effects: Any) -> None:
        self.published.take(effects)
        self.previewer.note(effects)

    def say(self, by: Actor, room: int, text: str) -> int:
        return messages.send(self.store, by, MessageSend(room=room, cid=f"link-{next(_cids)}", text=text)).message.id

    def look(self) -> None:
        self.previewer.work(call_here)

    def message(self, actor: Actor, number: int) -> Message:
        (found,) = history.some(self.store, actor, MessageGet(messages=[number])).messages
        return found

    def count(self, table: Any) -> int:
        with self.store.read() as conn:
            return conn.scalar(select(func.count()).select_from(table)) or 0

    def turn_back(self, **by: int) -> None:
        """What is known of pages is so many milliseconds older."""
        older = update(link_previews).values(fetched_at=link_previews.c.fetched_at - by["ms"])
        self.store.write(lambda tx: tx.conn.execute(older))


@pytest.fixture
def scene(store: Store) -> Scene:
    return Scene(store)


@pytest.fixture
def room(store: Store, owner: Actor, member: Actor) -> int:
    return rooms.create(store, owner, RoomCreate(name="launch", kind="public", members=[member.user])).room.id


def test_a_message_gets_its_previews_as_a_change(
    scene: Scene, site: WebSite, owner: Actor, member: Actor, room: int
) -> None:
    site.pages["/cat.png"] = Answer(made("PNG", drawn(640, 320)), type="image/png")
    one = site.page("/one", "One", text="The first", site="Pages", picture="cat.png")
    two = site.page("/two", "Two")
    number = scene.say(member, room, f"{one} and {two}")
    said = scene.message(owner, number)
    assert (said.previews, site.came) == ([], [])
    scene.look()
    found = scene.message(owner, number)
    first, second = found.previews
    assert first == Preview(one, "One", "The first", "Pages", first.picture)
    assert second == Preview(two, "Two")
    assert (found.rev, found.seq, found.edited_at, found.text) == (said.rev + 1, said.seq, None, said.text)
    (told,) = scene.published.facts("message_changed")
    assert (told.rev, told.message) == (found.rev, found)
    # The picture lies here, small.
    assert first.picture is not None
    name = first.picture.removeprefix("/previews/").removesuffix(".webp")
    assert scene.previews.picture(name)[8:12] == b"WEBP"
    assert site.came == ["/one", "/cat.png", "/two"]
    assert "cookie" not in site.headers
    assert "referer" not in site.headers


def test_a_page_is_fetched_once_a_day_and_asked_again_after_it(
    scene: Scene, site: WebSite, owner: Actor, member: Actor, room: int
) -> None:
    link, gone = site.page("/one", "Before"), f"{site.url}/gone"
    first = [scene.say(actor, room, f"{link} {gone}") for actor in (owner, member)]
    scene.look()
    assert site.came == ["/one", "/gone"]
    assert [[one.title for one in scene.message(owner, number).previews] for number in first] == [["Before"]] * 2
    site.page("/one", "After")
    site.page("/gone", "Back")
    # What failed is tried earlier.
    scene.turn_back(ms=keeping.FAILED_MS)
    middle = scene.say(owner, room, f"{link} {gone}")
    scene.look()
    assert [one.title for one in scene.message(owner, middle).previews] == ["Before", "Back"]
    scene.turn_back(ms=keeping.FRESH_MS)
    last = scene.say(owner, room, link)
    scene.look()
    assert [one.title for one in scene.message(owner, last).previews] == ["After"]
    assert [one.title for one in scene.message(owner, first[0]).previews] == ["Before"]
    assert scene.counters.previews == {"fetched": 3, "nothing": 1, "known": 3}


def test_a_message_without_a_preview_is_no_change(scene: Scene, site: WebSite, owner: Actor, room: int) -> None:
    site.pages["/film"] = Answer(b"film", type="video/mp4")
    scene.say(owner, room, f"{site.url}/gone {site.url}/film http://127.0.0.1:1/ ||{site.page('/one', 'One')}||")
    scene.look()
    assert scene.published.facts("message_changed") == []
    assert sorted(site.came) == ["/film", "/gone"]


def test_an_edit_looks_at_other_links_and_keeps_those_that_are_left(
    scene: Scene, site: WebSite, owner: Actor, room: int
) -> None:
    one, two, three = (site.page(f"/{name}", name) for name in ("one", "two", "three"))
    number = scene.say(owner, room, f"{one} {two}")
    scene.look()
    previews.remove(scene.store, owner, PreviewRemove(message=number, url=one))

    def edit(text: str) -> list[str]:
        edited = messages.edit(scene.store, owner, MessageEdit(message=number, text=text)).message
        return [preview.title for preview in edited.previews]

    # With the same links, what was taken away stays away.
    assert edit(f"**{one}** and {two}") == ["two"]
    scene.look()
    assert edit(f"{two} {three}") == ["two"]
    scene.look()
    assert [preview.title for preview in scene.message(owner, number).previews] == ["two", "three"]
    assert edit("no links") == []
    scene.look()
    assert (scene.message(owner, number).previews, scene.count(message_previews)) == ([], 0)
    assert site.came == ["/one", "/two", "/three"]


def test_an_edit_or_a_deletion_while_a_page_is_fetched(scene: Scene, site: WebSite, owner: Actor, room: int) -> None:
    one, two = site.page("/one", "one"), site.page("/two", "two")
    edited, deleted = scene.say(owner, room, one), scene.say(owner, room, two)
    messages.edit(scene.store, owner, MessageEdit(message=edited, text=two))
    messages.remove(scene.store, owner, MessageDelete(message=deleted))
    scene.look()
    assert [preview.title for preview in scene.message(owner, edited).previews] == ["two"]
    assert scene.message(owner, deleted).previews == []


def test_a_deleted_message_has_nothing_left(scene: Scene, site: WebSite, owner: Actor, room: int) -> None:
    number = scene.say(owner, room, site.page("/one", "One"))
    scene.look()
    tombstone = messages.remove(scene.store, owner, MessageDelete(message=number)).message
    assert (tombstone.previews, scene.count(message_previews)) == ([], 0)


def test_who_may_take_one_off(
    scene: Scene, site: WebSite, store: Store, owner: Actor, member: Actor, room: int, make_member: Callable[..., Actor]
) -> None:
    one, two = site.page("/one", "one"), site.page("/two", "two")
    mine, theirs = scene.say(member, room, f"{one} {two}"), scene.say(owner, room, f"{one} {two}")
    scene.look()
    before = scene.message(owner, mine).rev
    for number, by, code in ((theirs, member, "forbidden"), (mine, make_member("chen"), "not_found")):
        with pytest.raises(ChatError) as refused:
            previews.remove(store, by, PreviewRemove(message=number, url=one))
        assert refused.value.code == code
    previews.remove(store, member, PreviewRemove(message=mine, url=one))
    previews.remove(store, member, PreviewRemove(message=mine, url=one))
    previews.remove(store, member, PreviewRemove(message=mine, url="https://a.example/"))
    shown = scene.message(owner, mine)
    assert ([preview.title for preview in shown.previews], shown.rev) == (["two"], before + 2)
    # Whoever leads the room, also when nothing more can be said in it.
    change(store, owner, RoomUpdate(room=room, archived=True))
    previews.remove(store, owner, PreviewRemove(message=mine, url=two))
    assert scene.message(owner, mine).previews == []
    assert scene.count(message_previews) == 2


def test_other_changes_leave_them_and_ask_nobody(scene: Scene, site: WebSite, owner: Actor, room: int) -> None:
    number = scene.say(owner, room, site.page("/one", "One"))
    scene.look()
    react(scene.store, owner, ReactionAdd(message=number, emoji="👍"))
    scene.look()
    assert [preview.title for preview in scene.message(owner, number).previews] == ["One"]
    assert site.came == ["/one"]


def test_what_is_too_much_is_dropped(scene: Scene, site: WebSite, owner: Actor, member: Actor, room: int) -> None:
    for number in range(previewer.AT_ONCE + 3):
        scene.say(owner, room, site.page(f"/{number}", "Page"))
    other = scene.say(member, room, site.page("/other", "Page"))
    scene.look()
    assert len(site.came) == previewer.AT_ONCE + 1
    assert scene.message(owner, other).previews != []
    # What is known costs nobody anything, and time gives more.
    known = scene.say(owner, room, f"{site.url}/1")
    scene.look()
    assert scene.message(owner, known).previews != []
    scene.now += previewer.EVERY_SECONDS
    scene.say(owner, room, f"{site.url}/{previewer.AT_ONCE}")
    scene.look()
    assert len(site.came) == previewer.AT_ONCE + 2
    assert scene.counters.previews["dropped"] == 3


def test_the_queue_does_not_grow(
    scene: Scene, site: WebSite, owner: Actor, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previewer, "MOST_WAITING", 3)
    for _ in range(5):
        scene.say(owner, room, site.page("/one", "One"))
    assert (scene.previewer.waiting, scene.counters.previews) == (3, {"dropped": 2})


def test_lanes_fetch_a_page_once_and_one_message_of_a_person_at_a_time(
    scene: Scene, site: WebSite, owner: Actor, member: Actor, room: int
) -> None:
    one, two, three = (site.page(f"/{name}", name) for name in ("one", "two", "three"))
    numbers = [scene.say(by, room, link) for by, link in ((owner, one), (owner, two), (member, one), (member, three))]
    meanwhile: list[str] = []

    def lane(work: Any, *args: Any) -> Any:
        if not meanwhile:
            # Another lane finds that alone which is neither the same page nor the same person's.
            scene.look()
            meanwhile.extend(site.came)
        return work(*args)

    scene.previewer.work(lane)
    assert (meanwhile, site.came) == (["/three"], ["/three", "/one", "/two"])
    assert all(scene.message(owner, number).previews for number in numbers)


@pytest.mark.parametrize("changed", [{"link_previews": "off"}, {"public_url": "http://127.0.0.1:5000"}])
def test_it_is_off_and_asks_not_itself(
    make_settings: Callable[..., Settings],
    store: Store,
    site: WebSite,
    owner: Actor,
    room: int,
    changed: dict[str, str],
) -> None:
    store.settings = make_settings(**changed)
    scene = Scene(store)
    scene.say(owner, room, site.page("/one", "One"))
    scene.look()
    assert site.came == []


def test_what_no_message_shows_is_forgotten(scene: Scene, site: WebSite, owner: Actor, room: int) -> None:
    site.pages["/cat.png"] = Answer(made("PNG"), type="image/png")
    kept, gone = (scene.say(owner, room, site.page(f"/{name}", name, picture="cat.png")) for name in ("kept", "gone"))
    scene.say(owner, room, f"{site.url}/nothing")
    scene.look()
    assert scene.previews.sweep() == 0
    messages.remove(scene.store, owner, MessageDelete(message=gone))
    assert scene.previews.sweep() == 0
    scene.turn_back(ms=keeping.OLD_MS)
    assert scene.previews.sweep() == 2
    assert scene.count(link_previews) == 1
    assert scene.message(owner, kept).previews != []


def test_pictures_that_no_page_has_are_swept(
    scene: Scene, site: WebSite, owner: Actor, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/cat.png"] = Answer(made("PNG"), type="image/png")
    number = scene.say(owner, room, site.page("/one", "One", picture="cat.png"))
    scene.say(owner, room, site.page("/two", "Two", picture="cat.png"))
    scene.look()
    two = scene.store.write(
        lambda tx: tx.conn.execute(update(link_previews).where(link_previews.c.title == "Two").values(picture=None))
    )
    assert two.rowcount == 1
    monkeypatch.setattr("chat.files.shelf.UNKNOWN_SECONDS", -1)
    scene.previews.sweep()
    (left,) = [found.key for part in scene.storage.listing(keeping.AREA) for found in part]
    assert left.rpartition("/")[2] == (scene.message(owner, number).previews[0].picture or "").rpartition("/")[2]


def test_another_process_shows_and_knows_what_this_one_found(
    scene: Scene, site: WebSite, make_store: Callable[..., Store], owner: Actor, room: int
) -> None:
    other = Scene(make_store())
    number = scene.say(owner, room, site.page("/one", "One"))
    # Nobody else's message.
    other.look()
    assert site.came == []
    scene.look()
    assert [preview.title for preview in other.message(owner, number).previews] == ["One"]
    second = other.say(owner, room, f"{site.url}/one")
    other.look()
    assert [preview.title for preview in scene.message(owner, second).previews] == ["One"]
    assert site.came == ["/one"]
