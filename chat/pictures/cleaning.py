"""A picture without what it tells beside itself: place, camera, programs, comments, earlier versions, and whatever was
hung behind its end. Its pixels stay as they are, bit for bit; of EXIF data only how it is turned is kept.

The formats are read as far as that takes, and no further: nothing here decodes.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from mmap import mmap
from typing import BinaryIO

from chat.pictures.facts import Picture, broken
from chat.pictures.gif import clean_gif
from chat.pictures.jpeg import clean_jpeg
from chat.pictures.png import clean_png
from chat.pictures.webp import clean_webp

Data = bytes | mmap

TYPES: Mapping[str, Callable[[Data, memoryview, BinaryIO], Picture]] = {
    "image/jpeg": clean_jpeg,
    "image/png": clean_png,
    "image/gif": clean_gif,
    "image/webp": clean_webp,
}


def clean(kind: str, source: Data, target: BinaryIO) -> Picture:
    """Write the picture in `source` to `target`, cleaned; `kind` is one of `TYPES`, by its first bytes.

    Raises `BadPicture`. What is written may still turn out to be broken when it is decoded.
    """
    try:
        with memoryview(source) as view:
            return TYPES[kind](source, view, target)
    except (IndexError, struct.error):
        # It ends where something should still come.
        raise broken() from None
