"""Live help: the inbox and the conversations of those who answer, what staff choose, and the visitor's window."""

from __future__ import annotations

from playwright.sync_api import Page

from tools.screenshots.camera import Camera, Screen
from tools.screenshots.stage import staged

WINDOW = {"width": 380, "height": 600}
QUESTION = {"en": "Do you have the *small* one in red?", "zh-Hans": "*小号*的有红色吗？"}
ANSWER = {"en": "We do. Shall I keep one for you?", "zh-Hans": "有的。要给您留一件吗？"}


def visitors(camera: Camera) -> None:
    """On a server of their own, since all other pictures are of one without."""
    with staged(camera.stage.scene, visitors=True) as stage:
        there = camera.at(stage)
        _agent(there, "desktop")
        _agent(there, "phone")
        _settings(there)
        _visitor(there)


def _agent(camera: Camera, device: Screen) -> None:
    before = "" if device == "desktop" else f"{device}-"
    with camera.owner(device) as page:
        _inbox(page, device)
        page.locator("hub-help li.visitor").first.wait_for()
        camera.take(page, f"{before}help-inbox")
        _tab(page, "mine")
        page.locator("hub-help li.visitor .open").first.click()
        page.locator("hub-message").last.wait_for()
        page.locator(".help-bar").wait_for()
        camera.take(page, f"{before}help-conversation")
        if device == "phone":
            return
        page.locator(".toggle-details").click()
        page.locator("hub-help-about").wait_for()
        camera.take(page, "help-details")
        _inbox(page)
        _tab(page, "resolved")
        page.locator("hub-help li.visitor .open").first.click()
        page.locator("hub-help .said-lines").wait_for()
        camera.take(page, "help-resolved", "hub-help")
        page.locator("hub-help .top .icon-button").first.click()
        page.locator("dialog canvas").last.wait_for()
        camera.take(page, "help-figures", "dialog[open]")
        page.keyboard.press("Escape")
        page.locator("hub-help .top .icon-button").nth(1).click()
        page.locator("dialog[open] li").first.wait_for()
        camera.take(page, "help-answers", "dialog[open]")


def _inbox(page: Page, device: Screen = "desktop") -> None:
    if device == "phone":
        page.locator("hub-header .menu").click()
    page.locator("hub-help-link button").click()


def _tab(page: Page, name: str) -> None:
    page.locator(f"#tab-{name}").click()
    page.locator(f"#tab-{name}[aria-selected=true]").wait_for()
    page.locator("hub-help [aria-busy=false] li.visitor").first.wait_for()


def _settings(camera: Camera) -> None:
    with camera.owner() as page:
        page.goto("/server/help")
        camera.take(page, "help-sites")
        page.locator(".rows a").first.click()
        page.locator("form").first.wait_for()
        camera.take(page, "help-site")


def _visitor(camera: Camera) -> None:
    language = camera.stage.scene.language
    for device in ("desktop", "phone"):
        before = "" if device == "desktop" else f"{device}-"
        with camera.stranger("phone" if device == "phone" else "desktop") as page:
            if device == "desktop":
                page.set_viewport_size(WINDOW)  # type: ignore[arg-type]
            page.goto("/help/window?site=sample")
            page.locator("hub-help-field textarea").wait_for()
            camera.take(page, f"{before}help-window-new")
            page.locator("hub-help-field textarea").fill(QUESTION[language])
            page.locator("hub-help-field .button").click()
            page.locator(".help-message.mine:not(.pending)").wait_for()
            room = camera.stage.ask("mira", "help_list", list="waiting")["conversations"][-1]["room"]
            camera.stage.ask("mira", "help_assign", room=room, user=camera.stage.id("mira"))
            camera.stage.ask("mira", "message_send", room=room, cid=f"{device}-answer", text=ANSWER[language])
            page.locator(".help-message.theirs").nth(1).wait_for()
            camera.take(page, f"{before}help-window")
            camera.stage.ask("mira", "help_resolve", room=room)
            page.locator("hub-help-rating").wait_for()
            camera.take(page, f"{before}help-window-over")
