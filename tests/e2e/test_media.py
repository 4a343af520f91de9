"""What plays in its place, and pictures under two fingers."""

from __future__ import annotations

from base64 import b64decode

from playwright.sync_api import CDPSession, Locator, expect

from tests.e2e.browsers import PHONE, Browsers, Conversation
from tests.e2e.house import House
from tests.e2e.scripts import script
from tests.e2e.test_files import Sender, picture
from tests.waiting import until


def test_a_video_plays_in_its_place_read_by_parts(browsers: Browsers, house: House) -> None:
    ann, ben = (house.newcomer(f"V-{name}") for name in ("Ann", "Ben"))
    sender = Sender(browsers, house, ann)
    reader = Conversation(browsers.page(house.server, ben)).open(house.path("empty"))
    answers: list[tuple[int, str | None]] = []
    reader.page.on(
        "response",
        lambda response: (
            answers.append((response.status, response.headers.get("content-range")))
            if "harbour.webm" in response.url
            else None
        ),
    )
    film = b64decode(sender.page.evaluate(script("record")))
    sender.page.locator("hub-attach input").set_input_files(
        {"name": "harbour.webm", "mimeType": "video/webm", "buffer": film}
    )
    sender.uploaded(1)
    sender.talk.composer.press("Enter")

    video = reader.page.get_by_label("harbour.webm", exact=True)
    expect(video).to_be_visible()
    before = video.bounding_box()
    # Its first picture is there before it plays, and its box has not moved for it.
    until(lambda: video.evaluate("(video) => video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA"))
    assert video.evaluate("(video) => [video.videoWidth, video.videoHeight, video.paused]") == [64, 96, True]
    assert video.bounding_box() == before
    status, part = answers[0]
    assert (status, part) == (206, f"bytes 0-{len(film) - 1}/{len(film)}")
    video.evaluate("(video) => video.play()")
    until(lambda: video.evaluate("(video) => video.ended && video.currentTime > 0.1"))
    assert reader.page.url.endswith(house.path("empty"))
    expect(reader.page.get_by_role("link", name="Download harbour.webm")).to_be_visible()


def pinch(session: CDPSession, middle: tuple[float, float], start: float, end: float) -> None:
    """Two fingers, one above the other, that go from one distance to another."""

    def touch(kind: str, apart: float) -> None:
        x, y = middle
        points = [{"x": x, "y": y + side * apart / 2, "id": place} for place, side in enumerate((-1, 1))]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points if kind != "touchEnd" else []})

    touch("touchStart", start)
    for step in range(1, 11):
        touch("touchMove", start + (end - start) * step / 10)
    touch("touchEnd", end)


def width(image: Locator) -> float:
    box = image.bounding_box()
    return box["width"] if box else 0


def test_a_picture_grows_under_two_fingers(browsers: Browsers, house: House) -> None:
    sender = Sender(browsers, house, house.newcomer("V-Cas"), **PHONE)
    page = sender.page
    sender.choose(view_png=picture(1600, 1200, "teal"))
    sender.uploaded(1)
    page.get_by_role("button", name="Send").tap()
    # Until it is sent, the row stands there as one on its way.
    expect(sender.talk.pending()).to_have_count(0)
    sender.rows.last.get_by_role("button", name="Open view.png").tap()
    lightbox = page.get_by_role("dialog", name="view.png")
    # Its neighbours are loaded beside it.
    image = lightbox.locator("img.pswp__img:not(.pswp__img--placeholder)[alt='view.png']")
    expect(image).to_be_visible()
    until(lambda: 0 < width(image) <= 390, "the whole picture")
    fitting = width(image)
    session = page.context.new_cdp_session(page)
    pinch(session, (195, 420), 80, 320)
    until(lambda: width(image) > 2 * fitting, "it grows")
    pinch(session, (195, 420), 320, 60)
    until(lambda: abs(width(image) - fitting) < 2, "it is whole again")
    lightbox.get_by_role("button", name="Close").tap()
    expect(page.get_by_role("dialog")).to_have_count(0)
