"""The screens before one is in: first run, signing in, invitations, and pages that are not there."""

from __future__ import annotations

from playwright.sync_api import Page

from tools.screenshots.camera import Camera


def first_run(camera: Camera) -> None:
    with camera.stranger() as page:
        page.goto("/")
        page.locator("main form").wait_for()
        camera.take(page, "first-run")
    with camera.stranger("phone") as page:
        page.goto("/")
        page.locator("main form").wait_for()
        camera.take(page, "phone-first-run")


def before_the_door(camera: Camera) -> None:
    with camera.owner() as page:
        page.goto("/invites")
        page.locator("main form .button:not(.danger)").first.click()
        invite = page.locator(".secret input").input_value()
        camera.take(page, "invite-links")
    with camera.stranger() as page:
        page.goto("/signin")
        camera.take(page, "sign-in")
        page.locator("main form input:visible").last.press("Enter")
        page.locator("[role=alert]").first.wait_for()
        camera.take(page, "sign-in-with-errors")
        page.goto("/register")
        camera.take(page, "register")
        page.goto("/guest")
        camera.take(page, "guest")
        page.goto(invite)
        page.locator("main form").first.wait_for()
        camera.take(page, "invitation")
        page.goto("/invite/nothing")
        camera.take(page, "invitation-that-ended")
        page.goto("/nowhere")
        camera.take(page, "page-not-found")
        page.goto("/signin")
        _spoil(page)
        page.locator("main form .button").first.click()
        page.locator(".status").wait_for()
        camera.take(page, "form-out-of-date")
    with camera.stranger("phone") as page:
        page.goto("/signin")
        camera.take(page, "phone-sign-in")


def _spoil(page: Page) -> None:
    """As if the form had been open for days."""
    page.locator("[name=csrf_token]").first.evaluate("(field) => { field.value = ''; }")
