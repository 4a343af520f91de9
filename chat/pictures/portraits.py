"""The picture of a person: a square from the middle of whatever they send, in the sizes that pages show."""

from __future__ import annotations

import io

from chat.pictures.cleaning import TYPES, clean
from chat.pictures.decoding import decoded
from chat.pictures.facts import BadPicture

SIZES = (64, 128, 256)
QUALITY = 85


def portraits(kind: str, data: bytes) -> dict[int, bytes]:
    """WebP by size in pixels; nothing of the picture but its pixels is left. `kind` is its type by its first bytes.

    Takes up to a second or two of a processor. Raises `BadPicture`.
    """
    if kind not in TYPES:
        raise BadPicture("This is not a picture. Take a JPEG, PNG, GIF or WebP.")
    cleaned = io.BytesIO()
    picture = clean(kind, data, cleaned)
    cleaned.seek(0)
    with decoded(cleaned, picture, 2 * SIZES[-1]) as image:
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        square = (left, top, left + side, top + side)
        made = {}
        for size in SIZES:
            target = io.BytesIO()
            small = image.resize((size, size), box=square)
            small.info = {}
            small.save(target, "WEBP", quality=QUALITY)
            made[size] = target.getvalue()
        return made
