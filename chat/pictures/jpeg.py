"""JPEG: segments that begin with a marker, and scans between them."""

from __future__ import annotations

import re
import struct
from mmap import mmap
from typing import BinaryIO

from chat.pictures.facts import MOST_SCANS, BadPicture, Parts, Picture, broken, exif_of, measured, orientation_of

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
# Those that browsers know: one scan or several, with Huffman's code. The first two come line by line.
_BY_LINES, _FRAMES = (0xC0, 0xC1), (0xC0, 0xC1, 0xC2)
_TABLES = {0xC4, 0xDB, 0xDC, 0xDD}
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_EXIF = b"Exif\0\0"
# Of what programs add, what is needed to show the picture as it was meant: its shape of pixels, its colours.
_KEPT = {_APP0: b"JFIF\0", _APP2: b"ICC_PROFILE\0", _APP14: b"Adobe"}
# Within a scan 0xFF is followed by 0, or by a mark for restarting.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)


def clean_jpeg(data: bytes | mmap, view: memoryview, target: BinaryIO) -> Picture:
    return _Jpeg(data, view, target).read()


class _Jpeg:
    def __init__(self, data: bytes | mmap, view: memoryview, target: BinaryIO) -> None:
        self._data = data
        self._view = view
        self._target = target
        self._parts = Parts()
        self._frame: tuple[int, int, int] | None = None
        self._orientation = 1
        self._scans = 0

    def read(self) -> Picture:
        self._target.write(b"\xff\xd8")
        at = 2
        while True:
            self._parts.count()
            at, marker = self._marker(at)
            if marker == _END:
                break
            at = self._segment(at, marker)
        self._target.write(b"\xff\xd9")
        if self._frame is None or not self._scans:
            raise broken()
        kind, height, width = self._frame
        lines = kind in _BY_LINES
        return measured("image/jpeg", width, height, orientation=self._orientation, lines=lines)

    def _marker(self, at: int) -> tuple[int, int]:
        """The marker at a place, and the place behind it. It may stand behind any number of 0xFF."""
        if self._data[at] != 0xFF:
            raise broken()
        while self._data[at] == 0xFF:
            at += 1
            self._parts.count()
        return at + 1, self._data[at]

    def _segment(self, at: int, marker: int) -> int:
        length = int.from_bytes(self._data[at : at + 2], "big")
        end = at + length
        if length < 2 or end > len(self._view):
            raise broken()
        body = self._data[at + 2 : end]
        if marker in _FRAMES:
            self._begin_frame(marker, body)
        elif marker == _SCAN:
            self._scans += 1
            if self._scans > MOST_SCANS or self._frame is None:
                raise BadPicture("This picture is too large to be shown. Please make it smaller.")
            return self._scan(at, end)
        elif marker == _APP1 and body.startswith(_EXIF):
            self._turn(body)
            return end
        elif marker not in _TABLES and not (marker in _KEPT and body.startswith(_KEPT[marker])):
            if 0xE0 <= marker <= 0xEF or marker == 0xFE:
                return end
            raise broken()
        self._write(marker, at, end)
        return end

    def _begin_frame(self, marker: int, body: bytes) -> None:
        if self._frame is not None or len(body) < 6:
            raise broken()
        height, width = struct.unpack_from(">HH", body, 1)
        self._frame = marker, height, width
        # Before anything more is done with it.
        measured("image/jpeg", width, height, lines=marker in _BY_LINES)

    def _turn(self, body: bytes) -> None:
        turned = orientation_of(body[len(_EXIF) :])
        if turned > 1 and self._orientation == 1:
            self._orientation = turned
            kept = _EXIF + exif_of(turned)
            self._target.write(struct.pack(">BBH", 0xFF, _APP1, len(kept) + 2) + kept)

    def _scan(self, at: int, end: int) -> int:
        found = _MARKER.search(self._data, end)
        if found is None:
            raise broken()
        self._write(_SCAN, at, found.start())
        return found.start()

    def _write(self, marker: int, at: int, end: int) -> None:
        self._target.write(bytes((0xFF, marker)))
        self._target.write(self._view[at:end])
