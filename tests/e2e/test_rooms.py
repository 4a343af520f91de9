"""Rooms and conversations as a whole: what is mine of them, who leads them, how they change, and the ways into them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.acts import converse, details, member, member_card, settings
from tests.e2e.browsers import Browsers, Conversation
from tests.servers import PASSWORD, Person, Server


class Party:
    """Some people in a room of their own, on a server of their own, and what each of them has open."""

    name = "harbour"

    def __init__(self, server: Server, browsers: Browsers) -> None:
        self.server = server
        self.browsers = browsers
        self.ada = server.owner("ada", "Ada")
        self.elsewhere = server.room(self.ada, "elsewhere")
        self.people: dict[str, Person] = {}
        server.start()

    def meet(self, *names: str) -> list[Conversation]:
        """The first one owns the room."""
        self.people = {name: self.server.add(name.lower(), name) for name in names}
        owner, *others = self.people.values()
        self.room = self.server.room(owner, self.name, *others, topic="What it was about")
        for person in self.people.values():
            self.server.join(person, self.elsewhere)
        return [self.enter(name) for name in names]

    def enter(self, name: str, **options: Any) -> Conversation:
        return self.open(self.people[name], self.room, **options)

    def open(self, person: Person, room: int, **options: Any) -> Conversation:
        return Conversation(self.browsers.page(self.server, person, **options)).open(f"/room/{room}")


@pytest.fixture
def party(make_server: Callable[..., Server], browsers: Browsers) -> Party:
    return Party(make_server(guests="on"), browsers)


def group(talk: Conversation, name: str) -> Locator:
    return talk.sidebar.get_by_role("region", name=name)


def focused(page: Page) -> Locator:
    return page.locator(":focus")


# What is mine of a room


def test_stars_and_bells_are_the_same_on_all_my_devices(party: Party) -> None:
    (here,) = party.meet("Anna")
    there = party.enter("Anna")
    expect(group(here, "Starred")).to_have_count(0)
    here.page.locator("hub-header").get_by_role("button", name="Star").click()
    for talk in (here, there):
        expect(group(talk, "Starred").get_by_role("link")).to_have_text(re.compile(party.name))
        expect(talk.page.locator("hub-header").get_by_role("button", name="Star")).to_have_attribute(
            "aria-pressed", "true"
        )
    there.page.get_by_role("button", name="Notifications: Mentions only").click()
    menu = there.page.get_by_role("menu", name="Notifications")
    expect(focused(there.page)).to_have_attribute("aria-checked", "true")
    menu.get_by_role("menuitemradio", name="Nothing (mute)").click()
    for talk in (here, there):
        expect(talk.page.get_by_role("button", name="Notifications: Nothing (mute)")).to_be_visible()
        expect(talk.link(party.name)).to_have_class(re.compile("muted"))
    here.page.reload()
    expect(group(here, "Starred").get_by_role("link")).to_have_class(re.compile("muted"))
    here.page.locator("hub-header").get_by_role("button", name="Star").click()
    expect(group(there, "Starred")).to_have_count(0)


def test_a_room_in_the_sidebar_has_a_menu_by_mouse_and_by_keyboard(party: Party) -> None:
    anna, ben = party.meet("Anna", "Ben")
    anna.open(f"/room/{party.elsewhere}")
    ben.say("Come and see")
    link = anna.link(party.name)
    expect(link.locator(".count")).to_have_text("1")
    menu = anna.page.get_by_role("menu", name=party.name)
    link.click(button="right")
    expect(menu.get_by_role("menuitem")).to_have_text(
        ["Star", "Mark as read", "Move to a section…", "Copy link", "Leave room"]
    )
    levels = menu.get_by_role("group", name="Notifications").get_by_role("menuitemradio")
    expect(levels).to_have_text(["Everything", "Mentions only", "Nothing (mute)"])
    anna.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(link).to_be_focused()
    # What the menu is about was not opened by it.
    expect(anna.header).to_have_text("#elsewhere")

    link.press("Shift+F10")
    expect(menu.get_by_role("menuitem", name="Star")).to_be_focused()
    anna.page.keyboard.press("ArrowUp")
    expect(menu.get_by_role("menuitem", name="Leave room")).to_be_focused()
    anna.page.keyboard.type("m")
    expect(menu.get_by_role("menuitem", name="Mark as read")).to_be_focused()
    anna.page.keyboard.press("Enter")
    expect(link).to_be_focused()
    expect(link.locator(".count")).to_have_count(0)
    link.press("ContextMenu")
    expect(menu.get_by_role("menuitem", name="Mark as read")).to_have_count(0)
    # Whatever is done elsewhere closes it.
    anna.composer.click()
    expect(menu).to_have_count(0)

    link.click(button="right")
    menu.get_by_role("menuitem", name="Leave room").click()
    anna.page.get_by_role("dialog").get_by_role("button", name="Leave room").click()
    expect(anna.link(party.name)).to_have_count(0)
    expect(anna.header).to_have_text("#elsewhere")


def test_a_folded_group_shows_what_is_unread_and_stays_folded(party: Party) -> None:
    anna, ben = party.meet("Anna", "Ben")
    ben.say("The first word")
    expect(anna.message("The first word")).to_be_visible()
    anna.open(f"/room/{party.elsewhere}")
    rooms = group(anna, "Rooms")
    links = rooms.get_by_role("link")
    all_rooms = ["elsewhere", "general", party.name]
    expect(links).to_have_text(all_rooms)
    fold = rooms.get_by_role("button", name="Rooms", expanded=True)
    fold.focus()
    fold.press("Enter")
    expect(rooms.get_by_role("button", name="Rooms", expanded=False)).to_be_focused()
    # Where one is stays in sight, and so does what becomes unread.
    expect(links).to_have_text(["elsewhere"])
    ben.composer.fill("@anna, come and see")
    ben.composer.press("Enter")
    link = rooms.get_by_role("link", name="1 mention")
    expect(link).to_contain_text(party.name)
    anna.page.reload()
    expect(links).to_have_text(["elsewhere", re.compile(party.name)])
    link.click()
    expect(anna.header).to_contain_text(party.name)
    expect(links).to_have_text([party.name])
    rooms.get_by_role("button", name="Rooms", expanded=False).click()
    expect(links).to_have_text(all_rooms)


def test_many_unread_are_not_told_apart(party: Party) -> None:
    _, ben = party.meet("Anna", "Ben")
    party.server.say(party.people["Ben"], party.room, *map(str, range(99)))
    anna = party.open(party.people["Anna"], party.elsewhere)
    link = anna.link(party.name)
    expect(link).to_have_accessible_name(f"{party.name} 99 unread messages")
    ben.say("one more")
    expect(link).to_have_accessible_name(f"{party.name} More than 99 unread messages")
    expect(link.locator(".count")).to_have_text("99+")


def test_a_finger_that_stays_opens_the_menu_and_not_the_room(party: Party) -> None:
    party.meet("Anna")
    phone = {
        "viewport": {"width": 390, "height": 844},
        "is_mobile": True,
        "has_touch": True,
        "reduced_motion": "reduce",
    }
    anna = party.enter("Anna", **phone)
    anna.page.get_by_role("button", name="Show rooms").click()
    link = anna.link("elsewhere")
    expect(link).to_be_in_viewport()
    at = link.bounding_box()
    assert at is not None
    hand = anna.page.context.new_cdp_session(anna.page)
    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": at["x"] + 9, "y": at["y"] + 9}]})
    menu = anna.page.get_by_role("menu", name="elsewhere")
    expect(menu).to_be_visible()
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    menu.get_by_role("menuitem", name="Star").tap()
    expect(group(anna, "Starred").get_by_role("link")).to_have_text(re.compile("elsewhere"))
    expect(anna.header).to_have_text(f"#{party.name}")
    # The next one is a tap again.
    anna.link("elsewhere").tap()
    expect(anna.header).to_have_text("#elsewhere")


# Who leads it


def test_who_leads_a_room_is_told_and_what_one_may_not_is_not_offered(party: Party) -> None:
    anna, ben, cleo = party.meet("Anna", "Ben", "Cleo")
    expect(member(cleo, "Anna")).to_contain_text("Owner")
    expect(member_card(cleo, "Ben").get_by_role("button")).to_have_text(["Message", "Mention"])
    cleo.page.keyboard.press("Escape")
    # The last owner stays one.
    expect(member_card(anna, "Anna").get_by_role("button")).to_have_text(["Set your status"])
    anna.page.keyboard.press("Escape")

    member_card(anna, "Ben").get_by_role("button", name="Make moderator").click()
    for talk in (anna, ben, cleo):
        expect(member(talk, "Ben")).to_contain_text("Moderator")
    expect(member_card(ben, "Anna").get_by_role("button")).to_have_text(["Message", "Mention"])
    ben.page.keyboard.press("Escape")
    expect(member_card(ben, "Cleo").get_by_role("button")).to_have_text(
        ["Message", "Mention", "Warn…", "Mute…", "Remove from room", "Ban from room…"]
    )
    ben.page.get_by_role("button", name="Remove from room").click()
    question = ben.page.get_by_role("dialog", name="Remove Cleo?")
    question.get_by_role("button", name="Cancel").click()
    expect(member(ben, "Cleo")).to_have_count(1)
    member_card(ben, "Cleo").get_by_role("button", name="Remove from room").click()
    question.get_by_role("button", name="Remove").click()
    expect(cleo.page.get_by_text(f"You were removed from #{party.name}.")).to_be_visible()
    for talk in (anna, ben):
        expect(member(talk, "Cleo")).to_have_count(0)

    # With a second owner the first one may step down, and is asked.
    member_card(anna, "Ben").get_by_role("button", name="Make owner").click()
    expect(member(anna, "Ben")).to_contain_text("Owner")
    member_card(anna, "Anna").get_by_role("button", name="Become a member").click()
    anna.page.get_by_role("dialog").get_by_role("button", name="Become a member").click()
    expect(member(ben, "Anna")).not_to_contain_text("Owner")
    expect(member_card(anna, "Ben").get_by_role("button")).to_have_text(["Message", "Mention"])


# How it changes


def test_settings_change_a_room_for_everybody_and_errors_stand_at_their_field(party: Party) -> None:
    anna, ben = party.meet("Anna", "Ben")
    dialog = settings(anna)
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    dialog.get_by_label("Name", exact=True).fill("elsewhere")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    expect(dialog.get_by_label("Name", exact=True)).to_have_accessible_description(
        re.compile("already a room with this name")
    )
    dialog.get_by_label("Name", exact=True).fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("Name", exact=True)).to_have_accessible_description(re.compile("at least one letter"))
    dialog.get_by_label("Name", exact=True).fill(f"{party.name} too")
    dialog.get_by_label("Slow mode").select_option("30 seconds")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    for talk in (anna, ben):
        expect(talk.header).to_have_text(f"#{party.name}-too")
        expect(talk.link(f"{party.name}-too")).to_be_visible()
        expect(details(talk)).to_contain_text("one message every 30 seconds")

    # Somebody who does not lead has the topic alone.
    dialog = settings(ben)
    expect(dialog.get_by_role("textbox")).to_have_count(1)
    expect(dialog.get_by_role("button", name="Archive room")).to_have_count(0)
    dialog.get_by_label("Topic").fill("Said by Ben")
    dialog.get_by_role("button", name="Save").click()
    expect(anna.page.locator("#header-topic")).to_contain_text("Said by Ben")


def test_an_archived_room_can_be_read_found_and_reopened(party: Party) -> None:
    anna, ben = party.meet("Anna", "Ben")
    ben.say("The last word")
    settings(anna).get_by_role("button", name="Archive room").click()
    question = anna.page.get_by_role("dialog", name=re.compile("^Archive "))
    expect(question).to_contain_text("Nobody can write in it any more")
    question.get_by_role("button", name="Archive room").click()
    for talk in (anna, ben):
        expect(talk.page.locator("hub-conversation").get_by_text("This room is archived")).to_be_visible()
        expect(talk.composer).to_have_count(0)
        expect(talk.message("The last word")).to_be_visible()
        expect(talk.link(party.name)).to_contain_text("Archived")

    ben.sidebar.get_by_role("button", name="Browse rooms").click()
    directory = ben.page.get_by_role("dialog", name="Browse rooms")
    directory.get_by_role("searchbox").fill(party.name)
    expect(directory.get_by_text("No room matches")).to_be_visible()
    directory.get_by_role("button", name="Archived").click()
    expect(directory.get_by_role("listitem")).to_contain_text([party.name])
    expect(directory.get_by_role("listitem")).to_contain_text("Joined")
    directory.get_by_role("button", name=f"Open {party.name}").click()
    expect(ben.header).to_have_text(f"#{party.name}")

    dialog = settings(anna)
    expect(dialog.get_by_role("textbox")).to_have_count(0)
    dialog.get_by_role("button", name="Reopen room").click()
    anna.page.get_by_role("dialog", name=re.compile("^Reopen ")).get_by_role("button", name="Reopen room").click()
    expect(ben.composer).to_be_visible()
    ben.say("And one more")
    expect(anna.message("And one more")).to_be_visible()


def test_a_public_room_is_made_private(party: Party) -> None:
    anna, ben = party.meet("Anna", "Ben")
    assert settings(ben).get_by_role("button", name="Make private").count() == 0
    ben.page.keyboard.press("Escape")
    settings(anna).get_by_role("button", name="Make private").click()
    question = anna.page.get_by_role("dialog", name=re.compile("^Make #harbour private"))
    expect(question).to_contain_text("It cannot be made public again")
    question.get_by_role("button", name="Make private").click()
    for talk in (anna, ben):
        expect(talk.page.get_by_text("Anna made this room private.")).to_be_visible()
        expect(talk.link(party.name)).to_contain_text("Private")
    expect(settings(anna).get_by_role("button", name="Archive room")).to_be_visible()
    expect(anna.page.get_by_role("button", name="Make private")).to_have_count(0)
    ada = party.open(party.ada, party.elsewhere)
    ada.sidebar.get_by_role("button", name="Browse rooms").click()
    directory = ada.page.get_by_role("dialog", name="Browse rooms")
    expect(directory.get_by_role("listitem").filter(has_text="elsewhere")).to_have_count(1)
    expect(directory.get_by_role("listitem").filter(has_text=party.name)).to_have_count(0)


def test_a_topic_is_changed_where_it_stands(party: Party) -> None:
    anna, ben = party.meet("Anna", "Ben")
    header = anna.page.locator("#header-topic")
    header.get_by_role("button").click()
    field = header.get_by_role("textbox", name="Topic")
    expect(field).to_be_focused()
    field.fill("Given up")
    field.press("Escape")
    expect(header.get_by_role("button")).to_be_focused()
    expect(header).to_contain_text("What it was about")
    header.get_by_role("button").click()
    field.fill("What it is about")
    field.press("Enter")
    expect(header.get_by_role("button")).to_be_focused()
    for talk in (anna, ben):
        expect(talk.page.locator("#header-topic")).to_contain_text("What it is about")
        expect(details(talk).locator("#details-topic")).to_contain_text("What it is about")
    # Without a connection nothing is lost, and it is said why.
    details(ben).locator("#details-topic").get_by_role("button").click()
    field = details(ben).get_by_role("textbox", name="Topic")
    field.fill("Said into the void")
    ben.page.context.set_offline(True)
    expect(ben.connection("Reconnecting", "Offline")).to_be_visible()
    field.press("Enter")
    expect(field).to_have_accessible_description(re.compile("not connected"))
    expect(field).to_have_value("Said into the void")
    ben.page.context.set_offline(False)
    ben.network_back()
    expect(ben.connection("Live", "polling")).to_be_visible()
    field.press("Enter")
    expect(anna.page.locator("#header-topic")).to_contain_text("Said into the void")


# Conversations


def test_a_conversation_shows_at_the_other_once_something_was_said(party: Party) -> None:
    anna, ben = party.meet("Anna", "Ben")
    converse(anna, "Ben")
    expect(anna.header).to_have_text("Ben")
    expect(group(anna, "Direct messages").get_by_role("link")).to_have_text(re.compile("Ben"))
    expect(anna.page.locator("hub-header .faces .dot")).to_have_attribute("aria-label", "Online")
    # The room is there for Ben, and nothing in it.
    expect(group(ben, "Direct messages").get_by_role("link")).to_have_count(0)
    anna.say("Hello, Ben")
    link = group(ben, "Direct messages").get_by_role("link")
    expect(link).to_have_text(re.compile("Anna"))
    expect(link.locator(".count.mention")).to_have_text("1")
    link.click()
    expect(ben.message("Hello, Ben")).to_be_visible()
    ben.say("Hello, Anna")
    expect(anna.message("Hello, Anna")).to_be_visible()
    # The same people have one conversation, from wherever it is opened.
    address = anna.page.url
    anna.link(party.name).click()
    member_card(anna, "Ben").get_by_role("button", name="Message").click()
    expect(anna.page).to_have_url(address)
    expect(anna.message("Hello, Anna")).to_be_visible()


def test_a_conversation_of_several_and_one_with_myself(party: Party) -> None:
    anna, _ben, cleo = party.meet("Anna", "Ben", "Cleo")
    converse(anna, "Ben", "Cleo")
    anna.say("The two of you")
    expect(anna.header).to_have_text(re.compile("Ben, Cleo|Cleo, Ben"))
    link = group(cleo, "Direct messages").get_by_role("link")
    expect(link).to_have_text(re.compile("Anna, Ben|Ben, Anna"))
    expect(link.locator(".avatar")).to_have_text("2")
    converse(anna)
    expect(anna.page.locator("hub-header")).to_contain_text("Notes to yourself")
    anna.say("Remember the milk")
    expect(group(anna, "Direct messages").get_by_role("link")).to_have_count(2)
    expect(group(anna, "Direct messages").get_by_role("link", name=re.compile("Anna.*You"))).to_be_visible()


def test_a_new_conversation_takes_eight_people_at_most(party: Party) -> None:
    (anna,) = party.meet("Anna")
    for number in range(9):
        party.server.add(f"crowd{number}", f"Crowd {number}")
    anna.sidebar.get_by_role("button", name="New conversation").click()
    dialog = anna.page.get_by_role("dialog", name="New conversation")
    field = dialog.get_by_role("combobox")
    expect(field).to_be_focused()
    expect(dialog.get_by_role("button", name="Open conversation")).to_be_disabled()
    for number in range(8):
        field.fill(f"Crowd {number}")
        dialog.get_by_role("option", name=f"Crowd {number}").click()
    expect(field).to_have_attribute("readonly", "")
    field.press("Backspace")
    expect(field).not_to_have_attribute("readonly", "")
    expect(dialog.locator(".chip")).to_have_count(7)


def test_whom_one_talks_with_is_offered_before_anything_is_typed(party: Party) -> None:
    anna, *_ = party.meet("Anna", "Ben", "Zoe")
    converse(anna, "Zoe")
    expect(anna.header).to_have_text("Zoe")
    anna.sidebar.get_by_role("button", name="New conversation").click()
    dialog = anna.page.get_by_role("dialog", name="New conversation")
    offers = dialog.get_by_role("option")
    expect(offers.first).to_contain_text("Zoe")
    expect(offers.filter(has_text="Ben")).to_have_count(1)
    expect(offers.filter(has_text="Anna")).to_have_count(0)
    # Enter takes nobody whom no arrow has chosen.
    field = dialog.get_by_role("combobox")
    field.press("Enter")
    expect(dialog.locator(".chip")).to_have_count(0)
    field.press("ArrowDown")
    field.press("Enter")
    expect(dialog.locator(".chip")).to_have_text(re.compile("Zoe"))
    expect(offers.filter(has_text="Zoe")).to_have_count(0)
    field.fill("nobody of that name")
    expect(dialog.get_by_role("status")).to_have_text("Nobody by that name.")
    field.fill("")
    offers.filter(has_text="Ben").click()
    field.press("Enter")
    expect(anna.header).to_have_text(re.compile("Ben, Zoe|Zoe, Ben"))


def test_the_quick_switcher_finds_people(party: Party) -> None:
    (anna,) = party.meet("Anna")
    stranger = party.server.add("zelda", "Zelda")
    anna.page.keyboard.press("Control+k")
    anna.page.keyboard.type("zeld")
    expect(anna.page.get_by_role("option", name=re.compile("Zelda"))).to_be_visible()
    anna.page.keyboard.press("Enter")
    expect(anna.header).to_have_text("Zelda")
    expect(anna.composer).to_be_focused()
    anna.say("Nice to meet you")
    zelda = Conversation(party.browsers.page(party.server, stranger)).open("/")
    zelda.link("Anna").click()
    expect(zelda.message("Nice to meet you")).to_be_visible()
    # Who has a conversation with me is in the list with that alone.
    anna.page.keyboard.press("Control+k")
    anna.page.keyboard.type("zeld")
    expect(anna.page.get_by_role("option")).to_have_text(
        [re.compile("Zelda"), re.compile("Search messages for “zeld”"), re.compile("Browse all rooms for “zeld”")]
    )


# The ways in


def test_a_link_into_a_room_is_shown_once_and_lets_people_in(party: Party) -> None:
    ada = party.open(party.ada, party.elsewhere)
    details(ada).get_by_role("button", name="Add people").click()
    dialog = ada.page.get_by_role("dialog", name="Add people to #elsewhere")
    expect(dialog.get_by_role("combobox", name="People")).to_be_focused()
    dialog.get_by_label("Valid for").select_option("1 day")
    dialog.get_by_label("For up to").select_option("1 person")
    dialog.get_by_role("button", name="Make a link").click()
    shown = dialog.get_by_role("textbox", name="Invite link")
    expect(shown).to_be_focused()
    expect(dialog).to_contain_text("With this link one person can make an account and join #elsewhere")
    link = shown.input_value()
    ada.page.keyboard.press("Escape")
    details(ada).get_by_role("button", name="Add people").click()
    expect(shown).to_have_count(0)

    page = party.browsers.page(party.server)
    page.goto(link)
    expect(page.get_by_role("main")).to_contain_text("elsewhere")
    for field, value in {"name": "Nora", "username": "nora", "password": PASSWORD}.items():
        page.locator(f"input[name={field}]").fill(value)
    page.get_by_role("main").get_by_role("button", name="Join").click()
    nora = Conversation(page).ready()
    expect(nora.link("elsewhere")).to_be_visible()


def test_guests_are_not_offered_what_they_may_not(party: Party) -> None:
    anna, *_ = party.meet("Anna")
    page = party.browsers.page(party.server, None, "/guest")
    page.get_by_role("textbox").fill("Gus")
    page.get_by_role("main").get_by_role("button").click()
    gus = Conversation(page).ready()
    page.goto(f"/room/{party.room}")
    page.get_by_role("button", name="Try to join").click()
    gus.ready()
    for name in ("New room", "New conversation", "Add people"):
        expect(gus.page.get_by_role("button", name=name)).to_have_count(0)
    expect(gus.page.locator("#header-topic").get_by_role("button")).to_have_count(0)
    expect(member_card(gus, "Anna").get_by_role("button")).to_have_text("Mention")
    page.keyboard.press("Escape")
    dialog = settings(gus)
    expect(dialog.get_by_role("textbox")).to_have_count(0)
    expect(dialog.get_by_role("button", name="Leave room")).to_be_visible()
    expect(member(anna, "Gus")).to_contain_text("Guest")
