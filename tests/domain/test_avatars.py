"""People's pictures in a bucket: kept, replaced and removed, and what becomes of them when it is away."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy import select

from chat import folders
from chat.actor import Actor
from chat.avatars import AREA, Avatars
from chat.config import Settings
from chat.errors import ChatError
from chat.pictures.portraits import SIZES
from chat.storage import Storage, open_backend
from chat.store import Store
from chat.store.tables import users
from tests.buckets import bucket
from tests.pictures import made


def kept(storage: Storage) -> list[str]:
    return sorted(found.key.rpartition("/")[2] for part in storage.listing(AREA) for found in part)


def named(store: Store, actor: Actor) -> str | None:
    with store.read() as conn:
        name: str | None = conn.scalar(select(users.c.avatar).where(users.c.id == actor.user))
        return name


def test_pictures_lie_in_a_bucket(store: Store, owner: Actor, make_settings: Callable[..., Settings]) -> None:
    # Uploads grow beside the database, and a database that is elsewhere has made no folder.
    folders.prepare(store.settings)
    with bucket() as settings:
        storage = Storage(open_backend(make_settings(**settings)))
        avatars = Avatars(store, storage)
        avatars.choose(owner, made("PNG"))
        first = named(store, owner)
        avatars.choose(owner, made("JPEG"))
        second = named(store, owner)
        assert first is not None
        assert second is not None
        assert kept(storage) == sorted(f"{second}-{size}.webp" for size in SIZES)
        for size in SIZES:
            assert Image.open(io.BytesIO(avatars.read(second, size))).size == (size, size)
        with pytest.raises(ChatError, match="no such picture"):
            avatars.read(first, SIZES[0])
        # What is a moment old may wait for its row.
        avatars.remove(owner, owner.user)
        assert (named(store, owner), kept(storage), avatars.sweep()) == (None, [], 0)
        avatars.choose(owner, made("WEBP"))
        third = named(store, owner)
    # It is away: what was chosen stays, and who chooses is told.
    with pytest.raises(ChatError) as refused:
        avatars.choose(owner, made("PNG"))
    assert (refused.value.code, refused.value.retryable, named(store, owner)) == ("unavailable", True, third)
    assert third is not None
    with pytest.raises(ChatError) as missing:
        avatars.read(third, SIZES[0])
    assert missing.value.code == "unavailable"
    assert not list((store.settings.data_dir / "uploads").glob("*"))
