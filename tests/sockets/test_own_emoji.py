"""Emoji of the server's own: in texts, under messages, and gone again, for everybody at once."""

from __future__ import annotations

from chat import custom_emoji
from chat.store import Store
from tests.sockets.conftest import Talk
from tests.sockets.own_emoji import picture


def test_one_is_added_used_and_removed_live_for_everybody(talk: Talk, store: Store) -> None:
    before = talk.me.send(talk.room, ":ourboat:")
    assert before["html"] == "<p>:ourboat:</p>"
    added = custom_emoji.add(store, talk.ada, "ourboat", picture())
    for client in (talk.me, talk.other):
        assert client.told("emoji_changed") == [
            {"rev": 1, "added": {"name": "ourboat", "url": added.url}, "removed": None}
        ]
    assert talk.other.call("emoji_list") == {"rev": 1, "emoji": [{"name": "ourboat", "url": added.url}]}
    said = talk.other.send(talk.room, "see :ourboat:")
    image = f'<img class="own-emoji" src="{added.url}" alt=":ourboat:" title=":ourboat:">'
    assert said["html"] == f"<p>see {image}</p>"
    talk.me.call("reaction_add", message=said["id"], emoji=":ourboat:")
    assert talk.other.told("message_changed")[-1]["message"]["reactions"] == [
        {"emoji": ":ourboat:", "users": [talk.ada.user]}
    ]
    assert talk.other.error("emoji_remove", name="ourboat")["code"] == "forbidden"
    talk.me.call("emoji_remove", name="ourboat")
    assert talk.other.told("emoji_changed")[-1] == {"rev": 2, "added": None, "removed": "ourboat"}
    # Who has put it there can still take it away.
    assert talk.other.error("reaction_add", message=said["id"], emoji=":ourboat:")["field"] == "emoji"
    talk.me.call("reaction_remove", message=said["id"], emoji=":ourboat:")
    assert talk.me.call("message_get", messages=[said["id"]])["messages"][0]["reactions"] == []
    assert talk.me.error("emoji_remove", name="ourboat")["code"] == "not_found"


def test_it_is_found_by_its_name(talk: Talk, store: Store) -> None:
    custom_emoji.add(store, talk.ada, "ourboat", picture())
    said = talk.me.send(talk.room, "a :ourboat: in the harbour")
    assert 'alt=":ourboat:"' in said["html"]
