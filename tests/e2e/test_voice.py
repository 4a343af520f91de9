"""Voice messages, spoken by the browser's own stand-in for a microphone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.accessibility import flaws, overflows, small_targets
from tests.e2e.browsers import CALM, PHONE, Browsers, Conversation
from tests.e2e.house import House
from tests.e2e.test_files import Sender
from tests.waiting import until

NAME = re.compile(r"^voice-2\d{3}-\d\d-\d\d-\d{4}\.(webm|m4a|ogg)$")

# As a browser does whose owner has said no; here nobody is asked.
REFUSE = """() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
}"""


class Speaker(Sender):
    """Somebody with a microphone, and the line that shows what it hears."""

    def record(self) -> None:
        self.page.get_by_role("button", name="Record a voice message").click()
        self.page.locator(".recorder .levels i").first.wait_for()

    def press(self, name: str) -> None:
        self.page.get_by_role("group", name="Voice message").get_by_role("button", name=name).click()


def test_a_voice_message_is_recorded_sent_and_heard(browsers: Browsers, house: House) -> None:
    ann, ben = (house.newcomer(f"Vo-{name}") for name in ("Ann", "Ben"))
    speaker = Speaker(browsers, house, ann, **CALM)
    page, composer = speaker.page, speaker.talk.composer
    reader = Conversation(browsers.page(house.server, ben)).open(house.path("empty"))
    composer.fill("listen")
    speaker.record()
    expect(composer).to_be_hidden()
    expect(page.get_by_role("button", name="Stop and attach")).to_be_focused()
    expect(page.locator("hub-voice [role=status]")).to_have_text("Recording. Escape discards it.")
    assert flaws(page) == []
    expect(page.locator(".recorder .time")).not_to_have_text("0:00")
    speaker.press("Send the voice message")

    audio = reader.page.locator("hub-message audio").last
    expect(audio).to_have_attribute("aria-label", NAME)
    expect(reader.page.locator("hub-message .body").last).to_have_text("listen")
    until(lambda: audio.evaluate("(audio) => Number.isFinite(audio.duration) && audio.duration >= 1"))
    audio.evaluate("(audio) => audio.play()")
    until(lambda: audio.evaluate("(audio) => audio.currentTime > 0.1"))
    expect(composer).to_have_value("")
    expect(composer).to_be_focused()

    # Thrown away, or kept beside what is being written; what is said in one room waits there.
    speaker.record()
    page.keyboard.press("Escape")
    expect(composer).to_be_focused()
    expect(speaker.tiles).to_have_count(0)
    speaker.record()
    speaker.press("Stop and attach")
    speaker.uploaded(1)
    expect(speaker.tiles.locator(".name")).to_have_text(NAME)
    speaker.record()
    page.locator(f"hub-sidebar a[href='{house.path('words')}']").click()
    expect(speaker.talk.header).to_contain_text("words")
    expect(composer).to_be_visible()
    expect(speaker.tiles).to_have_count(0)
    page.go_back()
    speaker.uploaded(2)


def test_on_a_phone_and_where_the_microphone_is_blocked(browsers: Browsers, house: House) -> None:
    bo = house.newcomer("Vo-Bo")
    phone = Speaker(browsers, house, bo, locale="zh-CN", **PHONE, **CALM)
    phone.page.get_by_role("button", name="录制语音消息").tap()
    phone.page.locator(".recorder .levels i").nth(3).wait_for()
    assert (overflows(phone.page), small_targets(phone.page), flaws(phone.page)) == ([], [], [])
    phone.page.get_by_role("button", name="丢弃录音").tap()
    expect(phone.talk.composer).to_be_visible()

    deaf = Speaker(browsers, house, bo)
    deaf.page.evaluate(REFUSE)
    deaf.page.get_by_role("button", name="Record a voice message").click()
    expect(deaf.page.locator("hub-composer-notice")).to_contain_text("The microphone is blocked for this page.")
    expect(deaf.talk.composer).to_be_focused()
