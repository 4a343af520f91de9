"""A browser before a server, and how its pictures are kept."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize

from tools.screenshots.stage import ROOT, Stage

PICTURES = ROOT / "docs" / "screenshots"
SCREENS: dict[str, ViewportSize] = {
    "desktop": {"width": 1440, "height": 900},
    "tablet": {"width": 1024, "height": 768},
    "phone": {"width": 390, "height": 844},
}
# Of WebP: text stays sharp, and a picture has a fourth of the bytes that it has as PNG.
QUALITY = 82

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

    @contextmanager
    def stranger(self, screen: Screen = "desktop") -> Iterator[Page]:
        """A browser in which nobody is signed in."""
        with self._context(screen) as context:
            yield context.new_page()

    @contextmanager
    def owner(self, screen: Screen = "desktop", room: str | None = None) -> Iterator[Page]:
        """A browser of the owner, in a room: that of the scene unless another is named."""
        with self._context(screen) as context:
            page = context.new_page()
            if self.session is None:
                page.goto("/signin")
                page.locator("[name=username]").fill("ada")
                page.locator("[name=password]").fill(self.stage.password)
                page.locator("[name=password]").press("Enter")
                page.locator("hub-app").wait_for()
                self.session = context.cookies()
            else:
                context.add_cookies(self.session)
                page.goto("/")
            enter(page, room or self.stage.scene.room)
            yield page

    def take(self, page: Page, name: str) -> None:
        """Keep what the page shows as `name`.webp."""
        page.wait_for_function("document.fonts.ready.then(() => true)")
        page.evaluate("Promise.all([...document.images].map((image) => image.decode().catch(() => {})))")
        picture = page.screenshot(animations="disabled", caret="hide")
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{name}.webp"
        with Image.open(io.BytesIO(picture)) as image:
            image.convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size >> 10} KiB", flush=True)

    @contextmanager
    def _context(self, screen: Screen) -> Iterator[BrowserContext]:
        # The demo speaks of noon, so the browser's clock stands shortly before it.
        offset = datetime.now(UTC).hour - 11
        phone = screen == "phone"
        context = self._browser.new_context(
            base_url=self.stage.url,
            viewport=SCREENS[screen],
            device_scale_factor=2 if phone else 1,
            has_touch=phone,
            is_mobile=phone,
            locale=self.stage.scene.locale,
            timezone_id=f"Etc/GMT{offset:+d}",
            color_scheme=self._theme,
            reduced_motion="reduce",
        )
        try:
            yield context
        finally:
            context.close()


def enter(page: Page, room: str) -> None:
    """Open a room at the side, where all that it holds has come."""
    page.locator("hub-connection .dot:not(.away):not(.off)").wait_for(state="attached")
    show_sidebar(page)
    page.locator("hub-sidebar").get_by_role("link", name=room).first.click()
    page.locator("hub-header h1", has_text=room).wait_for()
    page.locator("hub-message .body, hub-beginning").last.wait_for()


def show_sidebar(page: Page) -> None:
    """On a phone it lies beside the screen."""
    drawer = page.locator("hub-header .menu")
    if drawer.is_visible() and page.locator("hub-sidebar[inert]").count():
        drawer.click()
        page.locator("hub-sidebar:not([inert])").wait_for()


def tool(page: Page, row: Locator, name: str) -> None:
    """Open one of a message's menus."""
    row.focus()
    row.locator(f".tools [data-command={name}]").click()
    page.get_by_role("menu").wait_for()
