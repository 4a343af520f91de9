"""The grammar of packets, and the JSON in them."""

from __future__ import annotations

import math

import msgspec
import pytest

from chat.transport import packets, wire
from chat.transport.packets import BadPacket, BinaryPacket, Packet


@pytest.mark.parametrize(
    ("text", "packet"),
    [
        ("0", Packet(0, "/", None, None)),
        ("0/chat", Packet(0, "/chat", None, None)),
        ("0/chat,", Packet(0, "/chat", None, None)),
        ('0/chat?old=1,{"token":"t"}', Packet(0, "/chat", None, {"token": "t"})),
        ("1/chat,", Packet(1, "/chat", None, None)),
        ('2["echo"]', Packet(2, "/", None, ["echo"])),
        ('2/chat,12["echo",1]', Packet(2, "/chat", 12, ["echo", 1])),
        ('2/chat,9007199254740991["echo"]', Packet(2, "/chat", 2**53 - 1, ["echo"])),
        ("3/chat,0[]", Packet(3, "/chat", 0, [])),
    ],
)
def test_decode(text: str, packet: Packet) -> None:
    assert packets.decode(text) == packet


@pytest.mark.parametrize("text", ["51-[]", "6[]", "5"])
def test_binary_packets_are_named(text: str) -> None:
    with pytest.raises(BinaryPacket):
        packets.decode(text)


@pytest.mark.parametrize(
    "text", ["", "a", "4{}", "7", "02", "0[]", "1{}", "12", "2", "2[]", "2{}", "23", "3[]", "3/chat,5"]
)
def test_bad_packets(text: str) -> None:
    with pytest.raises(BadPacket):
        packets.decode(text)


def test_bytes_are_no_packet() -> None:
    with pytest.raises(BinaryPacket):
        packets.decode(b"2[]")


def test_split() -> None:
    assert packets.split("4x") == ("4", "x")
    for text in ("", "7", "b AA", "\u0664"):
        with pytest.raises(BadPacket):
            packets.split(text)


class Sample(msgspec.Struct):
    text: str


def test_structs_are_written_as_they_are() -> None:
    assert wire.dumps(["said", Sample("ä")], separators=(",", ":")) == '["said",{"text":"ä"}]'


def test_lone_surrogates_are_escaped() -> None:
    assert wire.dumps([Sample("\ud800"), {1: 2}]) == '[{"text":"\\ud800"},{"1":2}]'


def test_nan_is_written_as_null() -> None:
    assert wire.dumps([math.nan, math.inf]) == "[null,null]"


def test_lenient_reading() -> None:
    nan, infinite = wire.loads("[NaN, -Infinity]")
    assert math.isnan(nan)
    assert infinite == -math.inf
    assert wire.loads('"\\ud800"') == "\ud800"
    assert wire.loads("1e400") == math.inf


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "1" * 5000, "'x'", "\ud800", "[1,]"])
def test_no_json(text: str) -> None:
    with pytest.raises(wire.BadJSON):
        wire.loads(text)
