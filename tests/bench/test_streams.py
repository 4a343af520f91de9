"""The load generator's check: what a server does wrong is seen, wherever the bytes are cut."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import pytest

from bench import frames
from bench.streams import Reader, Stream

PREFIX = b'42/chat,["message_new",'
HEARTBEAT = frames.plain(b"2")
OTHERS = [
    HEARTBEAT,
    frames.plain(b'42/chat,["presence",{"users":{"7":"online"}}]'),
    frames.plain(b'43/chat,12[{"ok":true}]'),
    frames.plain(b'42/chat,["members_changed",{"members":[' + b'{"user":1},' * 30 + b"{}]}]"),
    frames.plain(b"are you there", frames.PING),
]


def message(number: int, sender: str = "c0") -> bytes:
    return frames.plain(
        PREFIX + f'{{"room":1,"message":{{"cid":"18bcfe56800.{sender}-{number}","text":"{"x" * number}"}}}}]'.encode()
    )


def pieces(data: bytes, chance: random.Random) -> Iterator[bytes]:
    """The bytes, cut anywhere."""
    while data:
        size = chance.randint(1, chance.choice((3, 40, 2000)))
        yield data[:size]
        data = data[size:]


class Room:
    """Members that receive what they are given, by turns and in pieces."""

    def __init__(self, seed: int = 0) -> None:
        self.chance = random.Random(seed)
        self.stream = Stream(PREFIX)
        self.aside: list[bytes] = []
        self.control: list[tuple[int, bytes]] = []

    def receives(self, *members: Iterable[bytes]) -> list[str]:
        """Give each member its frames; returns the faults when 20 messages of c0's were sent."""
        readers = [Reader(self.aside.append, lambda opcode, data: self.control.append((opcode, data))) for _ in members]
        for reader in readers:
            reader.follow(self.stream)
        waiting = [(reader, pieces(b"".join(got), self.chance)) for reader, got in zip(readers, members, strict=True)]
        while waiting:
            reader, rest = place = self.chance.choice(waiting)
            piece = next(rest, None)
            if piece is None:
                waiting.remove(place)
            else:
                reader.feed(memoryview(piece))
        return self.stream.faults({"c0": range(20)})


ALL = [message(number) for number in range(20)]

pytestmark = pytest.mark.parametrize("seed", range(10))


def test_what_is_right_has_no_fault(seed: int) -> None:
    room = Room(seed)
    assert room.receives(ALL, ALL, ALL) == []
    assert room.stream.completed == 20
    assert room.stream.deliveries == 60
    assert room.stream.outstanding(20) == 0
    assert room.aside == []


def test_other_frames_may_stand_anywhere(seed: int) -> None:
    room = Room(seed)

    def mixed() -> list[bytes]:
        got = list(ALL)
        for other in OTHERS:
            got.insert(room.chance.randint(0, len(got)), other)
        return got

    assert room.receives(mixed(), ALL, mixed(), mixed()) == []
    assert len(room.aside) == 3 * 4
    assert room.control == [(frames.PING, b"are you there")] * 3


@pytest.mark.parametrize("at", [0, 7, 19])
def test_a_lost_message(seed: int, at: int) -> None:
    faults = Room(seed).receives(ALL, ALL[:at] + ALL[at + 1 :], ALL)
    # Whichever member is ahead makes the stream, so it may be the stream that lacks it.
    assert any(fault.endswith("of c0's 20: 1 lost") for fault in faults)


@pytest.mark.parametrize("at", [0, 7, 19])
def test_a_message_lost_for_all(seed: int, at: int) -> None:
    got = ALL[:at] + ALL[at + 1 :]
    assert Room(seed).receives(got, got) == ["of c0's 20: 1 lost"]


@pytest.mark.parametrize("at", [0, 7, 19])
def test_a_doubled_message(seed: int, at: int) -> None:
    faults = Room(seed).receives(ALL, ALL, ALL[: at + 1] + ALL[at:])
    assert faults
    assert any("1 doubled" in fault for fault in faults)


def test_messages_doubled_for_all(seed: int) -> None:
    got = [frame for frame in ALL for _ in range(2)]
    assert Room(seed).receives(got, got) == ["of c0's 20: 20 doubled"]


@pytest.mark.parametrize("at", [0, 7, 18])
def test_reordered_messages(seed: int, at: int) -> None:
    swapped = [*ALL[:at], ALL[at + 1], ALL[at], *ALL[at + 2 :]]
    room = Room(seed)
    faults = room.receives(swapped, ALL, ALL)
    assert any("reordered" in fault for fault in faults)
    assert room.stream.fault


def test_senders_in_another_order_for_one_member(seed: int) -> None:
    other = message(0, "c1")
    room = Room(seed)
    room.receives([*ALL, other], [*ALL[:3], other, *ALL[3:]], [*ALL, other])
    faults = room.stream.faults({"c0": range(20), "c1": range(1)})
    assert faults
    assert all("another order" in fault for fault in faults)


def test_a_message_that_nobody_sent(seed: int) -> None:
    got = [*ALL, message(20)]
    assert Room(seed).receives(got, got) == ["of c0's 20: 1 never sent"]


def test_a_frame_that_ends_early(seed: int) -> None:
    faults = Room(seed).receives(ALL, [*ALL, HEARTBEAT[:2]])
    assert faults == ["member 1: a frame that is not whole"]


def test_changed_bytes(seed: int) -> None:
    changed = ALL[7].replace(b"xxx", b"xyx")
    faults = Room(seed).receives(ALL, [*ALL[:7], changed, *ALL[8:]], ALL)
    assert faults
    assert all("other bytes" in fault for fault in faults)


def test_masked_frames_and_fragments_are_refused(seed: int) -> None:
    for wrong in (frames.masked(b"2"), b"\x01\x01a", b"\xc1\x01a"):
        with pytest.raises(ValueError, match="a frame begins with"):
            Room(seed).receives([wrong])
