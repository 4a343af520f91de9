"""What axe-core finds on a page, and which targets are too small for a finger."""

from __future__ import annotations

from functools import cache

from playwright.sync_api import Page

from tests.e2e.scripts import script
from tests.servers import ROOT


@cache
def _axe() -> str:
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text()


def flaws(page: Page, part: str | None = None) -> list[str]:
    """What axe-core has against the page as it is now, or against one part of it."""
    # Evaluated by the debugger, which the page's security policy does not bind.
    page.evaluate(f"if (!window.axe) {{ {_axe()} }}")
    return [str(found) for found in page.evaluate(script("flaws"), part)]


def small_targets(page: Page, least: float = 43.5) -> list[str]:
    """What can be touched and is smaller than 44 px, give or take a rounding."""
    return [str(found) for found in page.evaluate(script("small_targets"), least)]


def overflows(page: Page) -> list[str]:
    """What can be scrolled sideways."""
    return [str(found) for found in page.evaluate(script("overflows"))]
