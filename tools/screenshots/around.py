"""What stands around the conversation: the sides, the dialogs, the sidebar and my settings."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page

from chat.demo import drawing
from tools.screenshots.camera import Camera, show_sidebar

# So many round trips make a line that can be read.
SAMPLES_WANTED = 6
DIALOG = "dialog[open]"
# The first three rooms in two sections.
PUT_TOGETHER = """([first, second]) => {
  const { client } = document.querySelector("hub-app");
  const [a, b, c] = [...document.querySelectorAll("hub-sidebar hub-room-link")].map((link) => link.room.id);
  return client.request("sections_set", { sections: [{ name: first, rooms: [b, a] }, { name: second, rooms: [c] }] });
}"""
# A message that is seen, in a moment.
REMIND_SOON = """() => document.querySelector("hub-app").client.request("reminder_set", {
  message: document.querySelector("hub-message").message.id,
  at: new Date(Date.now() + 500).toISOString(),
})"""


def panels(camera: Camera) -> None:
    scene = camera.stage.scene
    with camera.owner() as page:
        page.locator("hub-header .toggle-search").click()
        page.locator("hub-search .help").wait_for()
        camera.take(page, "search")
        _search(page, scene.sought)
        camera.take(page, "search-results")
        page.locator("hub-search input").fill(scene.in_vain)
        page.locator("hub-search .empty-search").wait_for()
        camera.take(page, "search-in-vain", "hub-search")
        page.locator("hub-header .bell").click()
        page.get_by_role("menu").wait_for()
        camera.take(page, "bell", "[role=menu]")
    with camera.owner("tablet") as page:
        _details(page)
        camera.take(page, "tablet-details")
    with camera.owner("phone") as page:
        page.locator("hub-header .toggle-search").click()
        _search(page, scene.sought)
        camera.take(page, "phone-search")
    with camera.owner("phone") as page:
        _details(page)
        camera.take(page, "phone-details")


def attention(camera: Camera) -> None:
    """What calls me, and who it is."""
    with camera.owner(called=True) as page:
        page.locator(".notify-offer").wait_for()
        camera.take(page, "offer-of-notifications")
        page.locator(".notify-offer .icon-button").click()
        _inbox(page)
        camera.take(page, "inbox")
        page.locator("hub-inbox .tools button").last.click()
        page.locator("hub-inbox .empty-search").wait_for()
        camera.take(page, "inbox-without-replies", "hub-inbox")
        page.locator("hub-message").last.press("s")
        page.locator("hub-message .saved").wait_for()
        page.locator("hub-inbox [role=tab]").nth(1).click()
        page.locator("hub-saved .hit").nth(3).wait_for()
        _without_toasts(page)
        camera.take(page, "saved")
        page.locator("hub-message").last.press("s")
        page.locator("hub-message .avatar:is(img)").last.click()
        page.locator("hub-person-card .buttons").wait_for()
        camera.take(page, "person", ".person-card")
    with camera.owner("phone") as page:
        show_sidebar(page)
        _inbox(page)
        camera.take(page, "phone-inbox")
        page.locator("hub-inbox [role=tab]").nth(1).click()
        page.locator("hub-saved .hit").first.wait_for()
        camera.take(page, "phone-saved")
    with camera.owner("phone") as page:
        page.locator("hub-message .avatar:is(img)").last.click()
        page.locator("hub-person-card .buttons").wait_for()
        camera.take(page, "phone-person")


def later(camera: Camera) -> None:
    """What comes at its time: reminders, and messages that are sent later."""
    scene = camera.stage.scene
    with camera.owner() as page:
        page.locator("hub-message").last.hover()
        page.locator("hub-message .tools [data-command=more]").click()
        page.locator("[role=menu] [data-command=remind]").click()
        page.locator(".when").wait_for()
        camera.take(page, "remind-me", ".when")
        page.locator(".when > button").nth(2).click()
        page.locator(".toast").wait_for()
        page.evaluate(REMIND_SOON)
        page.locator(".toast").nth(1).wait_for()
        for text, at in ((scene.remarks[1], 0), (scene.written, 1)):
            page.locator("hub-composer textarea").fill(text)
            page.locator("hub-send-later button").click()
            page.locator(".when").wait_for()
            if at:
                camera.take(page, "send-later", ".when")
            page.locator(".when > button").nth(at).click()
            page.locator("hub-composer textarea:placeholder-shown").wait_for()
        page.locator("hub-scheduled-line .line").click()
        page.locator("hub-scheduled li").nth(1).wait_for()
        _without_toasts(page)
        camera.take(page, "scheduled")
        page.locator("hub-inbox [role=tab]").nth(1).click()
        page.locator("hub-saved .due").wait_for()
        _without_toasts(page)
        camera.take(page, "reminders")
    with camera.owner("phone") as page:
        page.locator("hub-composer textarea").fill(scene.written)
        page.locator("hub-send-later button").click()
        page.locator(".when").wait_for()
        camera.take(page, "phone-send-later")
        page.keyboard.press("Escape")
        page.locator("hub-scheduled-line .line").click()
        page.locator("hub-scheduled li").nth(1).wait_for()
        camera.take(page, "phone-scheduled")
        for place in (1, 0):
            page.locator("hub-scheduled [data-act=remove]").nth(place).click()
            page.locator("hub-scheduled li").nth(place).wait_for(state="detached")
        page.locator("hub-inbox [role=tab]").nth(1).click()
        page.locator("hub-saved .due .mark").last.click()
        page.locator("hub-saved .due").wait_for(state="detached")


def dialogs(camera: Camera) -> None:
    with camera.owner() as page:
        _dialog(camera, page, "hub-sidebar .browse", "directory", wanted="hub-directory li", whole=True)
        _dialog(camera, page, "hub-sidebar .room-group:first-of-type .group-head .icon-button", "new-room")
        page.locator("hub-sidebar .room-group:last-of-type .group-head .icon-button").click()
        page.locator("#people-field").fill("m")
        page.get_by_role("option").first.wait_for()
        camera.take(page, "new-conversation", DIALOG)
        # What was found goes first.
        page.keyboard.press("Escape")
        _close(page)
        _dialog(camera, page, "hub-me button", "my-status")
        _details(page)
        _dialog(camera, page, "hub-details .settings", "room-settings")
        _dialog(camera, page, "hub-members :is(h2, h3) button", "add-people")
        page.locator("hub-details .top .close").click()
        page.locator("hub-menu > button").click()
        camera.take(page, "menu", "hub-menu .menu-list")
        _dialog(camera, page, "hub-menu .menu-list > [data-dialog=keyboard-shortcuts]", "keyboard-shortcuts")
        page.locator("hub-menu > button").click()
        page.locator("hub-menu .menu-list > [data-dialog=own-emoji]").click()
        page.locator("#emoji-picture").set_input_files(
            FilePayload(name="Sunset.png", mimeType="image/png", buffer=drawing.draw("island"))
        )
        page.locator(".own-list li").first.wait_for()
        camera.take(page, "own-emoji", DIALOG)
        _close(page)
        page.locator("hub-connection button").click()
        plot = page.locator(".plot .line")
        while (plot.get_attribute("points") or "").count(" ") < SAMPLES_WANTED:
            page.wait_for_timeout(200)
        camera.take(page, "connection", DIALOG)
    with camera.owner("phone") as page:
        show_sidebar(page)
        _dialog(camera, page, "hub-sidebar .browse", "phone-directory", wanted="hub-directory li", whole=True)


def sidebar(camera: Camera) -> None:
    with camera.owner() as page:
        page.keyboard.press("Control+k")
        page.locator("hub-jump input").fill(camera.stage.scene.room[0])
        page.locator("hub-jump [role=option]").first.wait_for()
        camera.take(page, "quick-switcher")
        page.keyboard.press("Escape")
        page.evaluate(PUT_TOGETHER, camera.stage.scene.sections)
        page.locator("hub-section, .room-group", has_text=camera.stage.scene.sections[1]).first.wait_for()
        camera.take(page, "sections")
    with camera.owner("phone") as page:
        show_sidebar(page)
        camera.take(page, "phone-sidebar")
        page.evaluate("""() => document.querySelector("hub-app").client.request("sections_set", { sections: [] })""")


def settings(camera: Camera) -> None:
    with camera.owner(called=True) as page:
        page.goto("/settings")
        camera.take(page, "settings")
        for section in ("preferences", "notifications", "sessions"):
            page.goto(f"/settings#{section}")
            camera.take(page, f"settings-{section}")
        page.locator("#words-words").fill(camera.stage.scene.sought)
        page.locator("#words .button").click()
        page.locator("#words .notice").scroll_into_view_if_needed()
        camera.take(page, "settings-words", "#words")
        page.locator("#token-name").fill("deploy")
        page.locator("#token-name").press("Enter")
        page.locator(".secret").wait_for()
        camera.take(page, "settings-token", "#tokens")
        page.locator("#picture").set_input_files(
            FilePayload(name="harbour.png", mimeType="image/png", buffer=drawing.draw("harbour"))
        )
        page.locator("dialog.crop").wait_for()
        camera.take(page, "settings-picture", DIALOG)
    with camera.owner() as page:
        camera.stage.say("chen", camera.stage.scene.room, next(iter(camera.stage.scene.elsewhere.values())))
        page.locator("hub-message .own-word").wait_for()
        camera.take(page, "word-that-calls")
    with camera.owner("tablet") as page:
        page.goto("/settings")
        camera.take(page, "tablet-settings")
    with camera.owner("phone") as page:
        page.goto("/settings")
        camera.take(page, "phone-settings")
        page.goto("/settings#words")
        camera.take(page, "phone-settings-words")


def _search(page: Page, words: str) -> None:
    page.locator("hub-search input").fill(words)
    page.locator("hub-search .hit").first.wait_for()


def _details(page: Page) -> None:
    page.locator("hub-header .toggle-details").click()
    page.locator("hub-members li").first.wait_for()


def _without_toasts(page: Page) -> None:
    while page.locator(".toast").count():
        page.locator(".toast .icon-button").last.click()


def _inbox(page: Page) -> None:
    page.locator("hub-inbox-link button").click()
    page.locator("hub-inbox .hit").first.wait_for()


def _dialog(camera: Camera, page: Page, opener: str, name: str, *, wanted: str = DIALOG, whole: bool = False) -> None:
    page.locator(opener).first.click()
    page.locator(DIALOG).wait_for()
    page.locator(wanted).first.wait_for()
    camera.take(page, name, None if whole else DIALOG)
    _close(page)


def _close(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator(DIALOG).wait_for(state="detached")
