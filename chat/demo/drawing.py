"""The demo's pictures: drawn, so that there is nobody to ask for them."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]

# Drawn at twice the size and made smaller, which smooths the edges.
SCALE = 2
INK: Colour = (38, 50, 56)
TEAL: Colour = (0, 121, 107)
GREY: Colour = (176, 182, 184)
PAPER: Colour = (252, 250, 245)


def draw(name: str) -> bytes:
    """One of `PICTURES`, as PNG."""
    size, paint = PICTURES[name]
    image = Image.new("RGB", (size[0] * SCALE, size[1] * SCALE), PAPER)
    paint(ImageDraw.Draw(image), *image.size)
    target = io.BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(target, "PNG", optimize=True)
    return target.getvalue()


def _harbour(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    """A harbour in the evening."""
    shore = height * 62 // 100
    _blend(pen, width, 0, shore, (46, 64, 110), (250, 190, 140))
    _blend(pen, width, shore, height, (214, 150, 128), (24, 52, 84))
    sun = width * 51 // 100
    pen.ellipse((sun - 90, shore - 180, sun + 90, shore), fill=(255, 236, 190))
    for shade, (left, right, top) in (((96, 92, 128), (-20, 62, 24)), ((66, 70, 106), (34, 130, 16))):
        points = [(left, 62), ((left + right) / 2, 62 - top), (right, 62)]
        pen.polygon([(width * x / 100, height * y / 100) for x, y in points], fill=shade)
    for line in range(9):
        y = shore + 16 + line * line * height // 260
        half = 70 + line * 16
        pen.rounded_rectangle((sun - half, y, sun + half, y + 5), 3, fill=(255, 220, 176))
    _boat(pen, width * 26 // 100, height * 76 // 100, width // 9, (28, 36, 56), PAPER)
    _boat(pen, width * 46 // 100, height * 69 // 100, width // 18, (52, 54, 84), (246, 226, 206))


def _sail(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    """A boat on its own."""
    pen.rectangle((0, 0, width, height), fill=(196, 226, 222))
    pen.rectangle((0, height * 72 // 100, width, height), fill=(96, 160, 160))
    _boat(pen, width // 2, height * 66 // 100, width * 32 // 100, INK, PAPER)


def _island(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    """The sun behind an island."""
    pen.rectangle((0, 0, width, height), fill=(250, 214, 178))
    pen.ellipse((width * 24 // 100, height * 20 // 100, width * 76 // 100, height * 72 // 100), fill=(240, 128, 96))
    pen.chord((0, height * 56 // 100, width, height * 108 // 100), 180, 360, fill=(72, 96, 104))
    pen.rectangle((0, height * 76 // 100, width, height), fill=(38, 70, 92))


def _loud(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    """An empty page with a boat on it."""
    _window(pen, width, height)
    _boat(pen, width // 2, height * 58 // 100, width // 6, TEAL, (255, 224, 178))
    for line in range(3):
        y = height * 62 // 100 + line * 26
        pen.rounded_rectangle((width * 30 // 100, y, width * 70 // 100, y + 8), 4, fill=(144, 202, 249))


def _quiet(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    """An empty page that says what to do next."""
    _window(pen, width, height)
    for y, half, thick, colour in ((44, 200, 26, INK), (53, 280, 18, GREY), (62, 110, 64, TEAL)):
        left, top = width // 2 - half, height * y // 100
        pen.rounded_rectangle((left, top, left + 2 * half, top + thick), min(thick // 2, 18), fill=colour)


def _graph(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    """A figure that stays flat, and one that rises."""
    for line in range(5):
        y = height * (16 + 17 * line) // 100
        pen.line((width * 5 // 100, y, width * 95 // 100, y), fill=(226, 224, 218), width=3)
    flat = [78 - x * 7 % 5 for x in range(31)]
    rising = [74 - x * x / 18 - x * 11 % 7 for x in range(31)]
    for colour, levels in ((GREY, flat), (TEAL, rising)):
        points = [(width * (5 + 3 * x) / 100, height * level / 100) for x, level in enumerate(levels)]
        pen.line(points, fill=colour, width=9, joint="curve")


def _window(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    edge = width // 24
    frame = (edge, edge, width - edge, height - edge)
    pen.rounded_rectangle(frame, 28, fill=(255, 255, 255), outline=(214, 210, 202), width=4)
    pen.line((edge, edge + 76, width - edge, edge + 76), fill=(226, 222, 214), width=4)
    for dot in range(3):
        x = edge + 42 + dot * 44
        pen.ellipse((x - 11, edge + 27, x + 11, edge + 49), fill=(214, 210, 202))


def _boat(pen: ImageDraw.ImageDraw, x: int, y: int, size: int, hull: Colour, sail: Colour) -> None:
    """As wide as two sizes; y is where the hull begins."""

    def shape(colour: Colour, *corners: tuple[float, float]) -> None:
        pen.polygon([(x + size * right, y + size * down) for right, down in corners], fill=colour)

    shape(hull, (-1, 0), (1, 0), (0.6, 0.4), (-0.6, 0.4))
    shape(sail, (-0.06, -0.1), (-0.06, -1.7), (-0.85, -0.1))
    shape(sail, (0.06, -0.1), (0.06, -1.4), (0.6, -0.1))


def _blend(pen: ImageDraw.ImageDraw, width: int, top: int, bottom: int, above: Colour, below: Colour) -> None:
    """A field whose colour goes from one to another."""
    for y in range(top, bottom):
        share = (y - top) / (bottom - top)
        colour = tuple(round(a + (b - a) * share) for a, b in zip(above, below, strict=True))
        pen.line((0, y, width, y), fill=colour)


PICTURES: dict[str, tuple[tuple[int, int], Callable[[ImageDraw.ImageDraw, int, int], None]]] = {
    "harbour": ((1200, 800), _harbour),
    "sail": ((256, 256), _sail),
    "island": ((256, 256), _island),
    "loud": ((960, 640), _loud),
    "quiet": ((960, 640), _quiet),
    "graph": ((1200, 520), _graph),
}
