"""Accounts, as staff see and change them; and the link by which somebody chooses a new password."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from chat import accounts, administration, audit, members, messages, password_resets, tokens
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.admin import UserDeactivate
from chat.events.messages import MessageSend
from chat.events.moderation import AuditList, RoomBan, UserBan, UserMute
from chat.events.rooms import RoomJoin
from chat.helpdesk import sites, visiting
from chat.helpdesk.visiting import Visit
from chat.sanctions import bans, mutes, room_bans
from chat.store import Store
from chat.store.tables import messages as table
from chat.times import DAY, now
from tests.waiting import until
from tests.web.browser import Browser, text

NEW = "a whole new password"
PAGE = 50


@pytest.fixture
def staff(as_user: Callable[..., Browser], owner: Actor) -> Browser:
    return as_user(owner)


@pytest.fixture
def admin(make_member: Callable[..., Actor]) -> Actor:
    return make_member("admin", role="admin")


def acts(user: int) -> dict[str, dict[str, str]]:
    """Every act on an account, with what it needs."""
    here = f"/server/users/{user}"
    ban = {"lasts": "24", "remove": "0", "reason": "spam"}
    names = ("sign-out", "deactivate", "reactivate", "reset-link", "unban", "unmute")
    sent = {"role": {"role": "admin"}, "ban": ban, "mute": ban, "warn": {"words": "Stop it"}, "let-in": {"room": "1"}}
    return {f"{here}/{name}": form for name, form in (sent | {name: {} for name in names}).items()}


def link(page: Any) -> str:
    found = re.search(r'readonly value="http://localhost(/reset/[^"]+)"', page.text)
    assert found
    return found[1]


def actions(store: Store, owner: Actor) -> list[str]:
    return [entry.action for entry in reversed(audit.listing(store, owner, AuditList()).entries)]


def test_members_have_no_such_pages(as_user: Callable[..., Browser], member: Actor, owner: Actor) -> None:
    browser = as_user(member)
    assert browser.get("/server/users").status_code == 403
    assert browser.get(f"/server/users/{owner.user}").status_code == 403
    assert [browser.post(path, form).status_code for path, form in acts(owner.user).items()] == [403] * 11


def test_people_are_listed_and_found(staff: Browser, make_member: Callable[..., Actor], store: Store) -> None:
    for number in range(PAGE + 1):
        make_member(f"crew{number:02}")
    page = staff.get("/server/users?q=crew")
    assert page.text.count("@crew") == PAGE
    (more,) = re.findall(r'href="([^"]+after=[^"]+)"', page.text)
    assert "@crew50" in staff.get(more.replace("&amp;", "&")).text
    assert "Nobody by that name." in text(staff.get("/server/users?q=nobody+at+all"))
    assert "@crew" not in staff.get("/server/users?show=owners").text
    for path in ("?after=x", "?show=gnomes", "?q=" + "x" * 201):
        assert staff.get(f"/server/users{path}").status_code in (400, 413)
    for path in ("999999", str(2**60)):
        assert staff.get(f"/server/users/{path}").status_code == 404


def test_an_owner_makes_somebody_an_admin(
    staff: Browser, as_user: Callable[..., Browser], member: Actor, store: Store, owner: Actor
) -> None:
    theirs = as_user(member)
    assert theirs.get("/server").status_code == 403
    assert staff.post(f"/server/users/{member.user}/role", {"role": "admin"}).status_code == 303
    # Without signing in again.
    assert theirs.get("/server").status_code == 200
    staff.post(f"/server/users/{member.user}/role", {"role": "member"})
    assert theirs.get("/server").status_code == 403
    assert actions(store, owner) == ["user_role", "user_role"]
    assert staff.post(f"/server/users/{member.user}/role", {"role": "emperor"}).status_code == 400


def test_nobody_acts_on_who_stands_above_or_on_themselves(
    as_user: Callable[..., Browser], admin: Actor, owner: Actor, make_member: Callable[..., Actor]
) -> None:
    other = make_member("second", role="admin")
    browser = as_user(admin)
    for user in (owner.user, admin.user):
        for path, form in acts(user).items():
            assert browser.post(path, form).status_code == 403
    assert browser.post(f"/server/users/{other.user}/deactivate").status_code == 403
    assert browser.post(f"/server/users/{other.user}/reset-link").status_code == 403
    # Below them, admins do everything but make staff.
    member = make_member("below")
    found = {path: browser.post(path, form).status_code for path, form in acts(member.user).items()}
    refused = {f"/server/users/{member.user}/{name}": status for name, status in (("role", 403), ("let-in", 409))}
    assert found == dict.fromkeys(found, 303) | {f"/server/users/{member.user}/reset-link": 200} | refused


def test_guests_and_programs_stay_what_they_are(staff: Browser, make_member: Callable[..., Actor]) -> None:
    for role in ("guest", "bot"):
        user = make_member(role, role=role).user
        assert staff.post(f"/server/users/{user}/role", {"role": "member"}).status_code == 403
        assert staff.post(f"/server/users/{user}/reset-link").status_code in (403, 409)


def test_a_deactivated_account_lets_nobody_in(
    staff: Browser, as_user: Callable[..., Browser], member: Actor, store: Store, owner: Actor
) -> None:
    theirs = as_user(member)
    _, token = tokens.create(store, member, "test")
    assert staff.post(f"/server/users/{member.user}/deactivate").status_code == 303
    assert staff.post(f"/server/users/{member.user}/deactivate").status_code == 409
    assert theirs.get("/settings").status_code == 303
    assert tokens.actor(store, token) is None
    assert f"@{member.username}" in staff.get("/server/users?show=deactivated").text
    staff.post(f"/server/users/{member.user}/reactivate")
    assert tokens.actor(store, token) is not None
    # What was so already is not done, and not noted.
    assert actions(store, owner) == ["user_deactivate", "user_reactivate"]


def test_somebody_is_signed_out_everywhere(staff: Browser, as_user: Callable[..., Browser], member: Actor) -> None:
    theirs = [as_user(member), as_user(member)]
    assert staff.post(f"/server/users/{member.user}/sign-out").status_code == 303
    assert [browser.get("/settings").status_code for browser in theirs] == [303, 303]


def test_a_new_password_is_chosen_by_a_link(
    staff: Browser, visitor: Browser, as_user: Callable[..., Browser], member: Actor, store: Store, owner: Actor
) -> None:
    theirs = as_user(member)
    first = link(staff.post(f"/server/users/{member.user}/reset-link"))
    path = link(staff.post(f"/server/users/{member.user}/reset-link"))
    assert visitor.get(first).status_code == 404
    assert member.name in visitor.get(path).text
    assert visitor.post(path, {"password": "short"}).status_code == 400
    assert visitor.post(path, {"password": NEW}).status_code == 303
    assert visitor.get("/settings").status_code == 200
    assert theirs.get("/settings").status_code == 303
    assert accounts.sign_in(store, member.username, NEW).id == member.user
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, {"password": NEW}).status_code == 404
    assert actions(store, owner) == ["password_reset_link", "password_reset_link", "password_reset"]


@pytest.mark.parametrize("why", ["unknown", "late", "banned", "deactivated"])
def test_a_link_that_is_worth_nothing(
    visitor: Browser, member: Actor, owner: Actor, store: Store, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    value = password_resets.create(store, owner, member.user)
    began = now()
    if why == "unknown":
        value = "x" * 500
    elif why == "late":
        monkeypatch.setattr(password_resets, "now", lambda: began + DAY)
    elif why == "banned":
        bans.ban(store, owner, UserBan(member.user))
    else:
        administration.deactivate(store, owner, UserDeactivate(member.user))
    assert visitor.get(f"/reset/{value}").status_code == 404
    with pytest.raises(ChatError, match="not valid any more"):
        password_resets.redeem(store, value, NEW, "127.0.0.1")


def test_a_visitor_has_a_page_without_a_password_or_a_role(staff: Browser, owner: Actor, store: Store) -> None:
    site = sites.create(store, owner, "Sample shop", ["https://shop.example"])
    visit = Visit(site, "x" * 40, "192.0.2.1", "A browser", "en")
    visitor = visiting.handing_in(store, visit)
    page = staff.get(f"/server/users/{visitor.user}").text
    assert "Visitor of a web site" in page
    assert "What they may do" not in page
    assert "/ban" in page


def test_of_two_who_use_a_link_one_is_too_late(store: Store, member: Actor, owner: Actor) -> None:
    value = password_resets.create(store, owner, member.user)
    password_resets.redeem(store, value, NEW, "127.0.0.1")
    with pytest.raises(ChatError, match="not valid any more"):
        password_resets.redeem(store, value, "another one of mine", "127.0.0.1")
    assert accounts.sign_in(store, member.username, NEW).id == member.user


def test_who_is_banned_stands_in_a_list_of_their_own(staff: Browser, member: Actor, owner: Actor, store: Store) -> None:
    assert f"@{member.username}" not in staff.get("/server/users?show=banned").text
    bans.ban(store, owner, UserBan(member.user))
    assert f"@{member.username}" in staff.get("/server/users?show=banned").text
    assert "This account is banned." in text(staff.get(f"/server/users/{member.user}"))


def test_somebody_is_banned_and_let_in_again(
    staff: Browser, as_user: Callable[..., Browser], member: Actor, store: Store
) -> None:
    theirs = as_user(member)
    here = f"/server/users/{member.user}"
    said = messages.send(store, member, MessageSend(1, "c1", "buy now")).message
    assert staff.post(f"{here}/ban", {"lasts": "0", "remove": "24", "reason": "<i>spam</i>"}).status_code == 303
    assert theirs.get("/settings").status_code == 303
    until(lambda: deleted(store, said.id))
    with pytest.raises(bans.Banned, match="spam"):
        bans.require_admitted(store, member.user)
    assert "Lift the ban" in text(staff.get(here))
    assert staff.post(f"{here}/unban").status_code == 303
    bans.require_admitted(store, member.user)
    assert staff.post(f"{here}/unban").status_code == 409


@pytest.mark.parametrize("fields", [{"lasts": "2"}, {"remove": "999"}, {"lasts": "x"}, {"reason": "x" * 501}])
def test_a_ban_that_can_not_be(staff: Browser, member: Actor, store: Store, fields: dict[str, str]) -> None:
    page = staff.post(f"/server/users/{member.user}/ban", {"lasts": "1", "remove": "0", "reason": "", **fields})
    assert page.status_code in (400, 413)
    bans.require_admitted(store, member.user)


def test_somebody_is_warned_and_muted_and_it_is_lifted(
    staff: Browser, member: Actor, store: Store, owner: Actor
) -> None:
    here = f"/server/users/{member.user}"
    members.join(store, member, RoomJoin(1))
    assert staff.post(f"{here}/warn", {"words": "Stop <b>it</b>"}).status_code == 303
    assert staff.post(f"{here}/mute", {"lasts": "0", "reason": "<i>Too</i> loud"}).status_code == 303
    mutes.mute(store, owner, UserMute(member.user, room=1))
    room_bans.ban(store, owner, RoomBan(1, member.user))
    page = text(staff.get(here))
    for said in (
        "Muted everywhere",
        "until it is lifted",
        "<i>Too</i> loud",
        "Muted in #general",
        "Banned from #general",
    ):
        assert said in page
    for name, form in (("unmute", {}), ("unmute", {"room": "1"}), ("let-in", {"room": "1"})):
        assert staff.post(f"{here}/{name}", form).status_code == 303
        assert staff.post(f"{here}/{name}", form).status_code == 409
    assert "Muted" not in text(staff.get(here)).replace("is muted", "")
    acts_noted = ["user_warn", "user_mute", "user_mute", "room_ban", "user_unmute", "user_unmute", "room_unban"]
    assert actions(store, owner) == acts_noted


def test_decisions_that_can_not_be(staff: Browser, member: Actor, store: Store, owner: Actor) -> None:
    here = f"/server/users/{member.user}"
    for fields in ({"lasts": "2"}, {"lasts": "x"}, {"lasts": ""}, {"lasts": "1", "reason": "x" * 501}):
        assert staff.post(f"{here}/mute", fields).status_code in (400, 413)
    for words in ("", " \n", "x" * 501, "\x00"):
        assert staff.post(f"{here}/warn", {"words": words}).status_code in (400, 413)
    for room in ("0", "-1", "x", "1" * 400, "٣", str(2**53), "999"):
        for name in ("unmute", "let-in"):
            assert staff.post(f"{here}/{name}", {"room": room}).status_code in (400, 404)
    assert staff.post(f"{here}/let-in").status_code == 400
    assert actions(store, owner) == []


def deleted(store: Store, message: int) -> bool:
    with store.read() as conn:
        return conn.scalar(select(table.c.deleted_at).where(table.c.id == message)) is not None
