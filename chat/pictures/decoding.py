"""Pictures as pixels, by Pillow: only those that were cleaned and measured, each by the decoder of its own format.

A decode takes up to a second or two of a processor and a few hundred MB, so it belongs on another thread than the hub,
and few belong there at once.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from chat.pictures.facts import BadPicture, Picture, broken

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST = 720
QUALITY = 80
# A picture of up to so many bytes, and no longer sides, is its own thumbnail.
SMALL_BYTES = 150_000
# One that moves is shown as it is, up to so many bytes.
MOVING_BYTES = 8 << 20

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}


@contextmanager
def decoded(source: BinaryIO, picture: Picture, side: int) -> Iterator[Image]:
    """The first frame, upright, as RGB or RGBA; of a JPEG as little as is needed for sides of at least `side` pixels.

    Raises `BadPicture`.
    """
    try:
        image = _decode(source, picture, side)
    except BadPicture:
        raise
    except Exception as error:
        # Decoders of broken files raise about everything that there is.
        raise broken() from error
    with image:
        yield image


def thumbnail(source: BinaryIO, size: int, picture: Picture) -> bytes | None:
    """A small WebP of a picture that has `size` bytes; None where it is small enough to be its own.

    Decodes it in either case. Raises `BadPicture`.
    """
    moves = picture.frames > 1
    small = max(picture.width, picture.height) <= LONGEST and size <= SMALL_BYTES
    with decoded(source, picture, LONGEST) as image:
        if small or (moves and size <= MOVING_BYTES):
            return None
        return encoded(image, LONGEST)


def encoded(image: Image, longest: int) -> bytes:
    """As WebP, made smaller where a side is longer than that."""
    target = io.BytesIO()
    # In three channels at least, and with the colours that it was made with.
    profile = image.info.get("icc_profile")
    image.thumbnail((longest, longest))
    image.save(target, "WEBP", quality=QUALITY, **({"icc_profile": profile} if profile else {}))
    return target.getvalue()


def _decode(source: BinaryIO, picture: Picture, side: int) -> Image:
    from PIL import Image, ImageOps, WebPImagePlugin  # noqa: F401 - the last one makes WebP known

    kind = _FORMATS[picture.type]
    # Its own bound is below ours, and a warning.
    Image.MAX_IMAGE_PIXELS = None
    image: Image.Image = Image.open(source, formats=(kind,))
    if sorted(image.size) != sorted((picture.width, picture.height)):
        raise broken()
    if kind == "JPEG":
        image.draft("RGB", (side, side))
    image.load()
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        # Grey in 16 bits.
        image = image.point(lambda value: value / 256).convert("L")
    alpha = image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info
    wanted = "RGBA" if alpha else "RGB"
    if image.mode != wanted:
        # A profile of other channels than these would be wrong.
        profile = profile if image.mode in ("P", "RGB", "RGBA") else None
        image = image.convert(wanted)
    image = ImageOps.exif_transpose(image)
    image.info = {"icc_profile": profile} if profile else {}
    return image
