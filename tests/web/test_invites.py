"""Invitations, for staff."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from chat import invites, rooms
from chat.actor import Actor
from chat.events.rooms import RoomCreate
from chat.store import Store
from chat.web import leave
from tests.web.browser import Browser, text

WEEK = {"days": "7", "uses": "1", "room": "0"}


@pytest.fixture
def staff(as_user: Callable[..., Browser], owner: Actor) -> Browser:
    return as_user(owner)


def link(page: Any) -> str:
    found = re.search(r'readonly value="([^"]+)"', page.text)
    assert found
    return found[1]


def test_members_have_no_such_page(as_user: Callable[..., Browser], member: Actor) -> None:
    browser = as_user(member)
    assert browser.get("/invites").status_code == 403
    assert browser.post("/invites", WEEK).status_code == 403
    assert browser.post("/invites/1/revoke").status_code == 403
    assert "/invites" not in browser.get("/settings").text


def test_makes_a_link_that_is_shown_once(staff: Browser, visitor: Browser) -> None:
    page = staff.post("/invites", WEEK)
    address = link(page)
    assert address.startswith("http://localhost/invite/")
    assert address not in staff.get("/invites").text
    assert visitor.get(address.removeprefix("http://localhost")).status_code == 200


def test_takes_a_link_back(staff: Browser, visitor: Browser, owner: Actor, store: Store) -> None:
    path = link(staff.post("/invites", WEEK)).removeprefix("http://localhost")
    (invite,) = invites.listing(store, owner)
    assert staff.post(f"/invites/{invite.id}/revoke").status_code == 303
    assert visitor.get(path).status_code == 404
    assert "Taken back" in text(staff.get("/invites"))


@pytest.mark.parametrize(
    "fields",
    [
        {**WEEK, "days": "0"},
        {**WEEK, "days": "1e9"},
        {**WEEK, "uses": "-1"},
        {**WEEK, "uses": "1000000"},
        {**WEEK, "room": "999"},
        {**WEEK, "room": "x"},
    ],
)
def test_refuses_what_is_not_offered(staff: Browser, owner: Actor, store: Store, fields: dict[str, str]) -> None:
    assert staff.post("/invites", fields).status_code == 400
    assert invites.listing(store, owner) == []


def test_leads_into_rooms_of_ones_own_only(staff: Browser, member: Actor, store: Store) -> None:
    theirs = rooms.create(store, member, RoomCreate("attic", "private")).room
    assert "attic" not in staff.get("/invites").text
    assert staff.post("/invites", {**WEEK, "room": str(theirs.id)}).status_code == 400


def test_an_unknown_link_is_not_there(staff: Browser) -> None:
    assert staff.post("/invites/999/revoke").status_code == 404
    assert staff.post(f"/invites/{2**64}/revoke").status_code == 404


def test_links_name_the_public_address_whatever_host_was_asked(make_app: Callable[..., Flask]) -> None:
    app = make_app(public_url="https://chat.example.org")
    with app.test_request_context("/invites", headers={"Host": "evil.example"}):
        assert leave.public("web.invite", token="secret") == "https://chat.example.org/invite/secret"
