"""The conversation: what is said, and what is done with it."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page

from chat.demo import drawing
from tools.screenshots.camera import Camera, enter, tool
from tools.screenshots.site import site

# So many marks may not stand on one letter, so the server does not take what ends with them; these can't be seen.
MARKS = "\u034f" * 40
MANY = 120
# A line on which a file of a megabyte takes a while, in bytes a second.
SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 60_000}
# How far it is to be.
SHOWN = 0.3
TOO_LARGE = {"ok": False, "error": {"code": "too_large", "field": "quota", "message": "", "retryable": False}}
# The service worker has the page and its script.
KEPT = """async () => {
  const script = document.querySelector("script[type=module]").src;
  return Boolean(navigator.serviceWorker.controller && (await caches.match("/?kept")) && (await caches.match(script)));
}"""


def conversation(camera: Camera) -> None:
    scene = camera.stage.scene
    with camera.owner() as page:
        page.locator("hub-header .toggle-details").click()
        page.locator("hub-members li").first.wait_for()
        for remark in scene.remarks:
            camera.stage.say("chen", scene.room, remark)
        for username in ("mira", "tomas"):
            camera.stage.read(username, scene.room)
        _lively(camera, page, "conversation")
    with camera.owner("tablet") as page:
        _lively(camera, page, "tablet-conversation")
    with camera.owner("phone") as page:
        _lively(camera, page, "phone-conversation")


def messages(camera: Camera) -> None:
    with camera.owner() as page:
        page.locator("hub-message pre").scroll_into_view_if_needed()
        camera.take(page, "code")
    with camera.owner() as page:
        row = page.locator("hub-message:has(.body)").last
        tool(page, row, "react")
        page.locator(".quick button").last.click()
        page.locator(".emoji-picker .grid button").first.wait_for()
        camera.take(page, "emoji-picker")
        page.keyboard.press("Escape")
        tool(page, row, "more")
        camera.take(page, "message-menu", "[role=menu]")
        page.keyboard.press("Escape")
        for name in ("forward", "readers", "delete"):
            tool(page, row, "more")
            page.locator(f"[role=menu] [data-command={name}]").click()
            page.locator("dialog[open]").wait_for()
            camera.take(page, f"message-{name}", "dialog[open]")
            page.keyboard.press("Escape")
            page.locator("dialog[open]").wait_for(state="detached")
        _write(camera, page)
    with camera.owner("phone") as page:
        row = page.locator("hub-message:has(.body)").last
        tool(page, row, "more")
        camera.take(page, "phone-message-menu")
        page.keyboard.press("Escape")
        tool(page, row, "react")
        page.locator(".quick button").last.click()
        page.locator(".emoji-picker .grid button").first.wait_for()
        camera.take(page, "phone-emoji-picker")


def rooms(camera: Camera) -> None:
    """Conversations of other kinds."""
    scene = camera.stage.scene
    with camera.owner(room=scene.friend) as page:
        camera.take(page, "conversation-with-one")
        enter(page, scene.widths)
        page.locator("hub-message img.own-emoji").first.wait_for()
        camera.take(page, "long-words")
    with camera.owner("phone", room=scene.widths) as page:
        camera.take(page, "phone-long-words")


def links(camera: Camera) -> None:
    scene = camera.stage.scene
    with site(*scene.linked) as address:
        camera.stage.say("mira", scene.widths, address)
        for screen, name in (("desktop", "link-preview"), ("phone", "phone-link-preview")):
            with camera.owner(screen, room=scene.widths) as page:  # type: ignore[arg-type]
                page.locator("hub-message .preview img").last.scroll_into_view_if_needed()
                page.locator("hub-voice button").wait_for()
                camera.take(page, name)


def files(camera: Camera) -> None:
    scene = camera.stage.scene
    with camera.owner(room=scene.pictures) as page:
        page.locator("hub-message .attachments img").last.wait_for()
        camera.take(page, "pictures")
        page.locator("hub-message .attachments .picture").last.click()
        page.locator("dialog[open] img").last.wait_for()
        camera.take(page, "lightbox")
        page.keyboard.press("Escape")
        page.locator("dialog[open]").wait_for(state="detached")
        page.mouse.move(0, 0)
        _attach(camera, page)
    with camera.owner(room=scene.pictures) as page:
        _send_pictures(page)
        page.locator("hub-header .toggle-details").click()
        page.locator("hub-files-brief .link-button").click()
        page.locator("hub-files img").nth(5).wait_for()
        camera.take(page, "files")


def voice(camera: Camera) -> None:
    for screen, name in (("desktop", "voice-message"), ("phone", "phone-voice-message")):
        with camera.owner(screen) as page:  # type: ignore[arg-type]
            page.locator("hub-voice button").click()
            page.locator(".recorder .levels i").nth(30).wait_for()
            camera.take(page, name)
            page.locator("hub-voice .stop").click()
            page.locator("hub-upload-tiles .tile.done").wait_for()
            page.locator("hub-composer .send").click()
            page.locator("hub-message audio").last.wait_for()
            if screen == "desktop":
                camera.take(page, "voice-message-sent")


def states(camera: Camera) -> None:
    """Empty, not there, on its way."""
    scene = camera.stage.scene
    with camera.owner() as page:
        page.locator("hub-sidebar .room-group:first-of-type .group-head .icon-button").click()
        page.locator("#room-name").fill(scene.empty)
        page.locator("#room-name").press("Enter")
        page.locator("hub-header h1", has_text=scene.empty).wait_for()
        page.locator("hub-beginning").wait_for()
        camera.take(page, "empty-room")
        page.goto("/room/987654321")
        page.locator(".empty .actions").wait_for()
        camera.take(page, "room-not-found")
    with camera.stranger() as page:
        page.context.add_cookies(camera.session)
        page.route("**/*.js*", lambda route: None)
        page.goto("/", wait_until="commit")
        page.locator(".skeleton").wait_for()
        camera.take(page, "loading")
        page.unroute_all(behavior="ignoreErrors")


def signed_out(camera: Camera) -> None:
    """Elsewhere, and noticed here."""
    with camera.stranger() as page:
        camera.sign_in(page)
        enter(page, camera.stage.scene.room)
        with camera.owner() as other:
            other.goto("/settings#sessions")
            other.locator("#sessions li:has(form) button").first.click()
            other.locator("#sessions .notice").wait_for()
        page.wait_for_url("**/signin*")
        camera.take(page, "signed-out")


def without_a_line(camera: Camera) -> None:
    """The server is not there any more afterwards."""
    with camera.owner() as page:
        while not page.evaluate(KEPT):
            page.wait_for_timeout(100)
        camera.stage.end()
        page.locator("hub-connection-bar .bar, hub-connection-bar [role=status] *").first.wait_for()
        page.locator("hub-composer textarea").fill(camera.stage.scene.written)
        page.locator("hub-composer .send").click()
        page.locator("hub-message.pending").wait_for()
        page.locator(".toast .icon-button").click()
        camera.take(page, "offline")
        page.reload()
        page.locator("hub-message.pending").wait_for()
        page.locator("hub-connection-bar [role=status] *").first.wait_for()
        camera.take(page, "opened-offline")


def crowd(camera: Camera) -> None:
    """More rooms than a screen holds, and somebody who reads what was said before. The server is there again."""
    scene = camera.stage.scene
    camera.stage.begin()
    camera.stage.crowd([scene.many.format(f"{number:03}") for number in range(1, MANY)])
    with camera.owner() as page:
        page.locator("hub-messages .messages").evaluate("(box) => box.scrollTo(0, box.scrollHeight / 3)")
        for remark in scene.remarks:
            camera.stage.say("mira", scene.room, remark)
        page.locator("hub-pill .pill:not(.plain)").wait_for()
        camera.take(page, "many-rooms")


def _write(camera: Camera, page: Page) -> None:
    scene = camera.stage.scene
    row = page.locator("hub-message:has(.body)").last
    row.focus()
    row.press("r")
    field = page.locator("hub-composer textarea")
    field.fill(scene.written)
    page.locator("hub-format-bar .fold").click()
    camera.take(page, "writing-a-reply")
    page.locator("hub-format-bar .fold").click()
    field.press("Escape")
    field.fill("@")
    page.get_by_role("option").first.wait_for()
    camera.take(page, "completing-a-name")
    field.fill(scene.written + MARKS)
    field.press("Enter")
    page.locator("hub-message.failed").wait_for()
    camera.take(page, "message-that-failed")
    page.locator("hub-message.failed button").last.click()


def _attach(camera: Camera, page: Page) -> None:
    """A file that is ready, one on its way and one that was refused."""
    ready, under_way, refused = camera.stage.scene.attached
    field = page.locator("hub-composer input[type=file]")
    field.set_input_files(FilePayload(name=ready, mimeType="text/plain", buffer=b"Sample data\n" * 400))
    page.locator("hub-upload-tiles .tile.done").wait_for()
    page.route("**/files?name=*.zip*", lambda route: route.fulfill(status=413, json=TOO_LARGE))
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    field.set_input_files(
        [
            FilePayload(name=under_way, mimeType="audio/ogg", buffer=b"OggS" + bytes(1_000_000)),
            FilePayload(name=refused, mimeType="application/zip", buffer=b"PK\x03\x04" + bytes(2_000)),
        ]
    )
    page.locator("hub-composer textarea").fill(camera.stage.scene.written)
    page.locator("hub-upload-tiles .tile.failed").wait_for()
    while page.locator("hub-upload-tiles progress").evaluate("(bar) => bar.value") < SHOWN:
        page.wait_for_timeout(100)
    camera.take(page, "attaching")


def _send_pictures(page: Page) -> None:
    page.locator("hub-composer input[type=file]").set_input_files(
        [FilePayload(name=f"{name}.png", mimeType="image/png", buffer=drawing.draw(name)) for name in drawing.PICTURES]
    )
    page.locator("hub-upload-tiles .tile.done").nth(len(drawing.PICTURES) - 1).wait_for()
    page.locator("hub-composer .send").click()
    page.locator("hub-message:not(.pending) .grid img").nth(len(drawing.PICTURES) - 1).wait_for()


def _lively(camera: Camera, page: Page, name: str) -> None:
    """Take it with the newest remark in sight and somebody typing."""
    page.locator("hub-message .body", has_text=camera.stage.scene.remarks[-1]).wait_for()
    page.mouse.move(0, 0)
    camera.stage.type()
    page.locator("hub-typing .typing b").wait_for()
    camera.take(page, name)
