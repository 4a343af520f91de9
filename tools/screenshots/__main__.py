"""`python -m tools.screenshots [LANGUAGE|THEME|STOP]...`: all pictures, or those of a language, a theme, a stop.

For each language and theme it starts a server with the demo, connects some of the demo's people as programs, and lets
a browser go from screen to screen as the owner. Chromium is Debian's or the one that CHROMIUM names. The pictures go to
docs/screenshots/, a folder a language and theme; docs/screenshots/README.md shows them side by side. Debian's
fonts-inter, fonts-noto-cjk and fonts-noto-color-emoji give them letters like those that most systems have.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar, get_args

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tools.screenshots import around, deciding, doors, gallery, helping, staff, talking
from tools.screenshots.camera import Camera, Theme
from tools.screenshots.scenes import SCENES, Scene
from tools.screenshots.stage import empty, staged

T = TypeVar("T")
# One that beeps, and nobody who is asked for it.
MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
FONTS = Path(__file__).with_name("fonts.conf")

STOPS: Sequence[Callable[[Camera], None]] = (
    talking.conversation,
    doors.before_the_door,
    around.panels,
    around.attention,
    around.later,
    around.dialogs,
    around.sidebar,
    around.settings,
    staff.pages,
    helping.visitors,
    talking.messages,
    talking.rooms,
    talking.links,
    talking.files,
    talking.voice,
    talking.states,
    deciding.deciding,
    talking.signed_out,
    talking.without_a_line,
    talking.crowd,
)


def main(words: list[str]) -> None:
    """Take them; raises at the end where a screen did not come."""
    missing: list[str] = []
    names = (os.environ.get("CHROMIUM", ""), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-gpu", *MICROPHONE],
            env={**os.environ, "FONTCONFIG_FILE": str(FONTS)},
        )
        stack.callback(browser.close)
        for scene in _chosen(SCENES, lambda scene: scene.language, words):
            for theme in _chosen(get_args(Theme), str, words):
                missing += _walk(browser, scene, theme, _chosen(STOPS, lambda stop: stop.__name__, words))
    gallery.write()
    if missing:
        sys.exit(f"Not all screens came: {', '.join(missing)}")


def _chosen(things: Sequence[T], name: Callable[[T], str], words: list[str]) -> Sequence[T]:
    """Those that are named; all of them, where none is."""
    return [thing for thing in things if name(thing) in words] or things


def _walk(browser: Browser, scene: Scene, theme: Theme, stops: Sequence[Callable[[Camera], None]]) -> Iterator[str]:
    """Go from stop to stop; yields the names of those where something did not come."""
    with empty(scene) as stage:
        doors.first_run(Camera(browser, stage, theme))
    with staged(scene) as stage:
        camera = Camera(browser, stage, theme)
        for stop in stops:
            try:
                stop(camera)
            except PlaywrightError as error:
                print(f"{stop.__name__}: {error}", file=sys.stderr)
                yield f"{camera.folder.name}/{stop.__name__}"


if __name__ == "__main__":
    main(sys.argv[1:])
