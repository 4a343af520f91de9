"""Sample pictures, made by Pillow, and what makes them hostile."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

SECRET = b"Sample Camera 12.345 N"
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}


def drawn(width: int = 96, height: int = 64, mode: str = "RGB") -> Image.Image:
    """Bright at the upper left, dark at the lower right."""
    grey = Image.linear_gradient("L").resize((width, height))
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    return Image.merge("RGB", (grey, across, grey)).convert(mode)


def made(kind: str, image: Image.Image | None = None, *, orientation: int = 1, **more: Any) -> bytes:
    """A picture that tells who made it, wherever its format has a place for that."""
    image = image or drawn()
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    if orientation > 1:
        exif[0x0112] = orientation
    options: dict[str, Any] = {"comment": SECRET} if kind in ("GIF", "JPEG") else {}
    if kind == "PNG":
        from PIL.PngImagePlugin import PngInfo

        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_text("Comment", SECRET.decode())
    if kind == "WEBP":
        options |= {"xmp": SECRET, "lossless": True}
    if kind != "GIF":
        options["exif"] = exif
    image.save(target, kind, **(options | more))
    return target.getvalue()


def moving(kind: str, frames: int = 3) -> bytes:
    images = [drawn().point(lambda value, by=number: (value + 40 * by) % 256) for number in range(frames)]
    return made(kind, images[0], save_all=True, append_images=images[1:], duration=100, loop=0)


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """A PNG that says it is so large and has nothing in it but these chunks."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
