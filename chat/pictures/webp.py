"""WebP: chunks of a name, a length and data inside a RIFF file."""

from __future__ import annotations

import struct
from mmap import mmap
from typing import BinaryIO

from chat.pictures.facts import Parts, Picture, broken, exif_of, measured, orientation_of

_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_HAS_EXIF, _HAS_XMP = 0x08, 0x04
_LARGEST_EXIF = 1 << 20


def clean_webp(data: bytes | mmap, view: memoryview, target: BinaryIO) -> Picture:
    end = min(len(view), 8 + struct.unpack("<I", data[4:8])[0])
    parts, at = Parts(), 12
    kept: list[tuple[int, int]] = []
    size: tuple[int, int] | None = None
    frames, turned = 0, 1
    while at + 8 <= end:
        parts.count()
        name, length = struct.unpack("<4sI", data[at : at + 8])
        behind = at + 8 + length + (length & 1)
        if at + 8 + length > end:
            raise broken()
        if size is None:
            size = _size(name, data[at + 8 : at + 8 + min(length, 10)])
            measured("image/webp", *size)
        if name in _KEPT:
            frames += name == b"ANMF"
            kept.append((at, min(behind, end)))
        elif name == b"EXIF" and length < _LARGEST_EXIF:
            turned = orientation_of(data[at + 8 : at + 8 + length].removeprefix(b"Exif\0\0"))
        at = behind
    if size is None:
        raise broken()
    _write(data, view, target, kept, turned)
    return measured("image/webp", *size, orientation=turned, frames=max(1, frames))


def _size(name: bytes, head: bytes) -> tuple[int, int]:
    """The first chunk says it; each kind in its own way."""
    if name == b"VP8X" and len(head) == 10:
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if name == b"VP8L" and len(head) >= 5 and head[0] == 0x2F:
        bits = int.from_bytes(head[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if name == b"VP8 " and len(head) == 10 and head[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", head[6:10])
        return width & 0x3FFF, height & 0x3FFF
    raise broken()


def _write(
    data: bytes | mmap, view: memoryview, target: BinaryIO, kept: list[tuple[int, int]], orientation: int
) -> None:
    extended = data[kept[0][0] : kept[0][0] + 4] == b"VP8X"
    exif = exif_of(orientation) if orientation > 1 and extended else b""
    behind = b"EXIF" + struct.pack("<I", len(exif)) + exif if exif else b""
    whole = 4 + sum(end - at + (end - at & 1) for at, end in kept) + len(behind)
    target.write(b"RIFF" + struct.pack("<I", whole) + b"WEBP")
    for number, (at, end) in enumerate(kept):
        part = view[at:end]
        if number == 0 and extended:
            flags = data[at + 8] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if exif else 0)
            target.write(part[:8])
            target.write(bytes((flags,)))
            target.write(part[9:])
        else:
            target.write(part)
        if end - at & 1:
            target.write(b"\0")
    target.write(behind)
