"""RFC 6455 frames, byte by byte."""

from __future__ import annotations

import pytest

from chat.transport import frames
from chat.transport.frames import FrameError, FrameReader

MASK = b"\x01\x02\x03\x04"


def masked(first: int, payload: bytes) -> bytes:
    assert len(payload) < 126
    body = bytes(byte ^ MASK[at % 4] for at, byte in enumerate(payload))
    return bytes((first, 0x80 | len(payload))) + MASK + body


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


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 1000])
def test_unmask(size: int) -> None:
    payload = bytes(at % 251 for at in range(size))
    assert frames.unmask(frames.unmask(payload, MASK), MASK) == payload
    assert frames.unmask(payload, MASK) == bytes(byte ^ MASK[at % 4] for at, byte in enumerate(payload))


def test_a_message_may_arrive_byte_by_byte() -> None:
    reader = FrameReader(100)
    sent = masked(0x81, b"Hello")
    got = [message for at in range(len(sent)) for message in reader.feed(sent[at : at + 1])]
    assert got == [(frames.TEXT, b"Hello")]


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


def test_messages_before_a_bad_frame_count() -> None:
    got = FrameReader(100).feed(masked(0x81, b"good") + b"\x81\x00")
    assert next(got) == (frames.TEXT, b"good")
    with pytest.raises(FrameError):
        next(got)


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
