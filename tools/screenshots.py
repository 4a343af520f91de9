"""`python -m tools.screenshots`: takes the pictures of the documents, of a server with made-up content.

For each language it starts a server, fills it with the demo, connects some of the demo's people as programs, and lets a
browser sign in as the owner. Chromium is Debian's or the one that CHROMIUM names. The pictures go to docs/screenshots/.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import socketio
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "screenshots"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SAMPLES_WANTED = 6
HUBBUB = [sys.executable, "-m", "chat"]


@dataclass(frozen=True)
class Scene:
    """What happens on one language's server beside the demo's content."""

    language: str
    locale: str
    room: str
    others: dict[str, str]  # rooms that the owner is not in, with their topics
    elsewhere: dict[str, str]  # what is said in other rooms of the demo, so that there is something unread
    remarks: tuple[str, ...]  # said while the browser looks, by one of the others


SCENES = {
    "en": Scene(
        language="en",
        locale="en-GB",
        room="launch",
        others={"reading-circle": "One book a month, no homework", "bicycles": "Routes, repairs and rain"},
        elsewhere={
            "design": "The quiet one is in the build now.",
            "support": "That answer belongs into the help pages.",
        },
        remarks=("The graphs are on my second screen. All flat so far.", "Five minutes to go."),
    ),
    "zh-Hans": Scene(
        language="zh-Hans",
        locale="zh-CN",
        room="发布",
        others={"读书会": "每月一本，没有作业", "骑行": "路线、修车和下雨天"},
        elsewhere={"设计": "安静的那个已经在新版本里了。", "支持": "这段回答应该写进帮助页面。"},
        remarks=("监控开在副屏上了，目前一切平稳。",),
    ),
}


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    names = (os.environ.get("CHROMIUM", ""), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        stack.callback(browser.close)
        with staged(SCENES["en"]) as stage:
            english(Camera(browser, stage))
        with staged(SCENES["zh-Hans"]) as stage:
            chinese(Camera(browser, stage))


def english(camera: Camera) -> None:
    with camera.opened() as page:
        page.locator("hub-header .toggle-details").click()
        page.locator("hub-members li").first.wait_for()
        camera.stage.happen()
        camera.lively(page, "conversation")
        page.locator("hub-sidebar .browse").click()
        page.locator("hub-directory li").nth(len(camera.stage.scene.others)).wait_for()
        camera.take(page, "directory")
        page.goto("/settings")
        camera.take(page, "settings")
    camera.stage.say("chen", camera.stage.scene.room, "Four.")
    with camera.opened(theme="dark") as page:
        page.locator("hub-header .toggle-details").click()
        page.locator("hub-members li").first.wait_for()
        camera.lively(page, "conversation-dark")
    with camera.context() as stranger:
        page = stranger.new_page()
        page.goto("/signin")
        camera.take(page, "sign-in")
    with camera.opened() as page:
        page.locator("hub-connection button").click()
        plot = page.locator(".plot .line")
        while (plot.get_attribute("points") or "").count(" ") < SAMPLES_WANTED:
            page.wait_for_timeout(200)
        camera.take(page, "connection")


def chinese(camera: Camera) -> None:
    with camera.opened() as page:
        page.locator("hub-header .toggle-details").click()
        page.locator("hub-members li").first.wait_for()
        camera.stage.happen()
        camera.lively(page, "conversation-zh")
    with camera.opened(theme="dark", phone=True) as page:
        camera.lively(page, "phone-zh-dark")


class Stage:
    """A running server and the people on it who are programs."""

    def __init__(self, scene: Scene, url: str, password: str, token: Callable[[str], str]) -> None:
        self.scene = scene
        self.url = url
        self.password = password
        self._token = token
        self._people: dict[str, socketio.Client] = {}

    def enter(self, username: str) -> None:
        client = socketio.Client(reconnection=False)
        client.connect(
            self.url, auth={"token": self._token(username), "protocol": 1}, namespaces=["/chat"], wait_timeout=10
        )
        self._people[username] = client

    def ask(self, username: str, command: str, **fields: Any) -> dict[str, Any]:
        ack: dict[str, Any] = self._people[username].call(command, fields, namespace="/chat", timeout=10)
        assert ack["ok"], ack
        return ack

    def say(self, username: str, room: str, text: str) -> None:
        there = self.ask(username, "room_join", room=room)["room"]["id"]
        self.ask(username, "message_send", room=there, cid=str(uuid.uuid4()), text=text)

    def happen(self) -> None:
        """What those who look see happen."""
        for remark in self.scene.remarks:
            self.say("chen", self.scene.room, remark)

    def type(self) -> None:
        there = self.ask("tomas", "room_join", room=self.scene.room)["room"]["id"]
        self.ask("tomas", "typing", room=there, on=True)

    def leave(self) -> None:
        for client in self._people.values():
            client.shutdown()


@contextmanager
def staged(scene: Scene) -> Iterator[Stage]:
    """A server of its own with a language's demo, some of its people online, and something unread for the owner."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHAT_")}
    with tempfile.TemporaryDirectory(prefix="hubbub-pictures-") as folder:
        environ = {
            **kept,
            "CHAT_DATA_DIR": f"{folder}/data",
            "CHAT_PORT": "0",
            "CHAT_RATE_LIMITS": "off",
            "CHAT_LOG_LEVEL": "error",
            "PYTHONPATH": str(ROOT),
        }

        def command(*words: str) -> str:
            done = subprocess.run(
                [*HUBBUB, *words], cwd=folder, env=environ, check=True, capture_output=True, text=True
            )
            return done.stdout.strip()

        sign_in = re.search(r"Sign in as \S+, password (\S+)", command("demo", "--language", scene.language))
        assert sign_in, "the demo tells no password"
        process = subprocess.Popen([*HUBBUB, "run"], cwd=folder, env=environ, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            address = re.search(r"http://\S+", process.stdout.readline())
            assert address, "the server did not start"
            stage = Stage(scene, address[0], sign_in[1], lambda name: command("token", "add", name))
            _set_up(stage)
            yield stage
            stage.leave()
        finally:
            process.terminate()
            process.wait(30)


def _set_up(stage: Stage) -> None:
    for username in ("mira", "chen", "tomas"):
        stage.enter(username)
    stage.ask("tomas", "presence_set", status="away", text="")
    for name, topic in stage.scene.others.items():
        stage.ask("mira", "room_create", name=name, kind="public", topic=topic)
        stage.ask("chen", "room_join", room=name)
    for room, text in stage.scene.elsewhere.items():
        stage.say("mira", room, text)


class Camera:
    """A browser before a stage."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self._browser = browser
        self.stage = stage
        self._session: Any = None

    @contextmanager
    def context(self, *, theme: str = "light", phone: bool = False) -> Iterator[BrowserContext]:
        # The demo speaks of noon, so the browser's clock stands shortly before it.
        offset = datetime.now(UTC).hour - 11
        context = self._browser.new_context(
            base_url=self.stage.url,
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            device_scale_factor=2 if phone else 1,
            has_touch=phone,
            is_mobile=phone,
            locale=self.stage.scene.locale,
            timezone_id=f"Etc/GMT{offset:+d}",
            color_scheme=theme,  # type: ignore[arg-type]
            reduced_motion="reduce",
        )
        try:
            yield context
        finally:
            context.close()

    @contextmanager
    def opened(self, *, theme: str = "light", phone: bool = False) -> Iterator[Page]:
        """A browser of the owner, who has read the room of the scene."""
        with self.context(theme=theme, phone=phone) as context:
            page = context.new_page()
            if self._session is None:
                page.goto("/signin")
                page.locator("[name=username]").fill("ada")
                page.locator("[name=password]").fill(self.stage.password)
                page.locator("[name=password]").press("Enter")
                page.locator("hub-app").wait_for()
                self._session = context.cookies()
            else:
                context.add_cookies(self._session)
                page.goto("/")
            self._open_room(page, phone=phone)
            yield page

    def _open_room(self, page: Page, *, phone: bool) -> None:
        page.locator("hub-connection .dot:not(.away):not(.off)").wait_for(state="attached")
        if phone:
            page.locator("hub-header .menu").tap()
        room = self.stage.scene.room
        link = page.locator("hub-sidebar").get_by_role("link", name=room)
        link.tap() if phone else link.click()
        page.locator("hub-header h1", has_text=room).wait_for()
        page.locator("hub-message .body").last.wait_for()

    def lively(self, page: Page, name: str) -> None:
        """Take it with the newest remark in sight and somebody typing."""
        page.locator("hub-message .body", has_text=self.stage.scene.remarks[-1]).wait_for()
        page.mouse.move(0, 0)
        self.stage.type()
        page.locator("hub-typing .typing b").wait_for()
        self.take(page, name)

    def take(self, page: Page, name: str) -> None:
        path = PICTURES / f"{name}.png"
        page.screenshot(path=path, animations="disabled", caret="hide")
        print(f"wrote {path.relative_to(ROOT)}, {path.stat().st_size >> 10} KiB")


if __name__ == "__main__":
    main()
