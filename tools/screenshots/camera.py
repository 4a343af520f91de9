"""A browser before a server, and how its pictures are kept."""

from __future__ import annotations

import io
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FloatRect, Locator, Page, ViewportSize

from tools.screenshots.stage import ROOT, Stage

PICTURES = ROOT / "docs" / "screenshots"
SCREENS: dict[str, ViewportSize] = {
    "desktop": {"width": 1440, "height": 900},
    "tablet": {"width": 1024, "height": 768},
    "phone": {"width": 390, "height": 844},
}
# Of WebP: text stays sharp, and a picture has a fourth of the bytes that it has as PNG.
QUALITY = 75
# What is left around a part of a page that is taken by itself, in pixels.
AROUND = 28

Theme = Literal["light", "dark"]
Screen = Literal["desktop", "tablet", "phone"]


class Camera:
    """Takes pictures of one server in one theme, into a folder named after its language and the theme."""

    def __init__(self, browser: Browser, stage: Stage, theme: Theme) -> None:
        self._browser = browser
        self._theme = theme
        self.session: Any = None
        self.stage = stage
        self.folder = PICTURES / f"{stage.scene.language}-{theme}"

    def at(self, stage: Stage) -> Camera:
        """The same before another server."""
        return Camera(self._browser, stage, self._theme)

    @contextmanager
    def stranger(self, screen: Screen = "desktop") -> Iterator[Page]:
        """A browser in which nobody is signed in."""
        with self._context(screen) as context:
            yield context.new_page()

    @contextmanager
    def owner(self, screen: Screen = "desktop", room: str | None = None, *, called: bool = False) -> Iterator[Page]:
        """A browser of the owner, in a room: that of the scene unless another is named. It shows notifications if it is
        `called`."""
        with self._context(screen) as context:
            if called:
                # A browser without a window refuses, whatever it was told.
                context.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'granted' })")
            page = context.new_page()
            if self.session is None:
                self.sign_in(page)
                self.session = context.cookies()
            else:
                context.add_cookies(self.session)
                page.goto("/")
            enter(page, room or self.stage.scene.room)
            yield page

    def sign_in(self, page: Page) -> None:
        page.goto("/signin")
        page.locator("[name=username]").fill("ada")
        page.locator("[name=password]").fill(self.stage.password)
        page.locator("[name=password]").press("Enter")
        page.locator("hub-app").wait_for()

    def take(self, page: Page, name: str, part: str | None = None) -> None:
        """Keep what the page shows as `name`.webp; a dialog or a menu alone if it is named as `part`."""
        if page.viewport_size == SCREENS["phone"]:
            # A finger points at nothing after it has touched something.
            page.mouse.move(0, 0)
        page.evaluate("document.fonts.ready.then(() => true)")
        page.evaluate("Promise.all([...document.images].map((image) => image.decode().catch(() => {})))")
        picture = page.screenshot(animations="disabled", caret="hide", clip=_around(page, part) if part else None)
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{name}.webp"
        with Image.open(io.BytesIO(picture)) as image:
            image.convert("RGB").save(path, "WEBP", quality=QUALITY)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size >> 10} KiB", flush=True)

    @contextmanager
    def _context(self, screen: Screen) -> Iterator[BrowserContext]:
        phone = screen == "phone"
        context = self._browser.new_context(
            base_url=self.stage.url,
            viewport=SCREENS[screen],
            device_scale_factor=2 if phone else 1,
            has_touch=phone,
            is_mobile=phone,
            locale=self.stage.scene.locale,
            timezone_id=_shortly_before_noon(),
            color_scheme=self._theme,
            reduced_motion="reduce",
        )
        try:
            yield context
        finally:
            context.close()


def _around(page: Page, part: str) -> FloatRect:
    """Where a part of the page lies, with something of what is around it."""
    box = page.locator(part).last.bounding_box()
    size = page.viewport_size
    assert box, part
    assert size
    left, top = max(0, box["x"] - AROUND), max(0, box["y"] - AROUND)
    right = min(size["width"], box["x"] + box["width"] + AROUND)
    bottom = min(size["height"], box["y"] + box["height"] + AROUND)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


@cache
def _shortly_before_noon() -> str:
    """A time zone in which it is: the demo speaks of noon."""
    now = datetime.now(UTC)
    wanted = timedelta(hours=max(11 - now.hour, -11))
    named = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return next(zone for zone in named if now.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset() == wanted)


def enter(page: Page, room: str) -> None:
    """Open a room at the side, where all that it holds has come."""
    page.locator("hub-connection .dot:not(.away):not(.off)").wait_for(state="attached")
    show_sidebar(page)
    page.locator("hub-sidebar").get_by_role("link", name=room).first.click()
    page.locator("hub-header h1", has_text=room).wait_for()
    page.locator("hub-message .body, hub-beginning").last.wait_for()
    page.mouse.move(0, 0)


def show_sidebar(page: Page) -> None:
    """On a phone it lies beside the screen."""
    drawer = page.locator("hub-header .menu")
    if drawer.is_visible() and page.locator("hub-sidebar[inert]").count():
        drawer.click()
        page.locator("hub-sidebar:not([inert])").wait_for()


def tool(page: Page, row: Locator, name: str) -> None:
    """Open one of a message's menus."""
    row.hover()
    row.focus()
    row.locator(f".tools [data-command={name}]").click()
    page.get_by_role("menu").wait_for()
