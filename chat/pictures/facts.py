"""What is known of a picture without decoding it, and what is too much of one."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

# A decoded pixel takes four bytes and is copied once; of a JPEG that comes in several scans it takes six. WebP's
# decoder has two more copies, one of which holds up all threads. A JPEG that comes in a single scan is decoded line
# by line, at the size that is wanted.
MOST_PIXELS = 40_000_000
MOST_PIXELS_OF = {"image/webp": 20_000_000}
MOST_PIXELS_BY_LINES = 250_000_000
MOST_SIDE = 32_768
MOST_FRAMES = 5_000
MOST_SCANS = 100
# Segments, chunks and blocks of a file: each takes a turn of a loop.
MOST_PARTS = 1_000_000

_ORIENTATION = 0x0112


class BadPicture(ValueError):
    """What calls itself a picture and is broken, or too much; the text says which, for people."""


class Picture(NamedTuple):
    """`width` and `height` as it is seen; `orientation` is EXIF's, from 1 to 8, and stays with the file."""

    type: str
    width: int
    height: int
    orientation: int = 1
    frames: int = 1


def broken() -> BadPicture:
    return BadPicture("This picture is damaged.")


def measured(
    kind: str, width: int, height: int, *, orientation: int = 1, frames: int = 1, lines: bool = False
) -> Picture:
    """Raises `BadPicture` for what nobody should have to decode."""
    if width < 1 or height < 1:
        raise broken()
    most = MOST_PIXELS_BY_LINES if lines else MOST_PIXELS_OF.get(kind, MOST_PIXELS)
    if max(width, height) > MOST_SIDE or width * height > most or frames > MOST_FRAMES:
        raise BadPicture("This picture is too large to be shown. Please make it smaller.")
    if orientation >= 5:
        width, height = height, width
    return Picture(kind, width, height, orientation, frames)


class Parts:
    """Counts the parts of a file as they are read; raises `BadPicture` for far too many."""

    def __init__(self) -> None:
        self._left = MOST_PARTS

    def count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise BadPicture("This picture is too large to be shown. Please make it smaller.")


def orientation_of(exif: bytes) -> int:
    """What EXIF data (a TIFF header and what follows it) say of how the picture is turned; 1 where they don't."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (first,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, first)
        for tag, kind, _, value in _entries(exif, order, first + 2, count):
            if tag == _ORIENTATION and kind == 3:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _entries(exif: bytes, order: str, at: int, count: int) -> Iterator[tuple[int, int, int, int]]:
    for number in range(min(count, 1000)):
        yield struct.unpack_from(f"{order}HHIH", exif, at + 12 * number)


def exif_of(orientation: int) -> bytes:
    """EXIF data that say nothing else."""
    header = b"MM\0*" + struct.pack(">I", 8)
    return header + struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, orientation, 0, 0)
