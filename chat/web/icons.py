"""The app's icons as pictures of points, which phones and desktops want: drawn here, so that none has to be kept."""

from __future__ import annotations

import io
import math
from functools import lru_cache
from typing import NamedTuple

from flask import Response, abort
from flask.typing import ResponseReturnValue
from PIL import Image, ImageDraw

from chat.web import current
from chat.web.blueprint import web

# As in static/favicon.svg, whose square has 64 units a side.
UNITS = 64
COLOUR = "#00706f"
LINE = 4.5
CORNERS = ((43, 20, -90), (43, 38, 0), (21, 38, 90), (21, 20, 180))
ROUND = 4
# The tail stands where the bubble's lower edge is left out.
TAIL = ((30, 42), (21, 50), (21, 42))
# Drawn larger and made smaller, lines are smooth.
FINER = 4


class Kind(NamedTuple):
    """`corner` in units; `scale` of the bubble, smaller where a system cuts off what it likes; plain has no ground."""

    size: int
    corner: float = 18
    scale: float = 1.0
    plain: bool = False


KINDS = {
    "icon-192": Kind(192),
    "icon-512": Kind(512),
    "maskable-512": Kind(512, corner=0, scale=0.8),
    "apple": Kind(180, corner=0, scale=0.92),
    # Systems take its shape alone and colour it themselves.
    "badge": Kind(96, scale=1.5, plain=True),
}


@web.get("/icons/<name>.png")
def icon(name: str) -> ResponseReturnValue:
    kind = KINDS.get(name)
    if kind is None:
        abort(404)
    response = Response(current.store().offload(drawn, kind), mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@lru_cache(maxsize=len(KINDS))
def drawn(kind: Kind) -> bytes:
    """The file. Takes some milliseconds for the first time."""
    side = kind.size * FINER
    picture = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(picture)
    unit = side / UNITS
    if not kind.plain:
        draw.rounded_rectangle((0, 0, side - 1, side - 1), kind.corner * unit, COLOUR)
    middle = (32, 33)
    points = [
        tuple(
            (middle[axis] + (place[axis] - middle[axis]) * kind.scale - (middle[axis] - 32)) * unit for axis in (0, 1)
        )
        for place in _outline()
    ]
    # From the second point to the second once more, so that the ends meet roundly.
    draw.line([*points, *points[:2]], "#ffffff", round(LINE * kind.scale * unit), joint="curve")
    small = picture.resize((kind.size, kind.size), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def _outline() -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for number, (x, y, begins) in enumerate(CORNERS):
        if number == 2:
            points += TAIL
        for step in range(9):
            angle = math.radians(begins + step * 90 / 8)
            points.append((x + ROUND * math.cos(angle), y + ROUND * math.sin(angle)))
    return points
