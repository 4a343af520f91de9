"""What is written in a colour can be read: the contrast of texts in code and of names, as WCAG 2.2 reckons it."""

from __future__ import annotations

import math
import re
from functools import cache

import pytest

from tools.generate.__main__ import ROOT

CSS = (ROOT / "static" / "css" / "colors.css").read_text("utf-8")
RAW, MEANINGS = CSS.split("/* meanings")
NORMAL, HIGH = RAW.split("@media (prefers-contrast: more)")
DECLARATION = re.compile(r"(--[\w-]+):\s*([^;]+);")
# The owner picks the hue of the accent.
HUES = range(0, 360, 15)

CODE = ["code-keyword", "code-string", "code-number", "code-name", "code-special", "code-comment", "text"]
PAIRS = [(name, "surface-side") for name in CODE] + [
    ("code-added", "code-added-wash"),
    ("code-removed", "code-removed-wash"),
    ("accent", "accent-wash"),
    ("on-accent", "accent"),
    ("text", "fill"),
]


@cache
def _values(contrast: str) -> dict[str, str]:
    found = dict(DECLARATION.findall(NORMAL))
    if contrast == "more":
        found |= dict(DECLARATION.findall(HIGH))
    return found | dict(DECLARATION.findall(MEANINGS))


def _colour(name: str, theme: int, contrast: str, hue: int) -> tuple[float, float, float]:
    """Lightness, chroma and hue of a custom property in the light (0) or dark (1) theme."""
    value = _values(contrast)[f"--{name}"]
    while reference := re.fullmatch(r"var\((--[\w-]+)\)", value):
        value = _values(contrast)[reference[1]]
    both = re.findall(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+|var\(--hue\))\)", value)
    lightness, chroma, angle = both[theme]
    return float(lightness) / 100, float(chroma), hue if angle.startswith("var") else float(angle)


def _luminance(colour: tuple[float, float, float]) -> float:
    """Relative luminance, by Ottosson's matrices for OKLab; what sRGB can't show is cut."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return 0.2126 * _shown(red) + 0.7152 * _shown(green) + 0.0722 * _shown(blue)


def _shown(part: float) -> float:
    return min(max(part, 0.0), 1.0)


def _contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    dark, light = sorted([_luminance(one), _luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("contrast", ["normal", "more"])
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_it_can_be_read(front: str, back: str, theme: int, contrast: str) -> None:
    for hue in HUES:
        found = _contrast(_colour(front, theme, contrast, hue), _colour(back, theme, contrast, hue))
        assert found >= 4.5, f"{front} on {back}, hue {hue}: {found:.2f}"


def test_the_reckoning_knows_black_and_white() -> None:
    assert _contrast((1, 0, 0), (0, 0, 0)) == pytest.approx(21, abs=0.01)
