"""The audit log over HTTP."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from chat import audit, tokens
from chat.actor import Actor
from chat.store import Store
from tests.web.browser import Browser


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
