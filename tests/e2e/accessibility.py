"""What axe-core finds on a page, and which targets are too small for a finger."""

from __future__ import annotations

from functools import cache
from typing import Literal

from playwright.sync_api import Page

from tests.e2e.scripts import script
from tests.servers import ROOT

LAYERS = "dialog[open], [role=menu], [role=dialog]:popover-open"
# The rules that look at colours.
COLOURS = ["color-contrast", "link-in-text-block"]


@cache
def _axe() -> str:
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text()


def flaws(page: Page, part: str | None = None, *, colours: bool = False) -> list[str]:
    """What axe-core has against the page as it is now, or one part of it; with `colours`, by those rules alone."""
    # Evaluated by the debugger, which the page's security policy does not bind.
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_axe())
        page.evaluate(script("for_axe"))
    return [str(found) for found in page.evaluate(script("flaws"), [part, COLOURS if colours else None])]


def flaws_in_both_themes(page: Page, part: str | None = None) -> list[str]:
    """By all rules in the theme that the page has; then by those about colours in the other one, which stays.

    What lies over the page is looked at alone: what is under it was looked at before. So is `part` where it is given.
    """
    part = part or (LAYERS if page.locator(LAYERS).count() else None)
    here = flaws(page, part)
    is_dark = page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
    other: Literal["light", "dark"] = "light" if is_dark else "dark"
    page.emulate_media(color_scheme=other)
    return [*here, *(f"{other}: {flaw}" for flaw in flaws(page, part, colours=True))]


def small_targets(page: Page, least: float = 43.5) -> list[str]:
    """What can be touched and is smaller than 44 px, give or take a rounding."""
    return [str(found) for found in page.evaluate(script("small_targets"), least)]


def overflows(page: Page) -> list[str]:
    """What can be scrolled sideways."""
    return [str(found) for found in page.evaluate(script("overflows"))]
