"""`python -m tools.screenshots`: takes the pictures of the README, of a server with made-up content.

Chromium is Debian's or the one that CHROMIUM names. The pictures go to docs/images/.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
LOCALES = {"en": "en-GB", "zh-Hans": "zh-CN"}
ROOMS = {"en": "launch", "zh-Hans": "发布"}


@dataclass(frozen=True)
class Server:
    url: str
    user: str
    password: str


@dataclass(frozen=True)
class Picture:
    """One file, of the conversation of a room or of another page at `path`."""

    name: str
    theme: str = "light"
    phone: bool = False
    path: str = ""


PICTURES = {
    "en": [
        Picture("conversation"),
        Picture("conversation-dark", theme="dark"),
        Picture("phone", phone=True),
        Picture("settings", path="/settings"),
    ],
    "zh-Hans": [Picture("conversation-zh"), Picture("phone-zh", theme="dark", phone=True)],
}


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
        found = next(filter(None, map(shutil.which, names)), None)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for language, pictures in PICTURES.items():
            with served(language) as server:
                for picture in pictures:
                    take(browser, server, language, picture)
        browser.close()


@contextmanager
def served(language: str) -> Iterator[Server]:
    """A server of its own, filled with the sample content of a language."""
    hubbub = [sys.executable, "-m", "chat"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHAT_")}
    with tempfile.TemporaryDirectory(prefix="hubbub-pictures-") as folder:
        environ = {**kept, "CHAT_DATA_DIR": folder, "CHAT_PORT": "0", "CHAT_LOG_LEVEL": "warning"}
        told = subprocess.run(
            [*hubbub, "demo", "--language", language], cwd=ROOT, env=environ, check=True, capture_output=True, text=True
        ).stdout
        sign_in = re.search(r"Sign in as (\S+), password (\S+)", told)
        assert sign_in, told
        process = subprocess.Popen([*hubbub, "run"], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            address = re.search(r"http://\S+", process.stdout.readline())
            assert address, "the server did not start"
            yield Server(address[0], sign_in[1], sign_in[2])
        finally:
            process.terminate()
            process.wait(30)


def take(browser: Browser, server: Server, language: str, picture: Picture) -> None:
    context = browser.new_context(
        base_url=server.url,
        viewport=PHONE if picture.phone else DESKTOP,  # type: ignore[arg-type]
        device_scale_factor=2,
        has_touch=picture.phone,
        is_mobile=picture.phone,
        locale=LOCALES[language],
        color_scheme=picture.theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/signin")
    page.locator("[name=username]").fill(server.user)
    page.locator("[name=password]").fill(server.password)
    page.locator("[name=password]").press("Enter")
    _open_room(page, ROOMS[language], phone=picture.phone)
    if picture.path:
        page.goto(picture.path)
    path = IMAGES / f"{picture.name}.png"
    page.screenshot(path=path)
    print(f"wrote {path.relative_to(ROOT)}")
    context.close()


def _open_room(page: Page, room: str, *, phone: bool) -> None:
    """Wait for the connection, then show the room with all that it has to draw."""
    page.locator("hub-connection .dot:not(.away):not(.off)").wait_for(state="attached")
    if phone:
        page.locator("hub-header .menu").tap()
    link = page.locator("hub-sidebar").get_by_role("link", name=room)
    link.tap() if phone else link.click()
    page.locator("hub-header h1", has_text=room).wait_for()
    page.locator("hub-message .body").last.wait_for()
    page.wait_for_function("document.fonts.status === 'loaded'")


if __name__ == "__main__":
    main()
