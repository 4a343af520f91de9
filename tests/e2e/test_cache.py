"""What a browser keeps: shown at once, put right by what happened meanwhile, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import update

from chat import members
from chat.events.rooms import RoomRemove
from chat.store.batch import Transaction
from chat.store.tables import messages, rooms
from tests.e2e.browsers import Browsers, Conversation, read_all
from tests.e2e.lines import Line
from tests.e2e.scripts import script
from tests.servers import Person, Server


def change(server: Server, room: int, seq: int, **values: object) -> None:
    """Edit or delete a message of a server that does not run, as the server will when it can."""

    def work(tx: Transaction) -> None:
        counted = update(rooms).where(rooms.c.id == room).values(rev=rooms.c.rev + 1).returning(rooms.c.rev)
        rev = tx.conn.execute(counted).scalar_one()
        here = (messages.c.room_id == room) & (messages.c.seq == seq)
        tx.conn.execute(update(messages).where(here).values(rev=rev, **values))

    server.store.write(work)


def test_a_reload_shows_what_was_there_and_then_what_has_become_of_it(
    browsers: Browsers, make_server: Callable[..., Server]
) -> None:
    server = make_server()
    ada, bo = server.owner("ada", "Ada"), server.add("bo", "Bo")
    harbour, gone = server.room(ada, "harbour", bo), server.room(ada, "gone", bo)
    server.say(ada, harbour, "stays", "has a typo", "is regretted", "is the last")
    server.say(ada, gone, "behind a closed door")
    server.start()
    with Line(server.port) as line:
        page = Conversation(browsers.page(server, bo, base_url=line.url, quiet=False)).open(f"/room/{gone}")
        page.message("behind a closed door").wait_for()
        page.link("harbour").click()
        page.message("is the last").wait_for()
        page.until_cached("is the last").until_cached("behind a closed door")
        line.cut("/socket.io/")
        page.page.reload()
        # The page can be had and the socket can't: what is here now comes from the browser alone.
        page.message("is the last").wait_for()
        expect(page.bodies).to_have_text(["stays", "has a typo", "is regretted", "is the last"])
        expect(page.link("gone")).to_be_visible()
        # A room of which nothing is here does not look as if it were coming.
        page.link("general").click()
        expect(page.page.get_by_text("will be shown when the connection is back")).to_be_visible()
        page.link("harbour").click()
        page.message("is the last").wait_for()
        server.stop()
        change(server, harbour, 2, text="has no typo", html="<p>has no typo</p>", edited_at=1)
        change(server, harbour, 3, text="", html="", deleted_at=1)
        server.let_go()
        members.remove(server.store, ada.actor, RoomRemove(room=gone, user=bo.id))
        server.say(ada, harbour, *(f"new {number}" for number in range(1, 31)))
        server.start()
        line.restore()
        page.network_back()
        page.message("new 30").wait_for()
        expect(page.link("gone")).to_have_count(0)
        found = read_all(page.page)
        assert [seq for seq, _ in found] == list(range(1, 35))
        texts = [text for _, text in found]
        assert texts[:2] == ["stays", "has no typo (edited)"]
        assert "is regretted" not in texts
        assert texts[3:] == ["is the last", *(f"new {number}" for number in range(1, 31))]
        # Also what is kept from now on knows nothing of the room any more.
        page.until_cached("new 30")
        page.until_cached("behind a closed door", no_more=True)


def test_another_epoch_throws_everything_away(
    browsers: Browsers, make_server: Callable[..., Server], tmp_path: Path
) -> None:
    server = make_server()
    ada = server.owner("ada", "Ada")
    room = server.room(ada, "harbour")
    server.say(ada, room, "before the backup")
    server.start()
    saved = tmp_path / "saved.zip"
    server.command("backup", str(saved))
    page = Conversation(browsers.page(server, ada, quiet=False)).open(f"/room/{room}")
    page.say("after the backup")
    expect(page.pending()).to_have_count(0)
    page.until_cached("after the backup")
    server.stop()
    server.let_go()
    server.command("restore", str(saved), "--force")
    server.say(ada, room, "another history")
    server.start()
    page.page.reload()
    page.message("another history").wait_for()
    assert [text for _, text in read_all(page.page)] == ["before the backup", "another history"]
    page.until_cached("another history").until_cached("after the backup", no_more=True)


def test_a_damaged_cache_is_as_none(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    server, ada, room = harbour(make_server)
    page = Conversation(browsers.page(server, ada)).open(f"/room/{room}")
    page.message("hello").wait_for()
    page.until_cached("hello")
    page.page.goto("/settings")
    page.page.evaluate(script("damage"))
    page.open(f"/room/{room}")
    assert [text for _, text in read_all(page.page)] == ["hello"]


def test_a_second_account_sees_nothing_of_the_first(browsers: Browsers, make_server: Callable[..., Server]) -> None:
    server, ada, room = harbour(make_server)
    bo = server.add("bo", "Bo")
    with Line(server.port) as line:
        context = browsers.context(server, ada, base_url=line.url, quiet=False)
        first = Conversation(context.new_page()).open(f"/room/{room}")
        first.message("hello").wait_for()
        first.composer.fill("a thought of Ada's")
        first.until_cached("hello")
        # Without signing out: the cookie of the browser becomes another's.
        context.add_cookies([{"name": "hubbub_session", "value": bo.cookie, "url": line.url}])
        second = Conversation(context.new_page())
        line.cut("/socket.io/")
        second.page.goto(f"/room/{room}")
        second.connection("Reconnecting").wait_for()
        expect(second.page.get_by_text("hello")).to_have_count(0)
        expect(second.page.get_by_text("harbour")).to_have_count(0)
        expect(second.page.get_by_text("a thought of Ada's")).to_have_count(0)
        # The first page comes back to a server for which it is Bo's: it must not go on as Ada.
        line.restore()
        first.network_back()
        expect(first.page.get_by_text("hello")).to_have_count(0)
        first.connection("Live").wait_for()
        assert "hello" not in first.page.evaluate(script("cached"))


def harbour(make_server: Callable[..., Server]) -> tuple[Server, Person, int]:
    server = make_server()
    ada = server.owner("ada", "Ada")
    room = server.room(ada, "harbour")
    server.say(ada, room, "hello")
    return server.start(), ada, room
