"""Who is pushed what, and what becomes of it: with a push service that opens what it gets."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from chat import involvement, messages, reads, reminders, room_settings, sessions, silence, times
from chat.actor import Actor
from chat.directs import open_with
from chat.errors import ChatError
from chat.events import CHAT_COMMANDS
from chat.events.help import HelpAssign, HelpList, HelpLookAt, HelpNote, HelpSend
from chat.events.messages import MessageSend
from chat.events.objects import QuietHours
from chat.events.people import PresenceSet, QuietSet
from chat.events.reading import ReadMark
from chat.events.rooms import DirectOpen, InvolvementSet, RoomCreate, RoomUpdate
from chat.events.saved import ReminderSet
from chat.helpdesk import agents, desk, sites, visiting
from chat.helpdesk.visiting import Visit
from chat.metrics.counters import Counters
from chat.push import Pusher, pusher, sealing, subscriptions
from chat.push.subscriptions import Subscribe, Unsubscribe
from chat.rooms import create
from chat.statuses import choose
from chat.store import Store
from chat.store.outbox import WordsChosen
from chat.store.tables import push_subscriptions
from chat.store.threads import call_here
from chat.transport import outgoing
from chat.words import Words
from tests.push_service import Device, PushService, push_service

_cids = itertools.count(1)


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as found:
        yield found


class Scene:
    """One process' pusher, on a clock that is turned by hand."""

    def __init__(self, store: Store, service: PushService) -> None:
        self.store = store
        self.service = service
        self.now = 1000.0
        self.counters = Counters(CHAT_COMMANDS)
        self.pusher = Pusher(store, self.counters, outgoing.post, lambda: self.now)
        store.publish = self.pusher.note

    def sign_in(self, actor: Actor, name: str) -> tuple[Actor, Device]:
        """A browser of somebody's that takes pushes."""
        secret = sessions.open_session(self.store, actor.user, user_agent="test", address="192.0.2.1")
        here = sessions.actor(self.store, secret)
        assert here is not None
        device = self.service.device(name)
        subscriptions.add(self.store, here, msgspec.convert(device.subscription, Subscribe))
        return here, device

    def say(self, by: Actor, room: int, text: str) -> int:
        return messages.send(self.store, by, MessageSend(room=room, cid=f"push-{next(_cids)}", text=text)).message.seq

    def pass_time(self, seconds: float = pusher.GATHER_SECONDS) -> None:
        self.now += seconds
        self.pusher.beat()
        self.pusher.work(call_here)


@pytest.fixture
def scene(make_settings: Callable[..., Any], store: Store, service: PushService) -> Scene:
    store.settings = make_settings(push_local="on", public_url="https://chat.example.org")
    return Scene(store, service)


@pytest.fixture
def room(store: Store, owner: Actor, member: Actor) -> int:
    return create(store, owner, RoomCreate(name="launch", kind="public", members=[member.user])).room.id


def test_a_mention_is_pushed_sealed_to_each_of_my_browsers(
    scene: Scene, owner: Actor, member: Actor, room: int
) -> None:
    (_, phone), (_, laptop) = scene.sign_in(owner, "phone"), scene.sign_in(owner, "laptop")
    _, other = scene.sign_in(member, "other")
    scene.say(member, room, "nobody in particular")
    seq = scene.say(member, room, "@ada **look** at ||this||")
    scene.pass_time(pusher.GATHER_SECONDS - 0.1)
    assert scene.service.came == []
    scene.pass_time()
    (note,) = scene.service.to(phone)
    assert scene.service.to(laptop) == [note]
    assert scene.service.to(other) == []
    assert note["title"] == "Mira · #launch"
    assert note["options"]["body"] == "@Ada look at ▒▒▒"
    data = note["options"]["data"]
    assert (data["user"], data["room"], data["seq"], data["called"]) == (owner.user, room, seq, True)
    headers = scene.service.came[0].headers
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["urgency"] == "high"
    assert len(headers["topic"]) <= 32
    assert headers["authorization"].startswith("vapid t=")
    assert headers["authorization"].endswith(f", k={scene.pusher.public_key()}")
    assert b"look" not in scene.service.came[0].body
    assert scene.counters.pushes == {"sent": 2}


@pytest.mark.parametrize(
    ("settings", "contact"),
    [
        ({}, "https://chat.example.org"),
        ({"push_contact": "mailto:ada@example.org"}, "mailto:ada@example.org"),
        ({"public_url": "http://chat.example.org"}, "mailto:push@localhost"),
    ],
)
def test_a_service_is_told_whom_to_write_to(
    scene: Scene, store: Store, owner: Actor, member: Actor, room: int, settings: dict[str, str], contact: str
) -> None:
    store.settings = dataclasses.replace(store.settings, **settings)  # type: ignore[arg-type]
    scene.sign_in(owner, "phone")
    scene.say(member, room, "@ada")
    scene.pass_time()
    (came,) = scene.service.came
    claims = came.headers["authorization"].removeprefix("vapid t=").split(",")[0].split(".")[1]
    said = msgspec.json.decode(sealing.decoded(claims))
    assert (said["sub"], said["aud"]) == (contact, scene.service.url)


def test_a_word_of_mine_is_pushed_and_stays_among_many(
    scene: Scene, store: Store, owner: Actor, member: Actor, room: int
) -> None:
    _, phone = scene.sign_in(owner, "phone")
    words = Words(call_here)
    words.hear(WordsChosen(owner.user, 1, ("deploy",)))
    said = MessageSend(room=room, cid="word", text="we deploy now")
    messages.send(store, member, said, called_by=words.called_by)
    for number in range(pusher.MOST_MESSAGES):
        scene.say(member, room, f"nobody {number}")
    scene.pass_time()
    (note,) = scene.service.to(phone)
    assert (note["options"]["body"], note["options"]["data"]["called"]) == ("we deploy now", True)


def test_everything_of_a_room_and_directs_and_never_my_own(
    scene: Scene, store: Store, owner: Actor, member: Actor, room: int
) -> None:
    _, phone = scene.sign_in(owner, "phone")
    involvement.choose(store, owner, InvolvementSet(room=room, level="everything"))
    direct = open_with(store, member, DirectOpen(users=[owner.user])).room.id
    for text in ("one", "two"):
        scene.say(member, room, text)
    scene.say(owner, room, "mine")
    scene.say(member, direct, "just us")
    scene.pass_time()
    in_room, in_direct = scene.service.to(phone)
    assert (in_room["title"], in_room["options"]["body"]) == ("Mira · #launch: 2 new messages", "one\ntwo")
    assert (in_direct["title"], in_direct["options"]["body"]) == ("Mira", "just us")
    involvement.choose(store, owner, InvolvementSet(room=room, level="nothing"))
    scene.say(member, room, "@ada hello?")
    scene.pass_time()
    assert len(scene.service.came) == 2


def test_what_happens_to_a_room_is_not_pushed(
    scene: Scene, store: Store, owner: Actor, member: Actor, room: int
) -> None:
    _, phone = scene.sign_in(owner, "phone")
    involvement.choose(store, owner, InvolvementSet(room=room, level="everything"))
    room_settings.change(store, member, RoomUpdate(room=room, topic="Next week"))
    scene.pass_time()
    assert scene.service.came == []
    scene.say(member, room, "before")
    room_settings.change(store, member, RoomUpdate(room=room, topic="Next month"))
    scene.pass_time()
    (note,) = scene.service.to(phone)
    assert (note["title"], note["options"]["body"]) == ("Mira · #launch", "before")


def test_the_first_browser_of_a_server_misses_nothing(scene: Scene, owner: Actor, member: Actor, room: int) -> None:
    scene.say(member, room, "@ada before there was one")
    scene.pass_time()
    _, phone = scene.sign_in(owner, "phone")
    scene.say(member, room, "@ada and now")
    scene.pass_time()
    assert [note["options"]["body"] for note in scene.service.to(phone)] == ["@Ada and now"]


def test_what_is_put_aside_for_long_is_gathered_by_room(
    scene: Scene, owner: Actor, member: Actor, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pusher, "MOST_NOTED", 2)
    _, phone = scene.sign_in(owner, "phone")
    for number in range(5):
        scene.say(member, room, f"@ada {number}")
    scene.pass_time()
    (note,) = scene.service.to(phone)
    assert note["options"]["body"].endswith("@Ada 4")
    assert note["title"].endswith("5 new messages")


def test_what_is_read_meanwhile_is_not_pushed(
    scene: Scene, store: Store, owner: Actor, member: Actor, room: int
) -> None:
    scene.sign_in(owner, "phone")
    seq = scene.say(member, room, "@ada now")
    reads.mark(store, owner, ReadMark(room=room, seq=seq))
    scene.pass_time()
    assert scene.service.came == []


def test_nothing_is_pushed_in_silence(scene: Scene, store: Store, owner: Actor, member: Actor, room: int) -> None:
    scene.sign_in(owner, "phone")
    choose(store, owner, PresenceSet(status="dnd"))
    scene.say(member, room, "@ada busy?")
    scene.pass_time()
    choose(store, owner, PresenceSet(status="online"))
    always = QuietHours("00:00", "00:00", [1, 2, 3, 4, 5, 6, 7], "UTC")
    silence.choose_hours(store, owner, QuietSet(always))
    scene.say(member, room, "@ada asleep?")
    scene.pass_time()
    assert scene.service.came == []
    silence.choose_hours(store, owner, QuietSet(None))
    scene.say(member, room, "@ada awake?")
    scene.pass_time()
    assert len(scene.service.came) == 1


def test_the_owner_may_leave_the_text_out_and_the_reader_has_a_language(
    scene: Scene, make_settings: Callable[..., Any], store: Store, owner: Actor, member: Actor, room: int
) -> None:
    _, phone = scene.sign_in(owner, "phone")
    store.settings = make_settings(push_local="on", push_text="off", language="zh-Hans")
    scene.say(member, room, "@ada a secret")
    scene.pass_time()
    (note,) = scene.service.to(phone)
    assert note["options"]["body"] == "新消息"
    assert "secret" not in str(note)


def test_long_texts_and_names_fit(scene: Scene, owner: Actor, member: Actor, room: int) -> None:
    _, phone = scene.sign_in(owner, "phone")
    for _ in range(4):
        scene.say(member, room, "@ada " + "很长" * 4000)
    scene.pass_time()
    assert len(scene.service.came[0].body) < 3100
    assert scene.service.to(phone)[0]["options"]["body"].count("\n") == 2


def test_a_dead_subscription_is_dropped_and_a_refused_one_is_not(
    scene: Scene, store: Store, owner: Actor, member: Actor, room: int, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.sign_in(owner, "phone")
    for number, status in enumerate((401, 403, 400, 413, 410), 1):
        scene.service.answers = [(status, {})]
        scene.say(member, room, f"@ada {number}")
        scene.pass_time()
        with store.read() as conn:
            assert subscriptions.are_any(conn) is (status != 410)
    assert scene.counters.pushes == {"refused": 4, "gone": 1}


def test_a_busy_service_is_asked_again_when_it_says_so_and_not_for_ever(
    scene: Scene, owner: Actor, member: Actor, room: int
) -> None:
    _, phone = scene.sign_in(owner, "phone")
    scene.service.answers = [(429, {"Retry-After": "30"}), (503, {})]
    scene.say(member, room, "@ada one")
    scene.pass_time()
    scene.pass_time(29)
    assert len(scene.service.came) == 1
    # What is said meanwhile takes its place.
    scene.say(member, room, "@ada two")
    scene.pass_time(2)
    scene.pass_time(2)
    scene.pass_time(10)
    assert [note["options"]["data"]["seq"] for note in scene.service.to(phone)][-1] == 2
    scene.service.answers = [(500, {})] * 20
    before = len(scene.service.came)
    scene.say(member, room, "@ada three")
    for _ in range(40):
        scene.pass_time(30)
    assert len(scene.service.came) - before == pusher.MOST_TRIES
    assert scene.counters.pushes["failed"] == 1
    assert scene.pusher.waiting == 0


def test_one_person_is_not_buried(scene: Scene, store: Store, owner: Actor, member: Actor) -> None:
    scene.sign_in(owner, "phone")
    rooms = [
        create(store, owner, RoomCreate(name=f"room{n}", kind="public", members=[member.user])).room.id
        for n in range(pusher.AT_ONCE + 5)
    ]
    for one in rooms:
        scene.say(member, one, "@ada here")
    scene.pass_time()
    assert len(scene.service.came) == pusher.AT_ONCE
    assert scene.pusher.waiting == 5
    scene.pass_time(60)
    assert scene.pusher.waiting == 0


def test_it_ends_with_its_session_and_moves_with_its_browser(
    scene: Scene, store: Store, owner: Actor, member: Actor, room: int
) -> None:
    here, _ = scene.sign_in(owner, "phone")
    sessions.sign_out(store, here)
    scene.say(member, room, "@ada gone?")
    scene.pass_time()
    assert scene.service.came == []
    # Somebody else signs in in the same browser: it is theirs from then on.
    scene.sign_in(owner, "phone")
    scene.sign_in(member, "phone")
    with store.read() as conn:
        assert list(conn.scalars(select(push_subscriptions.c.user_id))) == [member.user]


def test_so_many_a_person_and_turned_off_by_hand(scene: Scene, store: Store, owner: Actor) -> None:
    for number in range(subscriptions.MOST_A_USER + 1):
        scene.sign_in(owner, f"device{number}")
    here, device = scene.sign_in(owner, "last")
    with store.read() as conn:
        assert len(list(conn.scalars(select(push_subscriptions.c.id)))) == subscriptions.MOST_A_USER
    subscriptions.remove(store, here, Unsubscribe(device.endpoint))
    subscriptions.remove(store, here, Unsubscribe(device.endpoint))
    with store.read() as conn:
        assert len(list(conn.scalars(select(push_subscriptions.c.id)))) == subscriptions.MOST_A_USER - 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/a",
        "ftp://push.example/a",
        "https:///a",
        "https://me:secret@push.example/a",
        "https://push.example:99999/a",
        "https://push.example/a b",
        "https://пуш.example/a",
        "nonsense",
    ],
)
def test_addresses_that_are_no_push_service(
    make_settings: Callable[..., Any], store: Store, owner: Actor, endpoint: str
) -> None:
    store.settings = make_settings()
    keys = Device("").subscription["keys"]
    secret = sessions.open_session(store, owner.user, user_agent="test", address="192.0.2.1")
    here = sessions.actor(store, secret)
    assert here is not None
    with pytest.raises(ChatError) as refused:
        subscriptions.add(store, here, msgspec.convert({"endpoint": endpoint, "keys": keys}, Subscribe))
    assert (refused.value.code, refused.value.field) == ("bad_request", "endpoint")
    # A program, which has no browser.
    with pytest.raises(ChatError):
        subscriptions.add(store, owner, msgspec.convert({"endpoint": "https://a.example", "keys": keys}, Subscribe))


def test_the_key_is_made_once_for_all_processes(store: Store, owner: Actor) -> None:
    assert subscriptions.server_key(store) == subscriptions.server_key(store)


def test_a_reminder_is_pushed_to_who_wanted_it_and_not_into_silence(
    scene: Scene, store: Store, owner: Actor, member: Actor, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, phone = scene.sign_in(owner, "phone")
    scene.sign_in(member, "other")
    said = [messages.send(store, member, MessageSend(room, f"r{number}", "**Later**")).message for number in range(2)]
    scene.pass_time()
    assert scene.service.came == []
    moments = [times.now() + hours * 3_600_000 for hours in (1, 3)]
    for message, moment in zip(said, moments, strict=True):
        reminders.choose(store, owner, ReminderSet(message.id, times.stamp(moment - 1)))
    monkeypatch.setattr(reminders, "now", lambda: moments[0])
    reminders.call(store)
    scene.pass_time()
    (note,) = scene.service.to(phone)
    assert (note["title"], note["options"]["body"]) == ("Reminder: Mira · #launch", "Later")
    assert note["options"]["tag"] == f"hubbub-reminder-{said[0].id}"
    data = note["options"]["data"]
    assert (data["message"], data["reminder"], data["called"]) == (said[0].id, True, True)
    choose(store, owner, PresenceSet("dnd"))
    monkeypatch.setattr(reminders, "now", lambda: moments[1])
    reminders.call(store)
    scene.pass_time()
    assert len(scene.service.came) == 1


def test_a_visitor_who_waits_is_pushed_to_who_answers_and_to_nobody_else(
    scene: Scene, store: Store, owner: Actor, member: Actor
) -> None:
    _, phone = scene.sign_in(owner, "phone")
    scene.sign_in(member, "other")
    agents.choose(store, owner, owner.user)
    site = sites.create(store, owner, "Sample shop", ["https://shop.example"])

    def write(secret: str, text: str) -> None:
        visit = Visit(site, secret, "192.0.2.1", "A browser", "en")
        visiting.send(store, visit, HelpSend(f"c-{text}", text))

    write("x" * 40, "*Anybody?*")
    write("x" * 40, "Hello?")
    scene.pass_time()
    (note,) = scene.service.to(phone)
    assert note["title"].endswith("is waiting for an answer")
    # What was said first, as it stood when it called.
    assert note["options"]["body"] == "Anybody?"
    data = note["options"]["data"]
    assert (data["user"], data["visitor"], data["called"]) == (owner.user, True, True)
    assert note["options"]["tag"] == f"hubbub-visitor-{data['room']}"
    # One who is taken before anybody is told calls nobody.
    write("y" * 40, "Anybody else?")
    (room,) = (
        one.room for one in desk.listing(store, owner, HelpList("waiting")).conversations if one.room != data["room"]
    )
    desk.assign(store, owner, HelpAssign(room, owner.user))
    scene.pass_time()
    assert len(scene.service.came) == 1
    choose(store, owner, PresenceSet("dnd"))
    write("z" * 40, "And now?")
    scene.pass_time()
    assert len(scene.service.came) == 1


def test_a_note_can_not_be_answered_from_its_notification(
    scene: Scene, store: Store, owner: Actor, member: Actor
) -> None:
    _, phone = scene.sign_in(owner, "phone")
    agents.choose(store, owner, owner.user)
    agents.choose(store, owner, member.user)
    site = sites.create(store, owner, "Sample shop", ["https://shop.example"])
    visit = Visit(site, "x" * 40, "192.0.2.1", "A browser", "en")
    visiting.send(store, visit, HelpSend("c", "Hello?"))
    (queued,) = desk.listing(store, owner, HelpList("waiting")).conversations
    room = queued.room
    desk.assign(store, owner, HelpAssign(room, owner.user))
    desk.look_at(store, member, HelpLookAt(room))

    def pushed() -> tuple[list[str], bool]:
        scene.pass_time()
        options = scene.service.to(phone)[-1]["options"]
        return [action["action"] for action in options["actions"]], options["data"].get("note", False)

    desk.note(store, member, HelpNote(room, "n", "Is this a thief?"))
    assert pushed() == (["read"], True)
    visiting.send(store, visit, HelpSend("c2", "Still there?"))
    assert pushed() == (["reply", "read"], False)
