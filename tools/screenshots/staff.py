"""What the server's owner and admins have: the live console, people, settings and the log."""

from __future__ import annotations

from playwright.sync_api import Page

from tools.screenshots.camera import Camera


def pages(camera: Camera) -> None:
    for device in ("desktop", "phone"):
        before = "" if device == "desktop" else f"{device}-"
        with camera.owner(device) as page:
            _console(page)
            camera.take(page, f"{before}console")
            page.goto("/server")
            camera.take(page, f"{before}server-settings")
            page.goto("/server/users")
            camera.take(page, f"{before}people")
            page.locator(".rows a").last.click()
            page.locator("#ban").wait_for()
            # Something for the log.
            page.locator("form[action$=reset-link] .button").click()
            page.locator(".secret").wait_for()
            camera.take(page, f"{before}person-managed")
            page.goto("/server/audit")
            camera.take(page, f"{before}audit-log")


def _console(page: Page) -> None:
    page.goto("/server/console")
    page.locator("hub-connections tbody tr").first.wait_for()
    page.locator("hub-busy-rooms tbody tr").first.wait_for()
    page.wait_for_function(
        "() => [...document.querySelectorAll('hub-chart b')].every((value) => value.textContent !== '–')"
    )
