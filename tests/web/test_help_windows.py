"""Live help as staff set it up: windows, how they look, who answers; and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chat import audit
from chat.actor import Actor
from chat.events.moderation import AuditList
from chat.events.objects import QuietHours
from chat.helpdesk import agents, sites
from chat.helpdesk.sites import Site
from chat.store import Store
from tests.web.browser import Browser, text

NEW = {"name": "Sample shop", "origins": "https://shop.example\nHTTPS://www.Shop.example/"}
LOOK = {
    **NEW,
    "greeting": "Ahoy!",
    "away": "Back at nine.",
    "hue": "300",
    "side": "left",
    "language": "zh-Hans",
    "ask_name": "off",
    "ask_email": "required",
}
HOURS = {"on": "y", "start": "09:00", "end": "17:00", "days": ["1", "5"], "zone": "Europe/Berlin"}


@pytest.fixture
def staff(as_user: Callable[..., Browser], owner: Actor) -> Browser:
    return as_user(owner)


@pytest.fixture
def site(store: Store, owner: Actor) -> Site:
    return sites.create(store, owner, "Sample shop", ["https://shop.example"])


def answering(store: Store) -> list[int]:
    with store.read() as conn:
        return agents.ids(conn)


def test_members_have_no_such_page(as_user: Callable[..., Browser], member: Actor, site: Site, store: Store) -> None:
    browser = as_user(member)
    assert [browser.get(path).status_code for path in ("/server/help", f"/server/help/{site.id}")] == [403, 403]
    posts = ("", f"/{site.id}", f"/{site.id}/close", "/agents", f"/agents/{member.user}/remove")
    assert {browser.post(f"/server/help{path}", LOOK).status_code for path in posts} == {403}
    assert answering(store) == []


def test_a_window_is_made_and_its_maker_answers(staff: Browser, store: Store, owner: Actor) -> None:
    assert "The first web site" in text(staff.get("/server/help"))
    made = staff.post("/server/help", NEW)
    assert made.status_code == 303
    (found,) = sites.listing(store, owner)
    assert found.origins == ("https://shop.example", "https://www.shop.example")
    page = staff.get(made.headers["Location"])
    assert f"data-site=&#34;{found.key}&#34;" in page.text
    assert "/help/widget.js" in page.text
    assert answering(store) == [owner.user]
    assert "https://www.shop.example" in text(staff.get("/server/help"))


def test_it_looks_as_it_is_told(staff: Browser, store: Store, site: Site) -> None:
    assert staff.post(f"/server/help/{site.id}", {**LOOK, **HOURS}).status_code == 303
    look = sites.by_id(store, site.id).look
    assert (look.greeting, look.hue, look.side, look.language) == ("Ahoy!", 300, "left", "zh-Hans")
    assert (look.ask_name, look.ask_email) == ("off", "required")
    assert look.hours == QuietHours("09:00", "17:00", [1, 5], "Europe/Berlin")
    shown = staff.get(f"/server/help/{site.id}").text
    assert "Back at nine." in shown
    staff.post(f"/server/help/{site.id}", LOOK)
    assert sites.by_id(store, site.id).look.hours is None


def test_it_is_closed_and_opened(staff: Browser, store: Store, site: Site, owner: Actor) -> None:
    staff.post(f"/server/help/{site.id}/close")
    assert sites.by_key(store, site.key) is None
    assert "Closed" in text(staff.get("/server/help"))
    staff.post(f"/server/help/{site.id}/open")
    assert sites.by_key(store, site.key) is not None
    acts = [entry.action for entry in audit.rows(store, owner, AuditList())]
    assert acts == ["help_site_close", "help_site_close", "help_site"]


@pytest.mark.parametrize(
    "origins",
    [
        *("", "shop.example", "ftp://shop.example", "https://", "https://shop.example/path", "https://*.example"),
        *("https://shop.example; script-src *", "https://a.example\r\nX: y", "javascript:alert(1)", "https://a b"),
        *(
            "https://user@shop.example",
            "https://shop.example:123456",
            "\x00",
            "\n".join(["https://a.example"] * 3 + [f"https://a{n}.example" for n in range(30)]),
        ),
    ],
)
def test_what_is_no_origin(staff: Browser, store: Store, owner: Actor, origins: str) -> None:
    assert staff.post("/server/help", {**NEW, "origins": origins}).status_code == 400
    assert sites.listing(store, owner) == []


@pytest.mark.parametrize(
    "fields",
    [
        *({"hue": "361"}, {"hue": "x"}, {"side": "top"}, {"language": "tlh"}, {"ask_name": "perhaps"}),
        *({"greeting": "x" * 301}, {"name": ""}, {"name": "x" * 81}, {"zone": "Nowhere/Land"}, {"days": []}),
        *({"start": "25:00"}, {"end": ""}, {"away": "\x00"}),
    ],
)
def test_looks_that_can_not_be(staff: Browser, store: Store, site: Site, fields: dict[str, str]) -> None:
    assert staff.post(f"/server/help/{site.id}", {**LOOK, **HOURS, **fields}).status_code in (400, 413)
    assert sites.by_id(store, site.id).look == site.look


def test_who_answers_is_chosen(staff: Browser, store: Store, member: Actor, make_member: Callable[..., Actor]) -> None:
    assert staff.post("/server/help/agents", {"username": member.username}).status_code == 303
    assert answering(store) == [member.user]
    robot = make_member("robot", role="bot")
    for username in ("nobody", "", robot.username, "\x00", "x" * 500):
        assert staff.post("/server/help/agents", {"username": username}).status_code in (400, 404)
    assert staff.post(f"/server/help/agents/{member.user}/remove").status_code == 303
    assert answering(store) == []
    for user in ("999", str(2**60)):
        assert staff.post(f"/server/help/agents/{user}/remove").status_code == 404
        assert staff.get(f"/server/help/{user}").status_code == 404
