"""Files: who may have and read them, what they may take, and how they go."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from chat import files, folders, messages, rooms
from chat.actor import Actor
from chat.errors import ChatError
from chat.events.files import RoomFiles
from chat.events.messages import MessageDelete, MessageEdit, MessageSend
from chat.events.objects import File, Message
from chat.events.rooms import RoomCreate
from chat.files import sweeping
from chat.files import types as filetypes
from chat.files.intake import AREA, Intake, thumb_key
from chat.storage import Storage, StorageError, open_backend
from chat.storage.backend import key_of
from chat.store import Store, tables
from tests.domain.support import Published, together
from tests.pictures import drawn, made

_numbers = itertools.count()


@pytest.fixture
def storage(store: Store) -> Storage:
    folders.prepare(store.settings)
    return Storage(open_backend(store.settings))


@pytest.fixture
def room(store: Store, owner: Actor, member: Actor) -> int:
    wanted = RoomCreate(name="launch", kind="private", members=[member.user])
    return rooms.create(store, owner, wanted).room.id


def kept(store: Store, actor: Actor, size: int = 5, name: str = "a.txt") -> int:
    """A file whose bytes are nowhere."""
    key = key_of(AREA, f"{next(_numbers):032x}")
    return files.keep(store, actor, files.New(key, name, filetypes.TEXT, size)).id


def uploaded(store: Store, storage: Storage, actor: Actor, data: bytes, name: str = "a.txt") -> File:
    intake = Intake(store, storage)
    path = intake.spool.new(len(data))
    path.write_bytes(data)
    return intake.take(actor, path, name)


def say(store: Store, actor: Actor, room: int, *ids: int, text: str = "") -> Message:
    command = MessageSend(room=room, cid=f"cid-{next(_numbers)}", text=text, files=list(ids))
    return messages.send(store, actor, command).message


def refused(work: Callable[[], Any]) -> tuple[str, str | None]:
    with pytest.raises(ChatError) as caught:
        work()
    return caught.value.code, caught.value.field


def objects(store: Store) -> list[str]:
    return sorted(path.name for path in (store.settings.data_dir / "files").rglob("*") if path.is_file())


def usage(store: Store) -> dict[int, int]:
    with store.read() as conn:
        return {row.user_id: row.bytes for row in conn.execute(select(tables.file_usage))}


MISSING = ("not_found", "files")


class TestReading:
    def test_an_upload_is_its_makers_until_a_message_has_it(
        self, store: Store, owner: Actor, member: Actor, make_member: Callable[..., Actor], room: int
    ) -> None:
        file, outsider = kept(store, member), make_member()
        assert files.find(store, member, file).name == "a.txt"
        assert refused(lambda: files.find(store, owner, file)) == MISSING
        assert refused(lambda: say(store, owner, room, file)) == MISSING
        say(store, member, room, file)
        assert files.find(store, owner, file).id == file
        assert refused(lambda: files.find(store, outsider, file)) == MISSING
        assert refused(lambda: say(store, outsider, 1, file)) == MISSING

    def test_who_can_read_it_can_pass_it_on(
        self, store: Store, owner: Actor, member: Actor, make_member: Callable[..., Actor], room: int
    ) -> None:
        file, outsider = kept(store, member), make_member()
        say(store, member, room, file)
        first = say(store, owner, 1, file, text="look")
        assert [one.id for one in first.files] == [file]
        assert files.find(store, outsider, file).id == file
        messages.remove(store, owner, MessageDelete(message=first.id))
        assert refused(lambda: files.find(store, outsider, file)) == MISSING
        assert files.find(store, owner, file).id == file

    def test_one_that_is_in_a_message_can_not_be_taken_back(self, store: Store, member: Actor, room: int) -> None:
        file, other = kept(store, member), kept(store, member)
        say(store, member, room, file)
        assert refused(lambda: files.take_back(store, member, file)) == MISSING
        files.take_back(store, member, other)
        assert refused(lambda: files.take_back(store, member, other)) == MISSING
        assert refused(lambda: say(store, member, room, other)) == MISSING

    def test_nobody_elses_can_be_taken_back(self, store: Store, owner: Actor, member: Actor) -> None:
        file = kept(store, member)
        assert refused(lambda: files.take_back(store, owner, file)) == MISSING


class TestMessages:
    def test_files_stay_in_order_and_count_once(self, store: Store, member: Actor, room: int) -> None:
        ids = [kept(store, member, name=f"{number}.txt") for number in range(3)]
        message = say(store, member, room, ids[2], ids[0], ids[2], ids[1])
        assert [file.id for file in message.files] == [ids[2], ids[0], ids[1]]
        found = files.of_room(store, member, RoomFiles(room=room, limit=2))
        assert [one.file.name for one in found.files] == ["1.txt", "0.txt"]
        rest = files.of_room(store, member, RoomFiles(room=room, before=found.next))
        assert ([one.file.name for one in rest.files], rest.next) == (["2.txt"], None)
        assert {(one.message, one.seq, one.author) for one in found.files} == {(message.id, 1, member.user)}

    def test_one_that_is_missing_is_all_that_is_missing(self, store: Store, member: Actor, room: int) -> None:
        file = kept(store, member)
        assert refused(lambda: say(store, member, room, file, 999, text="both")) == MISSING
        with store.read() as conn:
            assert conn.scalar(select(tables.attachments.c.id)) is None
        assert say(store, member, room, file).seq == 1

    def test_a_retry_finds_its_message(self, store: Store, member: Actor, room: int) -> None:
        file, other = kept(store, member), kept(store, member)
        command = MessageSend(room=room, cid="once", text="", files=[file])
        first = messages.send(store, member, command)
        again = messages.send(store, member, command)
        assert (again.message, again.duplicate) == (first.message, True)
        changed = MessageSend(room=room, cid="once", text="", files=[other])
        assert refused(lambda: messages.send(store, member, changed)) == ("conflict", "cid")

    def test_a_text_can_go_where_there_are_files(self, store: Store, member: Actor, room: int) -> None:
        file = kept(store, member)
        message = say(store, member, room, file, text=" \n")
        assert message.text == ""
        edited = messages.edit(store, member, MessageEdit(message=message.id, text="now")).message
        assert [one.id for one in edited.files] == [file]
        assert messages.edit(store, member, MessageEdit(message=message.id, text="")).message.text == ""
        plain = say(store, member, room, text="plain")
        edit = MessageEdit(message=plain.id, text=" ")
        assert refused(lambda: messages.edit(store, member, edit)) == ("bad_request", "text")
        assert refused(lambda: say(store, member, room)) == ("bad_request", "text")

    def test_it_is_told_with_its_files(self, store: Store, member: Actor, room: int, published: Published) -> None:
        message = say(store, member, room, kept(store, member))
        assert [fact.message for fact in published.facts("message_new")] == [message]


class TestGoing:
    def test_a_deleted_message_takes_its_files_from_the_disk(
        self, store: Store, storage: Storage, member: Actor, room: int
    ) -> None:
        shared = uploaded(store, storage, member, b"hello")
        alone = uploaded(store, storage, member, made("PNG", drawn(900, 900)), "a.png")
        assert usage(store)[0] == usage(store)[member.user] > shared.size + alone.size
        assert len(objects(store)) == 3
        first, second = say(store, member, room, shared.id, alone.id), say(store, member, room, shared.id)
        tombstone = messages.remove(store, member, MessageDelete(message=first.id)).message
        assert tombstone.files == []
        assert refused(lambda: files.find(store, member, alone.id)) == MISSING
        assert refused(lambda: say(store, member, room, alone.id)) == MISSING
        assert [one.message for one in files.of_room(store, member, RoomFiles(room=room)).files] == [second.id]
        assert (sweeping.collect(store, storage), sweeping.collect(store, storage)) == (1, 0)
        assert len(objects(store)) == 1
        assert usage(store) == {0: 5, member.user: 5}
        messages.remove(store, member, MessageDelete(message=second.id))
        assert sweeping.collect(store, storage) == 1
        assert (objects(store), usage(store)) == ([], {0: 0, member.user: 0})

    def test_passing_on_and_deleting_at_once(
        self, store: Store, storage: Storage, make_store: Callable[..., Store], owner: Actor, member: Actor, room: int
    ) -> None:
        """Whoever is first: either the file is in the new message, or there is no new message."""
        other = make_store()
        for _ in range(4):
            file = kept(store, member)
            message = say(store, member, room, file).id
            gone, said = together(
                partial(messages.remove, store, member, MessageDelete(message=message)),
                partial(say, other, owner, 1, file),
            )
            assert not isinstance(gone, Exception)
            sweeping.collect(store, storage)
            if isinstance(said, Message):
                assert files.find(store, owner, file).id == file
            else:
                assert (said.code, said.field) == MISSING

    def test_what_nobody_sends_goes_after_a_day(
        self, store: Store, storage: Storage, member: Actor, room: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        unsent, sent = kept(store, member), kept(store, member)
        say(store, member, room, sent)
        assert sweeping.drop_unsent(store) == 0
        monkeypatch.setattr(sweeping, "UNSENT_SECONDS", -1)
        assert (sweeping.drop_unsent(store), sweeping.drop_unsent(store)) == (1, 0)
        assert sweeping.collect(store, storage) == 1
        assert refused(lambda: files.find(store, member, unsent)) == MISSING
        assert files.find(store, member, sent).id == sent

    def test_bytes_that_no_row_knows(
        self, store: Store, storage: Storage, member: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = uploaded(store, storage, member, made("PNG", drawn(900, 900)))
        unknown = key_of(AREA, "ffff")
        for key in (unknown, thumb_key(unknown), key_of("avatars", "eeee")):
            source = tmp_path / "source"
            source.write_bytes(b"x")
            storage.put(key, source)
        assert sweeping.remove_unknown(store, storage) == 0
        monkeypatch.setattr(sweeping, "UNSENT_SECONDS", -1)
        assert sweeping.remove_unknown(store, storage) == 2
        assert len(objects(store)) == 3
        assert files.find(store, member, file.id).id == file.id

    def test_the_sweeper_does_all_of_it(
        self, store: Store, storage: Storage, member: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock = [0.0]
        sweeper = sweeping.Sweeper(store, storage, clock=lambda: clock[0])
        file = uploaded(store, storage, member, b"hello")
        stale = Intake(store, storage).spool.new(1)
        stale.write_bytes(b"x")
        sweeper.beat()
        assert objects(store)
        assert stale.exists()
        files.take_back(store, member, file.id)

        def fail(keys: object) -> None:
            raise StorageError("away")

        monkeypatch.setattr(storage._backend, "delete", fail)
        sweeper.beat()
        monkeypatch.undo()
        # The row went first; its bytes are found when all is looked at.
        assert objects(store)
        monkeypatch.setattr(sweeping, "UNSENT_SECONDS", -1)
        monkeypatch.setattr("chat.files.intake.STALE_SECONDS", -1)
        clock[0] += sweeping.LOOK_EVERY_SECONDS
        sweeper.beat()
        assert objects(store) == []
        assert not stale.exists()

    def test_several_processes_count_each_once(
        self, store: Store, storage: Storage, make_store: Callable[..., Store], member: Actor
    ) -> None:
        for _ in range(5):
            files.take_back(store, member, kept(store, member))
        other = make_store()
        together(lambda: sweeping.collect(store, storage), lambda: sweeping.collect(other, storage))
        assert usage(store) == {0: 0, member.user: 0}


class TestQuota:
    def test_it_is_exact_whoever_else_uploads(self, make_store: Callable[..., Store], member: Actor) -> None:
        stores = [make_store(files_account_mb=1) for _ in range(2)]
        size = (1 << 20) // 4
        done = together(*[partial(kept, stores[at % 2], member, size) for at in range(6)])
        assert sorted(type(one).__name__ for one in done) == ["ChatError"] * 2 + ["int"] * 4
        assert {(one.code, one.field) for one in done if isinstance(one, ChatError)} == {("too_large", "quota")}
        assert usage(stores[0])[member.user] == 1 << 20
        assert refused(lambda: files.require_room(stores[0], member, 1)) == ("too_large", "quota")

    def test_of_all_together(self, make_store: Callable[..., Store], owner: Actor, member: Actor) -> None:
        store = make_store(files_total_mb=1, files_account_mb=0)
        kept(store, member, 1 << 20)
        assert refused(lambda: files.require_room(store, owner, 1)) == ("too_large", "quota")
        assert refused(lambda: kept(store, owner, 1)) == ("too_large", "quota")
        assert usage(store) == {0: 1 << 20, member.user: 1 << 20}

    def test_what_is_too_large_and_what_is_off(self, make_store: Callable[..., Store], member: Actor) -> None:
        small, off = make_store(files_largest_mb=1), make_store(files="off")
        assert refused(lambda: files.require_room(small, member, (1 << 20) + 1)) == ("too_large", "file")
        assert refused(lambda: files.require_room(off, member, 1)) == ("forbidden", None)
        assert (files.is_on(small, member), files.is_on(off, member)) == (True, False)

    def test_a_refused_file_leaves_no_bytes(self, make_store: Callable[..., Store], member: Actor) -> None:
        store = make_store(files_account_mb=1)
        folders.prepare(store.settings)
        storage = Storage(open_backend(store.settings))
        kept(store, member, (1 << 20) - 2)
        assert refused(lambda: uploaded(store, storage, member, b"hello")) == ("too_large", "quota")
        assert objects(store) == []
        assert not list((store.settings.data_dir / "uploads").iterdir())


def test_a_disk_without_room(store: Store, storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.files.intake.SPARE", 1 << 60)
    with pytest.raises(OSError, match="no room"):
        Intake(store, storage).spool.new(5)


def test_an_upload_is_there_at_once(store: Store, storage: Storage, member: Actor) -> None:
    """Ordinary pictures take a fraction of a second, so that nobody waits for them."""
    began = time.process_time()
    file = uploaded(store, storage, member, made("JPEG", drawn(4000, 3000)), "a.jpg")
    assert (file.width, file.height, file.thumb) == (4000, 3000, f"/files/{file.id}/thumb")
    assert time.process_time() - began < 5
