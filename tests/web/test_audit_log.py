"""The audit log over HTTP."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from chat import audit, tokens
from chat.actor import Actor
from chat.store import Store
from chat.web.staff import audit_words
from tests.servers import ROOT
from tests.web.browser import Browser, text


@pytest.fixture
def staff(as_user: Callable[..., Browser], owner: Actor) -> Browser:
    return as_user(owner)


def test_staff_take_the_log_along(
    app: Flask,
    store: Store,
    owner: Actor,
    member: Actor,
    as_user: Callable[..., Browser],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit, "CHUNK", 2)
    for reason in ("=1+1", 'a "word",\nanother', "发布"):
        store.write(partial(audit.note, actor=owner, action="user_warn", user=member.user, reason=reason))
    store.write(lambda tx: audit.note(tx, None, "user_role", user=member.user, role="member"))
    staff = as_user(owner)
    found = staff.get("/admin/audit.json?action=user_warn")
    assert [entry["details"]["reason"] for entry in found.get_json()] == ["发布", 'a "word",\nanother', "=1+1"]
    assert found.headers["Content-Disposition"] == 'attachment; filename="audit.json"'
    table = staff.get(f"/admin/audit.csv?user={member.user}")
    rows = list(csv.DictReader(io.StringIO(table.get_data(as_text=True))))
    assert [(row["action"], row["actor"], row["address"]) for row in rows[:2]] == [
        ("user_role", "hubbub", "cli"),
        ("user_warn", "ada", "cli"),
    ]
    assert len(rows) == 4
    assert staff.get("/admin/audit.json?user=99").get_json() == []
    for wrong in ("user=x", "since=soon", "who=1", "action=Ban!"):
        assert staff.get(f"/admin/audit.csv?{wrong}").status_code == 400
    assert as_user(member).get("/admin/audit.csv").status_code == 403
    client = app.test_client()
    assert client.get("/admin/audit.json").status_code == 401
    secret = tokens.create(store, owner, "backup")[1]
    assert client.get("/admin/audit.json", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_a_name_is_no_formula(store: Store, owner: Actor, as_user: Callable[..., Browser]) -> None:
    staff = as_user(owner)
    store.write(lambda tx: audit.note(tx, Actor(9, "=cmd", "x", "admin"), "user_warn"))
    assert ",'=cmd," in staff.get("/admin/audit.csv").get_data(as_text=True)


def test_staff_read_the_log(staff: Browser, store: Store, owner: Actor, member: Actor) -> None:
    store.write(partial(audit.note, actor=owner, action="user_warn", user=member.user, reason="<b>shouting</b>"))
    store.write(lambda tx: audit.note(tx, None, "user_role", user=member.user, role="member"))
    page = staff.get("/server/audit")
    assert "ada warned @" in text(page)
    assert "Reason <b>shouting</b>" in text(page)
    assert "<b>shouting</b>" not in page.text
    assert "command line" in text(page)
    only = staff.get(f"/server/audit?action=user_role&about=@{member.username}&since=2020-01-01&until=9000-01-01")
    assert "changed the role of" in text(only)
    assert "warned" not in text(only)
    # What is taken along is what is seen.
    path = re.search(r'href="(/admin/audit.csv[^"]+)"', only.text)
    assert path
    assert staff.get(path[1].replace("&amp;", "&")).get_data(as_text=True).count("\r\n") == 2
    assert "Nothing of that kind" in text(staff.get(f"/server/audit?by={member.username}"))
    long = "action=" + "x" * 99
    for wrong in ("by=nobody-at-all", "since=yesterday", "until=9999-12-31", "before=x", "action=DROP", long):
        assert staff.get(f"/server/audit?{wrong}").status_code == 400


def test_a_long_log_comes_in_pages(staff: Browser, store: Store, member: Actor) -> None:
    for number in range(52):
        store.write(partial(audit.note, actor=None, action="user_warn", user=member.user, reason=f"number {number}."))
    page = staff.get("/server/audit?action=user_warn")
    assert "number 2." in page.text
    assert "number 1." not in page.text
    earlier = re.search(r'href="(/server/audit\?before=[^"]+)"', page.text)
    assert earlier
    assert "number 1." in staff.get(earlier[1].replace("&amp;", "&")).text


def test_members_do_not_read_it(as_user: Callable[..., Browser], member: Actor) -> None:
    assert as_user(member).get("/server/audit").status_code == 403


def test_every_act_has_its_words() -> None:
    """What is noted anywhere can be read and chosen here."""
    noted = {
        found[1]
        for path in (ROOT / "chat").rglob("*.py")
        for found in re.finditer(r'audit\.note\(\s*tx, \w+, "(\w+)"', path.read_text("utf-8"))
    }
    assert noted
    assert noted == audit_words.SENTENCES.keys() == audit_words.ACTIONS.keys() - {""}
