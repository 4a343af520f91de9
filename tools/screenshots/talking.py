"""The conversation: what is said, and what is done with it."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page

from tools.screenshots.camera import Camera, tool

# Nothing of it can be seen, so the server does not take it.
UNSEEN = "\u200b"


def conversation(camera: Camera) -> None:
    with camera.owner() as page:
        page.locator("hub-header .toggle-details").click()
        page.locator("hub-members li").first.wait_for()
        for remark in camera.stage.scene.remarks:
            camera.stage.say("chen", camera.stage.scene.room, remark)
        _lively(camera, page, "conversation")
    with camera.owner("tablet") as page:
        _lively(camera, page, "tablet-conversation")
    with camera.owner("phone") as page:
        _lively(camera, page, "phone-conversation")


def messages(camera: Camera) -> None:
    with camera.owner() as page:
        row = page.locator("hub-message:has(.body)").last
        tool(page, row, "react")
        page.locator(".quick button").last.click()
        page.locator(".emoji-picker .grid button").first.wait_for()
        camera.take(page, "emoji-picker")
        page.keyboard.press("Escape")
        tool(page, row, "more")
        camera.take(page, "message-menu")
        page.keyboard.press("Escape")
        for name in ("forward", "readers", "delete"):
            tool(page, row, "more")
            page.locator(f"[role=menu] [data-command={name}]").click()
            page.locator("dialog[open]").wait_for()
            camera.take(page, f"message-{name}")
            page.keyboard.press("Escape")
            page.locator("dialog[open]").wait_for(state="detached")
        row.focus()
        row.press("r")
        field = page.locator("hub-composer textarea")
        field.fill(camera.stage.scene.written)
        camera.take(page, "writing-a-reply")
        page.keyboard.press("Escape")
        field.fill("@")
        page.get_by_role("option").first.wait_for()
        camera.take(page, "completing-a-name")
        field.fill(UNSEEN)
        field.press("Enter")
        page.locator("hub-message.failed").wait_for()
        camera.take(page, "message-that-failed")
        page.locator("hub-message.failed button").last.click()


def files(camera: Camera) -> None:
    scene = camera.stage.scene
    with camera.owner(room=scene.pictures) as page:
        page.locator("hub-message img").last.wait_for()
        camera.take(page, "pictures")
        page.locator("hub-message a:has(img), hub-message button:has(img)").last.click()
        page.locator("dialog[open] img").last.wait_for()
        camera.take(page, "lightbox")
        page.keyboard.press("Escape")
        page.locator("dialog[open]").wait_for(state="detached")
        page.locator("hub-composer input[type=file]").set_input_files(
            FilePayload(name=scene.attached, mimeType="text/plain", buffer=b"Sample data\n" * 400)
        )
        page.locator("hub-composer textarea").fill(scene.written)
        camera.take(page, "attaching")


def states(camera: Camera) -> None:
    """Empty, not there, on its way."""
    camera.stage.ask("mira", "room_create", name=camera.stage.scene.empty, kind="public", topic="")
    with camera.owner() as page:
        page.locator("hub-sidebar .browse").first.click()
        page.locator("hub-directory li", has_text=camera.stage.scene.empty).locator("button").first.click()
        page.locator("hub-header h1", has_text=camera.stage.scene.empty).wait_for()
        page.locator("hub-beginning").wait_for()
        camera.take(page, "empty-room")
        page.goto("/room/987654321")
        page.locator(".empty .actions").wait_for()
        camera.take(page, "room-not-found")
    with camera.stranger() as page:
        page.context.add_cookies(camera.session)
        page.route("**/socket.io/**", lambda route: None)
        page.route("**/static/js/**", lambda route: None)
        page.goto("/", wait_until="commit")
        page.locator(".skeleton").wait_for()
        camera.take(page, "loading")


def without_a_line(camera: Camera) -> None:
    """The last stop, since the server is not there any more afterwards."""
    with camera.owner() as page:
        camera.stage.end()
        page.locator("hub-connection-bar .bar, hub-connection-bar [role=status] *").first.wait_for()
        page.locator("hub-composer textarea").fill(camera.stage.scene.written)
        page.locator("hub-composer .send").click()
        page.locator("hub-message.pending").wait_for()
        camera.take(page, "offline")


def _lively(camera: Camera, page: Page, name: str) -> None:
    """Take it with the newest remark in sight and somebody typing."""
    page.locator("hub-message .body", has_text=camera.stage.scene.remarks[-1]).wait_for()
    page.mouse.move(0, 0)
    camera.stage.type()
    page.locator("hub-typing .typing b").wait_for()
    camera.take(page, name)
