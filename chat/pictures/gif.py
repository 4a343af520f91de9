"""GIF: a screen, and blocks of frames and extensions."""

from __future__ import annotations

import struct
from mmap import mmap
from typing import BinaryIO

from chat.pictures.facts import Parts, Picture, broken, measured

_EXTENSION, _FRAME, _END = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
# How often the frames are shown.
_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def clean_gif(data: bytes | mmap, view: memoryview, target: BinaryIO) -> Picture:
    width, height, flags = struct.unpack("<HHB", data[6:11].ljust(5, b"\0"))
    measured("image/gif", width, height)
    at = 13 + _table(flags)
    if at > len(view):
        raise broken()
    target.write(view[:at])
    parts, frames = Parts(), 0
    # Some programs leave the last byte away.
    while at < len(view) and data[at] != _END:
        parts.count()
        begin = at
        if data[at] == _FRAME:
            frames += 1
            at += 11 + _table(data[at + 9])
            kept = True
        elif data[at] == _EXTENSION:
            kind = data[at + 1]
            at += 2
            kept = kind == _CONTROL or (kind == _APPLICATION and data[at + 1 : at + 12] in _KEPT)
        else:
            raise broken()
        at = _behind_blocks(data, at, parts)
        if kept:
            target.write(view[begin:at])
    target.write(bytes((_END,)))
    if not frames:
        raise broken()
    return measured("image/gif", width, height, frames=frames)


def _table(flags: int) -> int:
    """The bytes of a table of colours."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _behind_blocks(data: bytes | mmap, at: int, parts: Parts) -> int:
    while size := data[at]:
        parts.count()
        at += size + 1
    return at + 1
