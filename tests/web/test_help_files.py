"""Visitors' files: what one may hand in, and that nobody but they and those who answer them reads it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from chat import times
from chat.actor import Actor
from chat.files import sweeping
from chat.helpdesk import agents, links, sites, visitors
from chat.helpdesk.sites import Site
from chat.hub import Hub
from chat.store import Store, Transaction
from chat.store.tables import attachments, help_visitors, messages, users
from chat.store.tables import files as file_table
from chat.web import limits
from tests.clients import Client
from tests.pictures import SECRET, drawn, made
from tests.web.browser import Browser

ORIGIN = "https://shop.example"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
_secrets = (f"secret-of-a-visitor-with-files-{number:04}" for number in itertools.count())


class Window:
    """A visitor's: what its frame sends by HTTP, and its socket."""

    def __init__(self, app: Flask, site: Site) -> None:
        self.app, self.site, self.secret = app, site, next(_secrets)
        self.client = app.test_client()
        self.headers = {"Authorization": f"Visitor {self.secret}"}
        self._socket: Client | None = None

    @property
    def socket(self) -> Client:
        self._socket = self._socket or Client(self.app, "/help", auth={"site": self.site.key, "visitor": self.secret})
        return self._socket

    def post(self, data: bytes, name: str = "a.txt", **more: Any) -> TestResponse:
        query = {"site": self.site.key, "name": name}
        return self.client.post("/help/files", query_string=query, data=data, headers=self.headers, **more)

    def upload(self, data: bytes, name: str = "a.txt") -> dict[str, Any]:
        answer = self.post(data, name)
        assert answer.status_code == 201, answer.text
        assert "Set-Cookie" not in answer.headers
        file: dict[str, Any] = answer.get_json()["file"]
        return file

    def say(self, text: str, *files: int, cid: str = "c1") -> dict[str, Any]:
        message: dict[str, Any] = self.socket.call("help_send", cid=cid, text=text, files=list(files))["message"]
        return message

    def told_of(self) -> list[dict[str, Any]]:
        """The files of what agents have said."""
        return [file for fact in self.socket.told("help_message") for file in fact["message"]["files"]]


def error(answer: TestResponse) -> tuple[int, str, str | None]:
    found = answer.get_json()["error"]
    assert answer.get_json()["ok"] is False
    assert "Set-Cookie" not in answer.headers
    return answer.status_code, found["code"], found.get("field")


@pytest.fixture
def site(store: Store, owner: Actor) -> Site:
    return sites.create(store, owner, "Sample shop", [ORIGIN])


@pytest.fixture
def window(app: Flask, site: Site) -> Window:
    return Window(app, site)


@pytest.fixture
def other(app: Flask, site: Site) -> Window:
    return Window(app, site)


@pytest.fixture
def agent(store: Store, owner: Actor, connect: Callable[[Actor], Client]) -> Client:
    agents.choose(store, owner, owner.user)
    return connect(owner)


def room_of(agent: Client) -> int:
    (waiting,) = agent.call("help_list", list="waiting")["conversations"]
    room: int = waiting["room"]
    agent.call("help_look_at", room=room)
    return room


def _carried_out(statement: Any, tx: Transaction) -> None:
    tx.conn.execute(statement)


def count(store: Store, table: Any) -> int:
    with store.read() as conn:
        return conn.scalar(select(func.count()).select_from(table)) or 0


class TestHandingIn:
    def test_a_picture_may_be_the_first_word(self, window: Window, agent: Client, app: Flask, owner: Actor) -> None:
        file = window.upload(made("JPEG", drawn(1600, 900), orientation=6), "../Beach \u202e.jpg")
        assert (file["name"], file["type"], file["width"], file["height"]) == ("Beach .jpg", "image/jpeg", 900, 1600)
        assert file["url"].startswith(f"/help/files/{file['id']}/Beach%20.jpg?")
        # Nobody waits before it was sent.
        assert agent.call("help_list", list="waiting")["conversations"] == []
        mine = window.say("", file["id"])
        assert mine["files"] == [file]
        assert [one["last"] for one in agent.call("help_list", list="waiting")["conversations"]] == ["Beach .jpg"]
        stranger = app.test_client()
        data = stranger.get(file["url"]).data
        assert (len(data), SECRET in data) == (file["size"], False)
        assert stranger.get(file["thumb"]).mimetype == "image/webp"
        (said,) = agent.call("history", room=room_of(agent))["messages"]
        assert said["files"][0]["thumb"] == f"/files/{file['id']}/thumb"
        assert window.socket.call("help_history")["messages"][0]["files"] == [file]

    def test_an_agent_sends_some_too(
        self, window: Window, agent: Client, owner: Actor, as_user: Callable[..., Browser]
    ) -> None:
        window.say("Hello?")
        browser = as_user(owner)
        token = {"X-CSRFToken": browser.token()}
        sent = browser.client.post("/files?name=plan.html", data=b"<html><script>", headers=token)
        file = sent.get_json()["file"]["id"]
        agent.send(room_of(agent), "Here", files=[file])
        (shown,) = window.told_of()
        response = window.app.test_client().get(shown["url"])
        headers = response.headers
        assert response.data == b"<html><script>"
        assert headers["Content-Type"] == "application/octet-stream"
        assert headers["Content-Disposition"].startswith("attachment; ")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
        assert headers["Cache-Control"] == "private, no-cache"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Set-Cookie" not in headers

    @pytest.mark.parametrize(
        ("data", "name", "kind"),
        [
            (SVG, "x.png", "image/svg+xml"),
            (b"<!doctype html><script>alert(1)</script>", "x.jpg", "text/html"),
            (b"MZ" + bytes(80), "../../etc/passwd", "application/vnd.microsoft.portable-executable"),
        ],
    )
    def test_a_name_is_only_a_name(self, window: Window, data: bytes, name: str, kind: str) -> None:
        file = window.upload(data, name)
        assert (file["type"], file["name"]) == (kind, name.rpartition("/")[2])
        response = window.client.get(file["url"])
        assert response.headers["Content-Disposition"].startswith("attachment; ")
        assert response.mimetype not in ("image/svg+xml", "text/html")

    def test_what_is_refused_makes_nobody(self, window: Window, store: Store) -> None:
        assert error(window.post(b"x", environ_overrides={"CONTENT_LENGTH": "0"})) == (400, "bad_request", "file")
        store.settings = store.settings.with_values({"help_file_mb": "1"})
        assert error(window.post(bytes((1 << 20) + 1))) == (413, "too_large", "file")
        store.settings = store.settings.with_values({"help_files": "off"})
        assert error(window.post(b"x")) == (403, "forbidden", None)
        assert count(store, help_visitors) == 0
        store.settings = store.settings.with_values({"help_files": "on", "help_open": "1"})
        Window(window.app, window.site).say("I am the only one")
        assert error(window.post(b"x")) == (429, "rate_limited", None)

    def test_a_broken_picture(self, window: Window) -> None:
        assert error(window.post(made("PNG")[:-20])) == (400, "bad_request", "file")

    def test_who_it_is_must_be_told(self, window: Window, as_user: Callable[..., Browser], owner: Actor) -> None:
        member = as_user(owner)
        for headers in (
            {},
            {"Authorization": window.secret},
            {"Authorization": f"Bearer {window.secret}"},
            {"Authorization": "Visitor short"},
            {"Authorization": f"Visitor {'x' * 101}"},
            {"Authorization": f"Visitor {window.secret}", "Origin": ORIGIN},
            {"Authorization": f"Visitor {window.secret}", "Origin": "null"},
        ):
            for client in (window.client, member.client):
                path = f"/help/files?site={window.site.key}&name=a"
                answer = client.post(path, data=b"x", headers=headers)
                assert error(answer)[:2] in ((401, "unauthenticated"), (403, "forbidden")), headers
        for key in ("", "nowhere"):
            answer = window.client.post(f"/help/files?site={key}", data=b"x", headers=window.headers)
            assert error(answer)[:2] == (401, "unauthenticated")
        assert window.post(b"x", environ_overrides={"HTTP_ORIGIN": "http://localhost"}).status_code == 201
        # What opens this opens nothing of the members'.
        assert window.client.post("/files?name=a", data=b"x", headers=window.headers).status_code == 401
        assert window.client.get("/files/1/a", headers=window.headers).status_code == 401

    def test_a_closed_site_takes_nothing_and_shows_nothing(self, window: Window, store: Store, owner: Actor) -> None:
        file = window.upload(b"x")
        sites.close(store, owner, window.site.id)
        assert error(window.post(b"x"))[:2] == (401, "unauthenticated")
        assert error(window.client.get(file["url"]))[:2] == (404, "not_found")

    def test_who_is_kept_out_begins_nothing(self, window: Window, app: Flask, store: Store, owner: Actor) -> None:
        file = window.upload(b"x")
        elsewhere = Window(app, sites.create(store, owner, "Another", [ORIGIN]))
        elsewhere.secret, elsewhere.headers = window.secret, window.headers
        assert error(elsewhere.post(b"x"))[:2] == (403, "forbidden")
        assert elsewhere.socket.error("help_send", cid="c", text="Hello?")["code"] == "forbidden"
        store.write(partial(_carried_out, update(users).where(users.c.role == "visitor").values(deactivated_at=1)))
        assert error(window.post(b"x"))[:2] == (403, "forbidden")
        assert window.socket.error("help_send", cid="c", text="Hello?")["code"] == "forbidden"
        assert error(window.client.get(file["url"]))[:2] == (404, "not_found")

    def test_a_blocked_network(self, window: Window, store: Store) -> None:
        file = window.upload(b"x")
        store.is_blocked = lambda address: True
        assert error(window.post(b"x"))[:2] == (403, "forbidden")
        assert error(window.client.get(file["url"]))[:2] == (403, "forbidden")

    def test_visitors_have_room_of_their_own(
        self, window: Window, other: Window, app: Flask, store: Store, hub: Hub, owner: Actor
    ) -> None:
        half = bytes(600_000)
        store.settings = store.settings.with_values({"help_visitor_mb": "1", "help_visitors_mb": "1"})
        file = window.upload(half)
        assert error(window.post(half)) == (413, "too_large", "quota")
        # There is room for this one, and none for all of them.
        assert error(other.post(half)) == (413, "too_large", "quota")
        path = f"/help/files/{file['id']}?site={window.site.key}"
        assert error(other.client.delete(path, headers=other.headers))[:2] == (404, "not_found")
        assert error(other.client.delete(path))[:2] == (401, "unauthenticated")
        assert window.client.delete(path, headers=window.headers).status_code == 204
        assert error(window.client.get(file["url"]))[:2] == (404, "not_found")
        sweeping.collect(store, hub.storage)
        assert other.post(half).status_code == 201

    def test_too_many(self, app: Flask, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        app.extensions["hubbub_attempts"] = limits.Attempts(on=True)
        window = Window(app, site)
        answers = [window.post(b"x").status_code for _ in range(31)]
        assert answers == [201] * 30 + [429]
        assert Window(app, site).post(b"x").status_code == 201

    def test_who_never_says_a_word_is_forgotten(self, window: Window, other: Window, store: Store, hub: Hub) -> None:
        window.upload(b"x")
        other.say("Hello?", other.upload(b"x")["id"])
        assert (count(store, help_visitors), visitors.forget_silent(store)) == (2, 0)
        past = times.now() - 3 * times.DAY
        for table in (file_table, help_visitors):
            old = update(table).values(created_at=past)
            store.write(partial(_carried_out, old))
        # As long as the file is there, it is somebody's.
        assert visitors.forget_silent(store) == 0
        sweeping.drop_unsent(store)
        sweeping.collect(store, hub.storage)
        assert visitors.forget_silent(store) == 1
        with store.read() as conn:
            left = conn.scalars(select(users.c.id).where(users.c.role == "visitor")).all()
        assert len(left) == count(store, help_visitors) == 1
        # Coming back, it is as the first time.
        window.say("Hello!", window.upload(b"x")["id"])


class TestReading:
    def test_an_address_is_good_for_one_file_of_one_visitor(
        self, window: Window, other: Window, as_user: Callable[..., Browser], owner: Actor
    ) -> None:
        mine, second = window.upload(b"mine"), window.upload(b"second")
        window.say("Mine", mine["id"], second["id"])
        theirs = other.upload(b"theirs")
        other.say("Theirs", theirs["id"])
        signed = re.search(r"visitor=(\d+)&until=(\d+)&sign=([\w-]+)$", mine["url"])
        assert signed
        visitor, until, sign = int(signed[1]), int(signed[2]), signed[3]
        number = mine["id"]

        other_visitor = re.search(r"visitor=(\d+)", theirs["url"])
        assert other_visitor
        wrong: list[tuple[int, dict[str, Any]]] = [
            (second["id"], {}),
            (theirs["id"], {}),
            (2**70, {}),
            *((number, {"visitor": value}) for value in (other_visitor[1], 0, "x", 2**70)),
            *((number, {"until": value}) for value in (until + 1, -1, "")),
            *((number, {"sign": value}) for value in ("", sign[:-1], "é")),
        ]
        assert window.client.get(mine["url"]).data == b"mine"
        member = as_user(owner).client
        for asked, changed in wrong:
            query = {"visitor": visitor, "until": until, "sign": sign, **changed}
            for path in (f"/help/files/{asked}/a.txt", f"/help/files/{asked}/thumb"):
                for client, headers in ((window.client, window.headers), (other.client, other.headers), (member, {})):
                    answer = client.get(path, query_string=query, headers=headers)
                    assert error(answer)[:2] == (404, "not_found"), (path, query)
        assert window.client.get(f"/help/files/{number}/a.txt").status_code == 404
        assert as_user(owner).get(f"/help/files/{number}/a.txt").status_code == 404

    def test_it_ends(self, window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
        file = window.upload(b"mine")
        for days, status in ((0.9, 200), (2.1, 404)):
            later = int(times.now() + days * times.DAY)
            with monkeypatch.context() as patched:
                patched.setattr(links, "now", lambda later=later: later)
                assert window.client.get(file["url"]).status_code == status

    def test_a_deleted_messages_file_is_gone(self, window: Window, agent: Client) -> None:
        file = window.upload(b"mine")
        said = window.say("Mine", file["id"])
        room_of(agent)
        # Passed on, it stays where it was sent to, and there alone.
        agent.send(1, "Look", files=[file["id"]])
        assert window.client.get(file["url"]).status_code == 200
        agent.call("message_delete", message=said["id"])
        assert window.client.get(file["url"]).status_code == 404
        assert window.socket.error("help_send", cid="again", text="", files=[file["id"]])["code"] == "not_found"

    def test_what_agents_tell_each_other_is_not_reached(
        self, window: Window, agent: Client, store: Store, owner: Actor, as_user: Callable[..., Browser]
    ) -> None:
        window.say("Hello?")
        room = room_of(agent)
        browser = as_user(owner)
        token = {"X-CSRFToken": browser.token()}
        file = browser.client.post("/files?name=a", data=b"secret", headers=token).get_json()["file"]["id"]
        agent.send(room, "Among us", files=[file])
        (shown,) = window.told_of()
        assert window.client.get(shown["url"]).data == b"secret"
        of_file = messages.c.id.in_(select(attachments.c.message_id).where(attachments.c.file_id == file))
        store.write(lambda tx: tx.conn.execute(update(messages).where(of_file).values(kind="note")))
        assert window.client.get(shown["url"]).status_code == 404
        assert window.socket.error("help_send", cid="x", text="", files=[file])["code"] == "not_found"

    def test_who_answers_reads_what_is_over(
        self, window: Window, agent: Client, owner: Actor, member: Actor, as_user: Callable[..., Browser]
    ) -> None:
        file = window.upload(b"mine")
        window.say("Mine", file["id"])
        agent.call("help_resolve", room=room_of(agent))
        assert as_user(owner).get(f"/files/{file['id']}/a").data == b"mine"
        assert as_user(member).get(f"/files/{file['id']}/a").status_code == 404


class TestSending:
    def test_only_what_one_has_handed_in(
        self, window: Window, other: Window, agent: Client, store: Store, owner: Actor, as_user: Callable[..., Browser]
    ) -> None:
        browser = as_user(owner)
        token = {"X-CSRFToken": browser.token()}
        of_member = browser.client.post("/files?name=a", data=b"x", headers=token).get_json()["file"]["id"]
        of_other = other.upload(b"x")["id"]
        for number in (of_member, of_other, 99, 2**53 - 1):
            assert window.socket.error("help_send", cid="c", text="x", files=[number])["code"] == "not_found"
        # What can't be sent begins nothing.
        assert agent.call("help_list", list="waiting")["conversations"] == []
        mine = window.upload(b"x")["id"]
        for files in ([mine, of_other], [mine, of_member]):
            assert window.socket.error("help_send", cid="c", text="x", files=files)["code"] == "not_found"
        wrong: list[Any] = [[0], ["1"], [mine] * 11, "x", {}, [None], [2**53]]
        for sent in wrong:
            refused = window.socket.error("help_send", cid="c", text="x", files=sent)
            assert refused["code"] in ("bad_request", "too_large"), sent
        assert len(window.say("", mine, mine)["files"]) == 1
        # An agent's is theirs to send.
        agent.send(room_of(agent), "Here", files=[of_member])
        assert window.socket.error("help_send", cid="d", text="x", files=[of_member])["code"] == "not_found"

    def test_ten_at_once(self, window: Window) -> None:
        numbers = [window.upload(b"x")["id"] for _ in range(10)]
        assert [file["id"] for file in window.say("All of it", *numbers)["files"]] == numbers
        assert window.socket.call("help_sync", rev=0)["messages"][0]["files"][9]["id"] == numbers[9]
