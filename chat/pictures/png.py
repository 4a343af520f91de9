"""PNG: chunks of a length, a name, data and a checksum."""

from __future__ import annotations

import struct
import zlib
from mmap import mmap
from typing import BinaryIO

from chat.pictures.facts import Parts, Picture, broken, exif_of, measured, orientation_of

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# The picture, its frames, its colours and its shape of pixels.
_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT".split())
# A chunk's length, name and checksum.
_AROUND = 12
_LARGEST_EXIF = 1 << 20


def clean_png(data: bytes | mmap, view: memoryview, target: BinaryIO) -> Picture:
    if data[12:16] != b"IHDR":
        raise broken()
    width, height = struct.unpack(">II", data[16:24])
    measured("image/png", width, height)
    target.write(_SIGNATURE)
    parts, at, name = Parts(), len(_SIGNATURE), b""
    frames, turned = 1, 1
    while name != b"IEND":
        parts.count()
        head = data[at : at + 8]
        if len(head) < 8:
            raise broken()
        length, name = struct.unpack(">I4s", head)
        end = at + _AROUND + length
        if end > len(view):
            raise broken()
        if name == b"acTL" and length == 8:
            (frames,) = struct.unpack(">I", data[at + 8 : at + 12])
        if name == b"eXIf" and turned == 1 and length < _LARGEST_EXIF:
            turned = orientation_of(data[at + 8 : end - 4])
            if turned > 1:
                target.write(_chunk(b"eXIf", exif_of(turned)))
        elif name in _KEPT:
            target.write(view[at:end])
        elif not name[0] & 0x20:
            # Nobody can show a picture without understanding this one.
            raise broken()
        at = end
    return measured("image/png", width, height, orientation=turned, frames=max(1, frames))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
