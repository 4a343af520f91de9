"""Adding emoji of the server's own: names, pictures, and how many there may be."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from chat import custom_emoji
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.emoji import EmojiList
from chat.store import Store
from tests.domain.support import together
from tests.sockets.own_emoji import picture


def test_a_picture_is_made_small_and_loses_what_it_tells(store: Store, owner: Actor) -> None:
    for number, kind in enumerate(("PNG", "JPEG", "WEBP")):
        digest = custom_emoji.add(store, owner, f"one{number}", picture(600, kind)).url.rpartition("/")[2]
        type_, data = custom_emoji.picture(store, digest)
        image = Image.open(io.BytesIO(data))
        assert (type_, image.format, image.size) == ("image/webp", "WEBP", (128, 128))


def test_what_moves_goes_on_moving(store: Store, owner: Actor) -> None:
    url = custom_emoji.add(store, owner, "moving", picture(64, "GIF", frames=3)).url
    type_, data = custom_emoji.picture(store, url.rpartition("/")[2])
    assert (type_, Image.open(io.BytesIO(data)).n_frames) == ("image/gif", 3)  # type: ignore[attr-defined]


NAMES = ("", "x", "Ourboat", "a b", "bo:at", "-boat", "b" * 33, "船", "tada")
PICTURES = (
    b"",
    b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    picture(16)[:60],
    picture(300, "GIF", frames=2),
    picture(16) + b"\0" * custom_emoji.MOST_BYTES,
)


def test_what_is_no_name_or_no_picture_is_refused(store: Store, owner: Actor) -> None:
    tries = [*((name, picture(16), "name") for name in NAMES), *(("ourboat", data, "file") for data in PICTURES)]
    for name, data, field in tries:
        with pytest.raises(ChatError) as refused:
            custom_emoji.add(store, owner, name, data)
        assert refused.value.field == field, (name, data[:20])
    assert custom_emoji.listing(store, owner, EmojiList()).emoji == []


def test_members_add_none(store: Store, member: Actor) -> None:
    with pytest.raises(ChatError, match="not allowed"):
        custom_emoji.add(store, member, "ourboat", picture(16))


def test_their_number_is_exact_with_two_processes(store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom_emoji, "MOST", 3)
    other = Store(store.settings)
    try:
        works = [
            lambda number=number: custom_emoji.add((store, other)[number % 2], owner, f"e{number}", picture(16))
            for number in range(8)
        ]
        results = together(*works)
    finally:
        other.close()
    refused = [result for result in results if isinstance(result, ChatError)]
    assert (len(refused), {error.code for error in refused}) == (5, {"conflict"})
    found = custom_emoji.listing(store, owner, EmojiList())
    assert (found.rev, len(found.emoji)) == (3, 3)
