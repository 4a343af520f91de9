"""Files as people send and look at them."""

from __future__ import annotations

import io
import re
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import flaws, overflows, small_targets
from tests.e2e.acts import choose, details
from tests.e2e.browsers import CALM, PHONE, Browsers, Conversation
from tests.e2e.house import House
from tests.e2e.scripts import script
from tests.servers import Person
from tests.waiting import until


def picture(width: int, height: int, color: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), color).save(file, "PNG")
    return file.getvalue()


# Between two tries of an upload, in milliseconds (`static/js/models/upload-queue.js`).
LONGEST_REST = 30_000


class Sender:
    """Somebody who has files at hand, and the page that they write in."""

    def __init__(self, browsers: Browsers, house: House, person: Person, path: str = "", **options: Any) -> None:
        self.page: Page = browsers.page(house.server, person, **options)
        self.talk = Conversation(self.page).open(path or house.path("empty"))
        self.tiles = self.page.locator("hub-upload-tiles .tile")
        self.rows = self.page.locator("hub-message")

    def choose(self, **files: bytes) -> None:
        """Names in which the last underscore is a dot."""
        given = [
            {"name": ".".join(name.rsplit("_", 1)), "mimeType": f"image/{name[-3:]}", "buffer": data}
            for name, data in files.items()
        ]
        self.page.locator("hub-attach input").set_input_files(given)  # type: ignore[arg-type]

    def give(self, how: str, target: Locator, name: str, text: str = "some text", kind: str = "text/plain") -> None:
        target.evaluate(script("give"), {"how": how, "name": name, "type": kind, "text": text})

    def hover(self, target: Locator, name: str) -> None:
        """As long as something is dragged, the browser says again and again where it is."""
        place = self.page.get_by_text("Drop to attach in")

        def seen() -> bool:
            self.give("hover", target, name)
            return place.is_visible()

        until(seen)

    def uploaded(self, count: int) -> None:
        expect(self.page.locator("hub-upload-tiles .tile.done")).to_have_count(count)


def test_pictures_are_sent_looked_at_and_deleted(browsers: Browsers, house: House) -> None:
    ann, ben = (house.newcomer(f"F-{name}") for name in ("Ann", "Ben"))
    sender, reader = Sender(browsers, house, ann), Sender(browsers, house, ben)
    page = reader.page

    # Chosen, dropped and pasted; in the order in which they were given.
    sender.choose(first_png=picture(900, 600, "teal"), second_png=picture(400, 900, "tan"))
    sender.hover(sender.talk.list, "minutes.txt")
    sender.give("drop", sender.talk.list, "minutes.txt")
    sender.give("paste", sender.talk.composer, "image.png", "no picture", "text/plain")
    expect(sender.page.get_by_text("Drop to attach in #empty")).to_have_count(0)
    sender.uploaded(4)
    assert flaws(sender.page) == []
    names = sender.tiles.locator(".name").all_inner_texts()
    assert names[:3] == ["first.png", "second.png", "minutes.txt"]
    assert re.fullmatch(r"Screenshot 2\d{3}-\d\d-\d\d [\d.]{8}\.png", names[3])
    sender.page.get_by_role("button", name=re.compile("^Remove Screenshot")).click()
    sender.uploaded(3)
    sender.talk.composer.press("Enter")
    expect(sender.tiles).to_have_count(0)

    # The other one sees them, each in its space.
    row = reader.rows.last
    expect(row.get_by_role("img")).to_have_count(2)
    expect(row.get_by_role("link", name=re.compile("^minutes.txt"))).to_have_attribute(
        "href", re.compile(r"/files/\d+/minutes\.txt\?download=1")
    )
    until(lambda: all(row.get_by_role("img").evaluate_all("(all) => all.map((one) => one.naturalWidth > 0)")))
    row.focus()
    opener = row.get_by_role("button", name="Open first.png")
    opener.press("Enter")
    lightbox = page.get_by_role("dialog", name="first.png")
    expect(lightbox.get_by_text("F-Ann")).to_be_visible()
    expect(lightbox.get_by_role("button", name="Close")).to_be_focused()
    assert flaws(page, "dialog[open]") == []
    for key, smaller in (("+", "false"), ("0", "true"), ("+", "false"), ("-", "true")):
        page.keyboard.press(key)
        expect(lightbox.get_by_role("button", name="Zoom out")).to_have_attribute("aria-disabled", smaller)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()

    # A reply and a search say what a message without words is; the room's files are listed, live.
    row.press("r")
    expect(page.locator("hub-reply-banner")).to_contain_text("3 files")
    panel = details(reader.talk)
    expect(panel.get_by_role("link", name=re.compile("^minutes.txt"))).to_be_visible()
    panel.get_by_role("button", name="Open second.png").click()
    expect(page.get_by_role("dialog", name="second.png")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("dialog", name="first.png")).to_be_visible()

    # What is deleted is gone wherever it stands.
    choose(sender.talk, sender.rows.last, "Delete")
    sender.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(panel.get_by_role("link", name=re.compile("^minutes.txt"))).to_have_count(0)
    assert flaws(page) == []


def test_a_message_waits_for_its_files_and_they_for_the_network(browsers: Browsers, house: House) -> None:
    sender = Sender(browsers, house, house.newcomer("F-Cas"), quiet=False)
    page, talk = sender.page, sender.talk
    uploads = re.compile(r"/files\?name=")
    # Nothing comes through, as on a bad line.
    page.route(uploads, lambda route: route.abort())
    sender.choose(chart_png=picture(640, 480, "navy"))
    expect(sender.tiles).to_contain_text("Waiting for the network")
    talk.composer.fill("The chart")
    talk.composer.press("Enter")
    held = page.get_by_text("Your message is sent as soon as the files are there.")
    expect(held).to_be_visible()
    expect(talk.composer).to_have_attribute("readonly", "")
    # Escape goes on writing; a word more, and again.
    talk.composer.press("Escape")
    expect(held).to_have_count(0)
    page.keyboard.type(" of today")
    talk.composer.press("Enter")
    expect(held).to_be_visible()
    # It goes on while another room is open.
    talk.link("launch").click()
    expect(talk.header).to_contain_text("launch")
    expect(sender.tiles).to_have_count(0)
    page.unroute(uploads)
    talk.link("empty").click()
    # The slower all of this went, the longer the upload rests before its next try: half a minute at most.
    chart = talk.message("The chart of today").get_by_role("img", name="chart.png")
    expect(chart).to_be_visible(timeout=2 * LONGEST_REST)
    expect(talk.composer).to_have_value("")

    # What is uploaded stays in the draft through a reload; what the server refuses says why and holds up the rest.
    sender.choose(good_png=picture(20, 20, "red"), broken_png=b"\x89PNG\r\n\x1a\nnothing")
    sender.uploaded(1)
    expect(sender.page.locator(".tile.failed")).to_contain_text("This picture is damaged")
    talk.composer.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("could not be uploaded")
    page.reload()
    talk.ready()
    sender.uploaded(1)
    expect(sender.tiles).to_have_count(1)
    talk.composer.press("Enter")
    expect(sender.rows.last.get_by_role("img", name="good.png")).to_be_visible()


def test_on_a_phone_in_chinese(browsers: Browsers, house: House) -> None:
    sender = Sender(browsers, house, house.newcomer("F-Dee"), **PHONE, **CALM, locale="zh-CN", color_scheme="dark")
    page = sender.page
    page.get_by_role("button", name="添加文件").tap()
    expect(page.get_by_role("menuitem")).to_have_text(["拍照", "照片和视频", "选择文件"])
    page.keyboard.press("Escape")
    sender.choose(
        wide_png=picture(1200, 200, "olive"), **{f"n{number}_png": picture(60, 60, "gray") for number in range(9)}
    )
    sender.uploaded(10)
    assert (flaws(page), small_targets(page), overflows(page)) == ([], [], [])
    page.get_by_role("button", name="发送").tap()
    row = sender.rows.last
    expect(row.get_by_role("img")).to_have_count(10)
    assert (flaws(page), small_targets(page), overflows(page)) == ([], [], [])
    row.get_by_role("button", name="打开 wide.png").tap()
    expect(page.get_by_role("dialog", name="wide.png")).to_contain_text("F-Dee")
    assert (flaws(page, "dialog[open]"), small_targets(page)) == ([], [])
    page.get_by_role("dialog").get_by_role("button", name="在对话中查看").tap()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row).to_be_focused()
    page.get_by_role("button", name="详情").tap()
    page.locator("hub-files-brief").get_by_role("button", name="查看全部").tap()
    expect(page.locator("hub-files").get_by_role("button", name="打开 wide.png")).to_be_visible()
    page.get_by_role("button", name="其他文件").tap()
    assert (flaws(page), small_targets(page), overflows(page)) == ([], [], [])
