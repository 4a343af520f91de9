"""A visitor and an agent send each other pictures, and the visitor takes the conversation along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from chat.events.help import HelpLook
from chat.helpdesk import agents, sites
from tests.e2e.accessibility import flaws, flaws_in_both_themes, overflows, small_targets
from tests.e2e.browsers import CALM, PHONE, Browsers, Conversation
from tests.e2e.help import Window, shop_page
from tests.e2e.scripts import script
from tests.e2e.test_files import picture
from tests.servers import Server
from tests.web_site import web_site


def test_pictures_go_both_ways(browsers: Browsers, make_server: Callable[..., Server], tmp_path: Path) -> None:
    server = make_server(help_file_mb=1)
    ada = server.owner("ada", "Ada")
    agents.choose(server.store, ada.actor, ada.id)
    with web_site() as host:
        room = server.room(ada, "harbour")
        look = HelpLook(ask_name="off", ask_email="off")
        site = sites.create(server.store, ada.actor, "Sample boats", [host.url], look)
        server.start()
        host.pages["/boats"] = shop_page(server.url, site.key)
        # A frame that is not there yet is no place for a message, which browsers complain about.
        page = browsers.page(server, quiet=False, **CALM)
        page.goto(f"{host.url}/boats")
        window = Window(page)
        window.button.click()
        tiles = window.inside.locator(".tile")
        pictures = window.log.locator(".picture img")

        # Before anything was said: one is chosen, one pasted, one dropped, and one too large.
        boat = {"name": "boat.png", "mimeType": "image/png", "buffer": picture(400, 300, "navy")}
        huge = {"name": "huge.bin", "mimeType": "application/octet-stream", "buffer": bytes(1_100_000)}
        window.inside.locator("input[type=file]").set_input_files([boat, huge])  # type: ignore[arg-type]
        expect(tiles.filter(has_text="Too large: at most 1 MB")).to_have_count(1)
        window.field.evaluate(script("give"), {"how": "paste", "name": "order.txt", "type": "text/plain", "text": "7"})
        window.log.evaluate(script("give"), {"how": "drop", "name": "page.html", "type": "text/html", "text": "<html>"})
        expect(window.inside.locator(".tile.done")).to_have_count(3)
        window.say("")
        expect(window.inside.get_by_role("alert")).to_contain_text("Some files could not be uploaded.")
        assert flaws(page) == []
        window.inside.get_by_role("button", name="Remove huge.bin").click()
        # They are still there when the page comes again.
        page.reload()
        window.button.click()
        expect(window.inside.locator(".tile.done")).to_have_count(3)
        window.inside.get_by_role("button", name="Remove page.html").click()
        window.inside.get_by_role("button", name="Send").click()
        expect(tiles).to_have_count(0)
        expect(pictures).to_have_js_property("naturalWidth", 400)
        expect(window.log.get_by_role("link", name="order.txt").first).to_be_visible()

        # An agent sees it, and answers with another.
        talk = Conversation(browsers.page(server, ada, **CALM)).open(f"/room/{room}")
        talk.sidebar.get_by_role("button", name="Help inbox").click()
        talk.page.locator("hub-help .open").click()
        seen = talk.page.locator("hub-message .picture img")
        expect(seen).to_have_js_property("naturalWidth", 400)
        talk.page.locator("hub-attach input").set_input_files(
            {"name": "sail.png", "mimeType": "image/png", "buffer": picture(900, 1600, "white")}
        )
        talk.say("This one?")
        expect(window.log.get_by_text("This one?")).to_be_visible()
        expect(pictures).to_have_count(2)
        expect(pictures.last).to_have_js_property("naturalWidth", 405)

        # It is looked at in full; Escape closes the picture, and not the window.
        window.inside.get_by_role("button", name="Open sail.png").click()
        dialog = window.inside.get_by_role("dialog", name="sail.png")
        expect(dialog.locator("img")).to_have_js_property("naturalWidth", 900)
        assert flaws(page) == []
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(window.inside.get_by_role("button", name="Open sail.png")).to_be_focused()
        with page.expect_download() as kept:
            window.inside.get_by_role("link", name="order.txt").last.click()
        assert kept.value.path().read_text() == "7"

        # What is saved is a page of its own.
        with page.expect_download() as saved:
            window.inside.get_by_role("button", name="Save this conversation").click()
        assert saved.value.suggested_filename.startswith("Sample boats 20")
        path = tmp_path / "saved.html"
        saved.value.save_as(path)
        alone = browsers.page(server)
        alone.goto(path.as_uri())
        expect(alone.get_by_role("heading", level=1)).to_have_text("Conversation with Sample boats")
        expect(alone.get_by_role("article")).to_have_count(2)
        expect(alone.get_by_role("article").last).to_contain_text("This one?")

        # What is deleted is gone at once.
        talk.page.locator("hub-message").last.press("Delete")
        talk.page.get_by_role("dialog", name="Delete this message?").get_by_role("button", name="Delete").click()
        expect(pictures).to_have_count(1)

        # On a phone nothing is too small or too wide.
        phone = browsers.page(server, **PHONE, **CALM)
        phone.goto(f"{server.url}/help/window?site={site.key}")
        phone.locator("input[type=file]").set_input_files(boat)  # type: ignore[arg-type]
        expect(phone.locator(".tile.done")).to_have_count(1)
        assert small_targets(phone) == []
        assert overflows(phone) == []
        phone.get_by_role("button", name="Send").tap()
        expect(phone.locator(".picture img")).to_be_visible()
        assert flaws_in_both_themes(phone) == []
        assert small_targets(phone) == []
        assert overflows(phone) == []
