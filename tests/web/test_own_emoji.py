"""Adding an emoji of the server's own over HTTP, and its picture."""

from __future__ import annotations

from flask import Flask

from chat import tokens
from chat.actor import Actor
from chat.store import Store
from tests.sockets.own_emoji import picture
from tests.web.browser import Browser


def test_it_is_added_by_who_may_and_shown_to_everybody(
    app: Flask, visitor: Browser, store: Store, owner: Actor, member: Actor
) -> None:
    client = app.test_client()
    _, mine = tokens.create(store, owner, "mine")
    _, theirs = tokens.create(store, member, "theirs")

    def add(secret: str | None, name: str, data: bytes) -> int:
        headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
        return client.post("/emoji", query_string={"name": name}, data=data, headers=headers).status_code

    assert [add(secret, "ourboat", picture()) for secret in (None, theirs, mine, mine)] == [401, 403, 201, 409]
    assert [add(mine, "other", data) for data in (b"no picture", b"x" * 300_000)] == [400, 413]
    url = client.get("/emoji/" + "0" * 32)
    assert url.status_code == 404
    headers = {"Authorization": f"Bearer {mine}"}
    added = client.post("/emoji?name=second", data=picture(20), headers=headers).get_json()["emoji"]
    shown = visitor.get(added["url"])
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert "immutable" in shown.headers["Cache-Control"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert visitor.get(f"/emoji/{'é' * 40}").status_code == 404
