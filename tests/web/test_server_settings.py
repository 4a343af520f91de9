"""The server's settings: who may change them, what they do at once, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chat import audit, server_settings
from chat.actor import Actor
from chat.events.moderation import AuditList
from chat.store import Store
from tests.web.browser import Browser, text

PLACE = {"server_name": "Sample Quay", "language": "zh-Hans", "accent_hue": "300"}
DOORS = {"registration": "open", "guests": "on", "invites": "members", "session_days": "7"}
LIMITS = {
    "edit_minutes": "15",
    "retention_days": "365",
    "files": "on",
    "files_largest_mb": "5",
    "files_account_mb": "50",
    "files_total_mb": "0",
    "rooms_per_user": "20",
    "push_text": "off",
}
VISITORS = {
    "help_open": "20",
    "help_new_per_hour": "3",
    "help_messages_per_minute": "12",
    "help_files": "off",
    "help_file_mb": "2",
    "help_visitor_mb": "10",
    "help_visitors_mb": "100",
}
ALL = {
    "place": PLACE,
    "doors": DOORS,
    "limits": LIMITS,
    "visitors": VISITORS,
    "words": {"blocked_words": "quagga, sea cow"},
    "announcement": {"announcement": "Down at six"},
}


@pytest.fixture
def staff(as_user: Callable[..., Browser], owner: Actor) -> Browser:
    return as_user(owner)


@pytest.mark.parametrize("part", ALL)
def test_members_have_no_such_page(as_user: Callable[..., Browser], member: Actor, part: str) -> None:
    browser = as_user(member)
    assert browser.get("/server").status_code == 403
    assert browser.post(f"/server/{part}", ALL[part]).status_code == 403
    assert 'href="/server"' not in browser.get("/settings").text


def test_the_place_is_another_at_once(staff: Browser, visitor: Browser, store: Store) -> None:
    assert staff.post("/server/place", PLACE).status_code == 303
    assert store.meta("server_name") == "Sample Quay"
    assert store.settings.accent_hue == 300
    page = visitor.get("/signin")
    assert "Sample Quay" in page.text
    assert "登录" in page.text
    assert "--hue: 300" in visitor.get("/theme.css").text
    assert "Sample Quay" in text(staff.get("/server"))


def test_doors_open_and_close_at_once(staff: Browser, visitor: Browser) -> None:
    for _ in range(2):
        assert visitor.get("/register").status_code == 404
        staff.post("/server/doors", DOORS)
        assert visitor.get("/register").status_code == 200
        assert visitor.get("/guest").status_code == 200
        staff.post("/server/doors", {**DOORS, "registration": "closed"})


@pytest.mark.parametrize(("part", "limits"), [("limits", LIMITS), ("visitors", VISITORS)])
def test_limits_hold_at_once(staff: Browser, store: Store, part: str, limits: dict[str, str]) -> None:
    staff.post(f"/server/{part}", limits)
    found = {name: str(getattr(store.settings, name)) for name in limits}
    assert found == limits
    # What is as it was started with is not kept: a change of the environment counts again.
    started = {name: str(getattr(store.started_with, name)) for name in limits}
    staff.post(f"/server/{part}", started)
    with store.read() as conn:
        assert server_settings.read(conn).values == {}
    assert store.settings == store.started_with


def test_what_was_changed_is_in_the_audit_log(staff: Browser, store: Store, owner: Actor) -> None:
    staff.post("/server/place", PLACE)
    staff.post("/server/place", PLACE)
    staff.post("/server/words", ALL["words"])
    words, place = audit.listing(store, owner, AuditList()).entries
    assert (place.action, place.actor, place.address) == ("server_settings", owner.username, "127.0.0.1")
    assert place.details["accent_hue"] == ["195", "300"]
    assert place.details["server_name"][1] == "Sample Quay"
    # Which words they are, the log does not repeat.
    assert words.details == {"blocked_words": 2}


@pytest.mark.parametrize(
    ("part", "fields"),
    [
        ("place", {"server_name": " "}),
        ("place", {"server_name": "x" * 81}),
        ("place", {"language": "fr"}),
        ("place", {"accent_hue": "361"}),
        ("place", {"accent_hue": "teal"}),
        ("place", {"accent_hue": ""}),
        ("doors", {"registration": "ajar"}),
        ("doors", {"guests": ""}),
        ("doors", {"session_days": "0"}),
        ("doors", {"session_days": "9" * 400}),
        ("limits", {"files_largest_mb": "0"}),
        ("limits", {"files_account_mb": "-1"}),
        ("limits", {"rooms_per_user": "1.5"}),
        ("visitors", {"help_open": "0"}),
        ("words", {"blocked_words": "..."}),
        ("words", {"blocked_words": "x" * 41}),
        ("words", {"blocked_words": "\n".join(map(str, range(501)))}),
    ],
)
def test_what_can_not_be_is_refused(staff: Browser, store: Store, part: str, fields: dict[str, str]) -> None:
    page = staff.post(f"/server/{part}", {**ALL[part], **fields})
    assert page.status_code in (400, 413)
    assert 'aria-invalid="true"' in page.text or 'role="alert"' in page.text
    assert store.settings == store.started_with
    with store.read() as conn:
        assert server_settings.read(conn).rev == 0


def test_no_other_part_and_no_other_setting(staff: Browser, store: Store) -> None:
    assert staff.post("/server/secrets", PLACE).status_code == 405
    assert staff.get("/server/place").status_code == 303
    staff.post("/server/place", {**PLACE, "data_dir": "/tmp", "trusted_proxies": "9"})
    assert store.settings.trusted_proxies == store.started_with.trusted_proxies


def test_a_server_starts_with_what_was_kept(staff: Browser, store: Store) -> None:
    staff.post("/server/doors", DOORS)
    with store.read() as conn:
        kept = server_settings.read(conn)
    again = server_settings.ServerSettings(other := Store(store.started_with))
    again.hear(kept)
    assert (other.settings.registration, other.settings.session_days) == ("open", 7)
    other.close()
