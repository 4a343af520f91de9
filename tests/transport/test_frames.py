"""RFC 6455 frames, byte by byte."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.transport import frames
from chat.transport.frames import FrameError, FrameReader

MASK = b"\x01\x02\x03\x04"
LIMIT = 1 << 20

# The first byte and the payload of each frame.
Sent = list[tuple[int, bytes]]


def masked(first: int, payload: bytes, mask: bytes = MASK) -> bytes:
    size = len(payload)
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65_536:
        head = bytes((first, 0xFE)) + size.to_bytes(2)
    else:
        head = bytes((first, 0xFF)) + size.to_bytes(8)
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


def read(
    reader: FrameReader, sent: bytes, *cuts: int, into: list[tuple[int, bytes]] | None = None
) -> list[tuple[int, bytes]]:
    """What a reader gives of bytes that come in parts, cut at these places."""
    got = [] if into is None else into
    for start, end in pairwise(sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})):
        got.extend(reader.feed(sent[start:end]))
    return got


def is_idle(reader: FrameReader) -> bool:
    return reader._held is None and reader._message is None


@pytest.mark.parametrize(
    ("payload", "head"),
    [
        (b"", b"\x81\x00"),
        (b"x" * 125, b"\x81\x7d"),
        (b"x" * 126, b"\x81\x7e\x00\x7e"),
        (b"x" * 65_535, b"\x81\x7e\xff\xff"),
        (b"x" * 65_536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_encode(payload: bytes, head: bytes) -> None:
    assert frames.encode(frames.TEXT, payload) == head + payload


def test_encode_close_cuts_the_reason() -> None:
    assert frames.encode_close(1001, "bye") == b"\x88\x05\x03\xe9bye"
    assert len(frames.encode_close(1001, "x" * 500)) == 2 + 125
    # Between two characters: half of one would be no UTF-8.
    assert frames.encode_close(1001, "x" + "字" * 100) == b"\x88\x7b\x03\xe9x" + "字".encode() * 40


@pytest.mark.parametrize("size", [*range(10), 511, 512, 513, 514, 515, 1000, 70_000])
@pytest.mark.parametrize("mask", [MASK, b"\0\0\0\0", b"\xff\0\0\xff", b"\0\0\0\x80"])
def test_unmask(size: int, mask: bytes) -> None:
    payload = bytes(at % 251 for at in range(size))
    assert frames.unmask(payload, mask) == bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


@pytest.mark.parametrize("size", [0, 5, 125, 126, 200, 65_535, 65_536, 100_000])
def test_a_message_may_arrive_in_any_parts(size: int) -> None:
    payload = b"x" * size
    sent = masked(0x81, payload)
    reader = FrameReader(size)
    for cuts in ((), range(20), (len(sent) - 1,), (1, 6, len(sent) // 2)):
        assert read(reader, sent, *cuts) == [(frames.TEXT, payload)]
        assert is_idle(reader)


@st.composite
def conversations(draw: st.DrawFn) -> tuple[Sent, list[tuple[int, bytes]]]:
    """Frames, and the messages and control frames that they make."""
    sent: Sent = []
    made: list[tuple[int, bytes]] = []
    payloads = st.binary(max_size=20) | st.sampled_from([b"", b"x" * 125, b"y" * 126, b"z" * 700, b"w" * 66_000])
    for _ in range(draw(st.integers(0, 5))):
        if draw(st.booleans()):
            control = draw(st.sampled_from([frames.CLOSE, frames.PING, frames.PONG])), draw(st.binary(max_size=125))
            sent.append((0x80 | control[0], control[1]))
            made.append(control)
            continue
        opcode = draw(st.sampled_from([frames.TEXT, frames.BINARY]))
        parts = draw(st.lists(payloads, min_size=1, max_size=4))
        for number, part in enumerate(parts):
            final = number == len(parts) - 1
            sent.append(((0x80 if final else 0) | (0 if number else opcode), part))
            if not final and draw(st.booleans()):
                sent.append((0x80 | frames.PING, b"between"))
                made.append((frames.PING, b"between"))
        made.append((opcode, b"".join(parts)))
    return sent, made


@settings(deadline=None)
@given(conversations(), st.binary(min_size=4, max_size=4), st.lists(st.integers(0, 2000), max_size=8))
def test_any_conversation_in_any_parts(
    conversation: tuple[Sent, list[tuple[int, bytes]]], mask: bytes, cuts: list[int]
) -> None:
    sent, made = conversation
    reader = FrameReader(LIMIT)
    assert read(reader, b"".join(masked(*frame, mask) for frame in sent), *cuts) == made
    assert is_idle(reader)


@settings(deadline=None)
@given(conversations(), st.lists(st.integers(0, 2000), max_size=8))
def test_messages_before_a_bad_frame_count(conversation: tuple[Sent, list[tuple[int, bytes]]], cuts: list[int]) -> None:
    sent, made = conversation
    data = b"".join(masked(*frame) for frame in sent) + masked(0x83, b"") + masked(0x81, b"never")
    got: list[tuple[int, bytes]] = []
    with pytest.raises(FrameError, match="unknown opcode"):
        read(FrameReader(LIMIT), data, *cuts, into=got)
    assert got == made


@settings(deadline=None)
@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=5))
def test_whatever_comes_it_is_read_or_refused(data: bytes, cuts: list[int]) -> None:
    """The same, however it is cut: what is refused at once as a whole is refused in parts."""
    outcomes = []
    for places in ((), cuts, range(60)):
        try:
            outcomes.append((read(FrameReader(50), data, *places), 0))
        except FrameError as error:
            outcomes.append(([], error.code))
    assert outcomes[0] == outcomes[1] == outcomes[2]


def test_what_is_dropped_halfway_was_taken_in() -> None:
    reader = FrameReader(100)
    got = reader.feed(masked(0x81, b"one") + masked(0x81, b"two") + masked(0x81, b"three")[:5])
    assert next(got) == (frames.TEXT, b"one")
    del got
    assert list(reader.feed(masked(0x81, b"three")[5:])) == [(frames.TEXT, b"three")]


def test_fragments_with_a_ping_between_and_a_message_after() -> None:
    sent = masked(0x01, b"Hel") + masked(0x89, b"?") + masked(0x80, b"lo") + masked(0x82, b"\x00")
    assert list(FrameReader(100).feed(sent)) == [
        (frames.PING, b"?"),
        (frames.TEXT, b"Hello"),
        (frames.BINARY, b"\x00"),
    ]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\x81\x05Hello", 1002),  # not masked
        (masked(0xC1, b""), 1002),  # reserved bits
        (masked(0x83, b""), 1002),  # unknown opcode
        (masked(0x8B, b""), 1002),  # unknown control opcode
        (masked(0x80, b""), 1002),  # continues nothing
        (masked(0x01, b"a") + masked(0x81, b"b"), 1002),  # a message inside a message
        (masked(0x09, b""), 1002),  # fragmented ping
        (b"\x89\xfe\x00\x7e", 1002),  # long ping
        (b"\x81\xfe\x00\x7f", 1009),  # 127 bytes
        (b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 1009),
        (masked(0x01, b"x" * 60) + masked(0x00, b"x" * 60) + masked(0x80, b"x"), 1009),  # by fragments
    ],
)
def test_what_breaks_the_protocol(sent: bytes, code: int) -> None:
    with pytest.raises(FrameError) as caught:
        list(FrameReader(120).feed(sent))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"\xc1\x80", 1002),
        (b"\x81\x00", 1002),
        (b"\x83\x80", 1002),
        (b"\x80\x80", 1002),
        (b"\x09\x80", 1002),
        (b"\x89\xfe", 1002),
        (b"\x81\xf9", 1009),  # 121 bytes
        (b"\x81\xfe\x00\x7e", 1009),
        (b"\x81\xff\x00\x00\x00\x00\x00\x01\x00\x00", 1009),
    ],
)
def test_a_bad_head_is_refused_as_soon_as_it_is_there(head: bytes, code: int) -> None:
    """No payload is waited for, nor the mask."""
    reader = FrameReader(120)
    assert read(reader, head[:-1], *range(len(head))) == []
    with pytest.raises(FrameError) as caught:
        reader.feed(head[-1:])
    assert caught.value.code == code
    assert is_idle(reader)


@pytest.mark.parametrize(
    ("length", "code"),
    [
        (b"\xfe\x00\x00", 1002),
        (b"\xfe\x00\x7d", 1002),
        (b"\xff" + (0).to_bytes(8), 1002),
        (b"\xff" + (125).to_bytes(8), 1002),
        (b"\xff" + (65_535).to_bytes(8), 1002),
        (b"\xff" + (1 << 63).to_bytes(8), 1002),
        (b"\xff" + (2**64 - 1).to_bytes(8), 1002),
        (b"\xff" + (2**63 - 1).to_bytes(8), 1009),
    ],
)
def test_lengths_in_the_wrong_form(length: bytes, code: int) -> None:
    """RFC 6455, section 5.2: the shortest form, and the first of 64 bits is 0."""
    with pytest.raises(FrameError) as caught:
        list(FrameReader(LIMIT).feed(b"\x82" + length + MASK))
    assert caught.value.code == code


def test_no_more_is_held_than_came() -> None:
    """A declared length reserves nothing, and what is complete is let go."""
    reader = FrameReader(LIMIT)
    assert list(reader.feed(masked(0x81, b"x" * 100_000)[:20])) == []
    assert reader._held is not None
    assert sys.getsizeof(reader._held) < 200
    assert sum(sys.getsizeof(getattr(reader, name)) for name in ("_held", "_message", "_need")) < 300
    assert len(read(reader, masked(0x81, b"x" * 100_000)[20:])) == 1
    assert is_idle(reader)


def test_one_limit_for_fragments_of_a_byte() -> None:
    reader = FrameReader(1000)
    assert list(reader.feed(masked(0x02, b"x") + masked(0x00, b"x") * 999)) == []
    with pytest.raises(FrameError) as caught:
        reader.feed(masked(0x00, b"x"))
    assert caught.value.code == 1009
    assert is_idle(reader)


def test_fragments_without_a_byte_are_counted() -> None:
    few = masked(0x01, b"") + masked(0x00, b"") * 62 + masked(0x80, b"")
    reader = FrameReader(100)
    assert list(reader.feed(few * 2)) == [(frames.TEXT, b"")] * 2
    with pytest.raises(FrameError) as caught:
        reader.feed(masked(0x01, b"") + masked(0x00, b"") * 64)
    assert caught.value.code == 1008


def test_control_frames_between_fragments_are_unbounded_and_unheld() -> None:
    reader = FrameReader(100)
    assert list(reader.feed(masked(0x01, b"a"))) == []
    assert len(list(reader.feed(masked(0x89, b"?") * 5000))) == 5000
    assert list(reader.feed(masked(0x80, b"b"))) == [(frames.TEXT, b"ab")]


@pytest.mark.parametrize(("payload", "code"), [(b"", 1000), (b"\x03\xe8", 1000), (b"\x0f\xa0bye", 4000)])
def test_close_code(payload: bytes, code: int) -> None:
    assert frames.close_code(payload) == code


@pytest.mark.parametrize(
    ("payload", "code"),
    [(b"\x03", 1002), (b"\x00\x00", 1002), (b"\x03\xed", 1002), (b"\x13\x88", 1002), (b"\x03\xe8\xff", 1007)],
)
def test_bad_close_code(payload: bytes, code: int) -> None:
    with pytest.raises(FrameError) as caught:
        frames.close_code(payload)
    assert caught.value.code == code
