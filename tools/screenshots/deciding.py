"""What is decided about people: a report and its settling, and what somebody sees of a mute, a warning and a ban."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page

from tools.screenshots.camera import Camera, enter

DIALOG = "dialog[open]"
OF_THEIRS = "sample sample sample"
JOIN = """(room) => document.querySelector("hub-app").client.roomActions.join(room)"""
ASK = """([command, fields]) => document.querySelector("hub-app").client.request(command, fields)"""


def deciding(camera: Camera) -> None:
    """Somebody new offends in a room that pictures show no more of."""
    stage, scene = camera.stage, camera.stage.scene
    with camera.owner(room=scene.widths) as page, camera.stranger("phone") as theirs:
        _come(theirs, scene.account)
        theirs.evaluate(JOIN, scene.widths)
        enter(theirs, scene.widths)
        theirs.locator("hub-composer textarea").fill(scene.offence)
        theirs.locator("hub-composer .send").click()
        row = page.locator("hub-message", has_text=scene.offence)
        row.wait_for()
        _report(camera, page, row)
        room = stage.ask("tomas", "room_join", room=scene.widths)["room"]["id"]
        said = stage.ask("tomas", "history", room=room, limit=1)["messages"][0]
        stage.ask("tomas", "message_report", message=said["id"], reason="spam", comment=scene.complaint)
        page.locator("hub-reports-link button").click()
        page.locator("hub-reports .fold").click()
        page.locator("hub-reports .around li").first.wait_for()
        camera.take(page, "reports")
        page.locator("hub-reports [aria-haspopup=menu]").click()
        page.locator("[role=menuitem]").nth(1).click()
        page.locator("#decide-reason").fill(scene.sentence)
        camera.take(page, "mute", DIALOG)
        page.locator("[name=remove]").uncheck()
        page.locator("hub-decide .button.danger").click()
        theirs.locator(".muted").wait_for()
        camera.take(theirs, "phone-muted")
        page.locator("hub-header .toggle-details").click()
        page.locator("hub-moderation li").wait_for()
        page.locator("hub-moderation .person").click()
        page.locator(".person-card .sanction").wait_for()
        camera.take(page, "muted-and-banned")
        page.keyboard.press("Escape")
        _decided(camera, theirs, page, {"user": said["author"]["id"], "room": room, "reason": scene.sentence})
    with camera.stranger() as page:
        page.goto("/signin")
        page.locator("[name=username]").fill(scene.account[1])
        page.locator("[name=password]").fill(OF_THEIRS)
        page.locator("[name=password]").press("Enter")
        page.locator(".symbol").wait_for()
        camera.take(page, "sign-in-while-banned")


def _come(page: Page, account: tuple[str, str]) -> None:
    name, username = account
    page.goto("/register")
    page.locator("[name=name]").fill(name)
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(OF_THEIRS)
    page.locator("[name=password]").press("Enter")
    page.locator("hub-message, hub-beginning").first.wait_for()


def _report(camera: Camera, page: Page, row: Locator) -> None:
    row.hover()
    row.locator(".tools [data-command=more]").click()
    page.locator("[role=menu] [data-command=report]").click()
    page.locator("hub-report input").first.check()
    camera.take(page, "message-report", DIALOG)
    page.keyboard.press("Escape")
    page.locator(DIALOG).wait_for(state="detached")


def _decided(camera: Camera, theirs: Page, page: Page, about: dict[str, object]) -> None:
    page.evaluate(ASK, ["user_warn", about])
    theirs.locator(".hub-warning").wait_for()
    camera.take(theirs, "phone-warning")
    theirs.locator(".hub-warning .button").click()
    page.evaluate(ASK, ["room_ban", about])
    theirs.locator("hub-shut-out h2").wait_for()
    camera.take(theirs, "phone-banned-from-a-room")
    end = (datetime.now(UTC) + timedelta(days=3)).isoformat().replace("+00:00", "Z")
    camera.stage.decide("user_ban", user=about["user"], reason=about["reason"], until=end)
    theirs.locator("hub-banned h1").wait_for()
    camera.take(theirs, "phone-banned")
