"""Pictures for emoji of a server's own."""

from __future__ import annotations

import io

from PIL import Image


def picture(side: int = 200, kind: str = "PNG", frames: int = 1) -> bytes:
    colours = [Image.new("RGB", (side, side), (40 * number, 90, 160)) for number in range(frames)]
    target = io.BytesIO()
    more = {"save_all": True, "append_images": colours[1:]} if frames > 1 else {}
    colours[0].save(target, kind, **more)
    return target.getvalue()
