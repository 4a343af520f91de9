"""What the server's owner and admins have: the live console, people, settings and the log."""

from __future__ import annotations

from playwright.sync_api import Page

from tools.screenshots.camera import Camera

# A server that has just begun has nothing to draw: this is what the hour before might have looked like.
AN_HOUR = """() => {
  const { model } = document.querySelector("hub-console");
  const [process] = model.figures.processes;
  const at = Array.from({ length: 340 }, (_, index) => Date.now() - (342 - index) * 10_000);
  const noise = (i) => Math.sin(i / 7) / 4 + ((i * 7919) % 13) / 26;
  const wave = (base, swing, slow) => at.map((_, i) => Math.max(0, base + swing * (Math.sin(i / slow) + noise(i))));
  const whole = (values) => values.map(Math.round);
  const values = {
    at,
    connections: whole(wave(5, 2, 60)),
    polling: whole(wave(1, 0.8, 45)),
    messages: wave(3, 2, 40),
    deliveries: wave(18, 12, 40),
    ack: wave(1.6, 0.3, 30),
    ack_most: wave(4, 1.5, 30),
    lag: wave(3, 1.5, 20),
    queue: at.map((_, i) => (i % 47 === 3 ? 2 : 0) + (i % 31 === 9 ? 1 : 0)),
    memory: wave(122e6, 2e6, 90),
    cpu: wave(0.06, 0.03, 40),
    slow_readers: at.map(() => 0),
  };
  model.figures.load({ process, values });
  model.emit("change");
}"""


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
    page.evaluate(AN_HOUR)
