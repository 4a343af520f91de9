"""What stands around the conversation: the sides, the dialogs and my settings."""

from __future__ import annotations

from playwright.sync_api import Page

from tools.screenshots.camera import Camera, show_sidebar

# So many round trips make a line that can be read.
SAMPLES_WANTED = 6


def panels(camera: Camera) -> None:
    scene = camera.stage.scene
    with camera.owner() as page:
        page.locator("hub-header .pins").click()
        page.locator("hub-pins .pin, hub-pins .none").first.wait_for()
        camera.take(page, "pins")
        page.locator("hub-header .toggle-search").click()
        page.locator("hub-search .help").wait_for()
        camera.take(page, "search")
        page.locator("hub-search input").fill(scene.sought)
        page.locator("hub-search .hit").first.wait_for()
        camera.take(page, "search-results")
        page.locator("hub-search input").fill(scene.in_vain)
        page.locator("hub-search .empty-search").wait_for()
        camera.take(page, "search-in-vain")
    with camera.owner("phone") as page:
        page.locator("hub-header .toggle-details").click()
        page.locator("hub-members li").first.wait_for()
        camera.take(page, "phone-details")


def attention(camera: Camera) -> None:
    """What calls me, and who it is."""
    with camera.owner() as page:
        page.locator("hub-inbox-link button").click()
        page.locator("hub-inbox li, hub-inbox .hit").first.wait_for()
        camera.take(page, "inbox")
        page.locator("hub-message .avatar").last.click()
        page.locator("hub-person-card .buttons").wait_for()
        camera.take(page, "person")
    with camera.owner("phone") as page:
        show_sidebar(page)
        page.locator("hub-inbox-link button").click()
        page.locator("hub-inbox li, hub-inbox .hit").first.wait_for()
        camera.take(page, "phone-inbox")


def dialogs(camera: Camera) -> None:
    with camera.owner() as page:
        _dialog(camera, page, "hub-sidebar .browse", "directory", wanted="hub-directory li")
        _dialog(camera, page, "hub-sidebar .room-group:first-of-type .group-head .icon-button", "new-room")
        _dialog(camera, page, "hub-sidebar .room-group:last-of-type .group-head .icon-button", "new-conversation")
        _dialog(camera, page, "hub-me button", "my-status")
        page.locator("hub-header .toggle-details").click()
        page.locator("hub-members li").first.wait_for()
        _dialog(camera, page, "hub-details .settings", "room-settings")
        _dialog(camera, page, "hub-members :is(h2, h3) button", "add-people")
        page.locator("hub-details .top .close").click()
        for name in ("own-emoji", "keyboard-shortcuts"):
            page.locator("hub-menu > button").click()
            camera.take(page, "menu")
            _dialog(camera, page, f"hub-menu .menu-list > [data-dialog={name}]", name)
        page.locator("hub-connection button").click()
        plot = page.locator(".plot .line")
        while (plot.get_attribute("points") or "").count(" ") < SAMPLES_WANTED:
            page.wait_for_timeout(200)
        camera.take(page, "connection")


def sidebar(camera: Camera) -> None:
    with camera.owner() as page:
        page.keyboard.press("Control+k")
        page.locator("hub-jump input").fill("a")
        page.locator("hub-jump [role=option]").first.wait_for()
        camera.take(page, "quick-switcher")
    with camera.owner("phone") as page:
        show_sidebar(page)
        camera.take(page, "phone-sidebar")


def settings(camera: Camera) -> None:
    with camera.owner() as page:
        page.goto("/settings")
        camera.take(page, "settings")
        page.locator("#notifications").scroll_into_view_if_needed()
        camera.take(page, "settings-notifications")
    with camera.owner("phone") as page:
        page.goto("/settings")
        camera.take(page, "phone-settings")


def _dialog(camera: Camera, page: Page, opener: str, name: str, wanted: str = "dialog[open]") -> None:
    page.locator(opener).first.click()
    page.locator("dialog[open]").wait_for()
    page.locator(wanted).first.wait_for()
    camera.take(page, name)
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="detached")
