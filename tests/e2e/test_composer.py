"""The field for writing, in a real browser: formats, completion, commands, replies, calls, slow mode, pasting."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import flaws, flaws_in_both_themes, overflows, small_targets
from tests.e2e.browsers import PHONE, Browsers, Conversation
from tests.e2e.house import House
from tests.e2e.scripts import script


class Writer:
    """Somebody with the field under their fingers."""

    def __init__(self, page: Page, path: str = "/") -> None:
        self.page = page
        self.talk = Conversation(page).open(path)
        self.field = self.talk.composer
        self.field.focus()
        # What is loaded when the field is first used.
        page.locator("hub-completion .completion").wait_for(state="attached")
        self.options = page.locator("hub-completion").get_by_role("option")
        self.notice = page.locator("hub-composer-notice .notice")
        self.send = page.locator("hub-composer .send")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def fresh(self, text: str = "") -> None:
        """An empty field, then this typed into it."""
        self.field.fill("")
        self.type(text)

    def has(self, text: str) -> None:
        expect(self.field).to_have_value(text)

    def paste(self, **data: str) -> str:
        named = {kind.replace("_", "/"): text for kind, text in data.items()}
        return str(self.field.evaluate(script("paste"), named))


@pytest.fixture
def writer(browsers: Browsers, house: House, request: pytest.FixtureRequest) -> Writer:
    name = re.sub(r"\W", "", request.node.name.removeprefix("test_"))[:30]
    return Writer(browsers.page(house.server, house.newcomer(f"W-{name}")), house.path("empty"))


# Formats


def _formats_by_key_are_put_on_and_taken_off_and_undone(writer: Writer) -> None:
    writer.fresh("so much")
    writer.press("Control+Shift+ArrowLeft")
    for key, shown in (
        ("Control+b", "so **much**"),
        ("Control+b", "so much"),
        ("Control+i", "so *much*"),
        ("Control+i", "so much"),
        ("Control+e", "so `much`"),
        ("Control+e", "so much"),
        ("Control+Shift+x", "so ~~much~~"),
        ("Control+z", "so much"),
        ("Control+Shift+z", "so ~~much~~"),
        ("Control+z", "so much"),
    ):
        writer.press(key)
        writer.has(shown)
    # What was typed before can be taken back too, as if nothing had come between.
    writer.press("Control+z")
    expect(writer.field).not_to_have_value("so much")


def _buttons_format_what_is_selected_and_leave_the_focus(writer: Writer) -> None:
    page = writer.page
    writer.fresh("one")
    writer.press("Shift+Enter")
    writer.type("two")
    writer.press("Control+a")
    page.get_by_role("button", name="All formats").click()
    for name, shown in (
        ("List", "- one\n- two"),
        ("Numbered list", "1. one\n2. two"),
        ("Task list", "- [ ] one\n- [ ] two"),
        ("Task list", "one\ntwo"),
        ("Quote", "> one\n> two"),
        ("Quote", "one\ntwo"),
        ("Code block", "```\none\ntwo\n```"),
    ):
        page.get_by_role("button", name=name, exact=True).click()
        writer.has(shown)
        expect(writer.field).to_be_focused()
    writer.press("Control+z")
    writer.has("one\ntwo")
    # The choice lasts.
    page.reload()
    expect(page.get_by_role("button", name="Fewer formats")).to_be_visible()


def _the_toolbar_is_one_stop_for_the_keyboard(writer: Writer) -> None:
    page = writer.page
    writer.fresh("words")
    page.get_by_role("button", name="Record a voice message").wait_for()
    writer.press("Control+a", "Tab", "Tab", "Tab", "Tab", "Tab")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    writer.press("ArrowRight")
    expect(page.get_by_role("button", name="Code", exact=True)).to_be_focused()
    writer.press("Enter")
    writer.has("`words`")
    expect(writer.field).to_be_focused()


def test_formats(writer: Writer) -> None:
    for step in (
        _formats_by_key_are_put_on_and_taken_off_and_undone,
        _the_toolbar_is_one_stop_for_the_keyboard,
        _buttons_format_what_is_selected_and_leave_the_focus,
    ):
        writer.fresh()
        step(writer)


def test_enter_goes_on_with_lists_and_fences_and_sends_elsewhere(writer: Writer) -> None:
    writer.fresh("1. one")
    writer.press("Enter")
    writer.has("1. one\n2. ")
    writer.type("two")
    writer.press("Enter", "Enter")
    writer.has("1. one\n2. two\n")
    writer.type("```py")
    writer.press("Enter")
    writer.type("  x = 1")
    writer.press("Enter")
    writer.has("1. one\n2. two\n```py\n  x = 1\n  ")
    writer.press("Control+Enter")
    writer.has("")
    expect(writer.talk.bodies.last).to_contain_text("x = 1")
    writer.type("> quoted")
    writer.press("Enter")
    writer.has("")
    # A plain line break is one everywhere.
    writer.type("- one")
    writer.press("Shift+Enter")
    writer.has("- one\n")


def test_enter_and_shift_enter_can_be_swapped(writer: Writer) -> None:
    page = writer.page
    page.get_by_role("button", name="Enter sends").click()
    switch = page.get_by_role("checkbox", name="Enter sends, Shift+Enter breaks the line")
    expect(switch).to_be_checked()
    switch.uncheck()
    writer.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    writer.field.focus()
    writer.type("one")
    writer.press("Enter")
    writer.type("two")
    writer.has("one\ntwo")
    writer.press("Shift+Enter")
    expect(writer.talk.bodies.last).to_have_text(re.compile("one\\s*two"))
    page.reload()
    expect(page.get_by_role("button", name="Shift+Enter sends")).to_be_visible()


# Completion


def _people_are_completed_by_keyboard(writer: Writer) -> None:
    writer.type("hello @mir")
    expect(writer.options.first).to_contain_text("Mira")
    expect(writer.field).to_have_attribute("aria-activedescendant", re.compile("option-person"))
    expect(writer.field).to_have_attribute("aria-controls", "composer-options")
    writer.press("Enter")
    writer.has("hello @mira ")
    expect(writer.options).to_have_count(0)
    expect(writer.field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    # In the middle of a text, and after Chinese without a space.
    writer.fresh("你好吗")
    writer.press("ArrowLeft")
    writer.type("@mir")
    expect(writer.options.first).to_contain_text("Mira")
    writer.press("Tab")
    writer.has("你好@mira 吗")
    # By a Chinese name, as an input method gives it.
    writer.fresh()
    writer.page.keyboard.insert_text("请问@陈")
    expect(writer.options.first).to_contain_text("陈晨")
    writer.press("Enter")
    writer.has("请问@chen ")


def test_arrows_choose_and_escape_closes_only_the_list(writer: Writer) -> None:
    writer.type("@")
    expect(writer.options.filter(has_text="@here")).to_contain_text("who is here now")
    # The list is whole when it is known who is in the room.
    expect(writer.options.last).to_contain_text("not in this room")
    count = writer.options.count()
    expect(writer.options.nth(0)).to_have_attribute("aria-selected", "true")
    writer.press("ArrowDown")
    expect(writer.options.nth(1)).to_have_attribute("aria-selected", "true")
    # Whoever joins meanwhile takes nothing away from what was moved to.
    writer.page.evaluate("document.querySelector('hub-completion').room.members.emit('change')")
    writer.press("ArrowDown", "ArrowUp")
    expect(writer.options.nth(1)).to_have_attribute("aria-selected", "true")
    writer.press("ArrowUp", "ArrowUp")
    expect(writer.options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    writer.press("Escape")
    expect(writer.options).to_have_count(0)
    writer.has("@")
    expect(writer.field).to_be_focused()
    # Not again for the same word, and Enter sends now.
    writer.type("nobody-at-all")
    expect(writer.options).to_have_count(0)
    writer.press("Enter")
    writer.has("")


def test_who_is_not_in_the_room_is_marked_and_hinted_at(writer: Writer, house: House) -> None:
    writer.type("@outsider1")
    expect(writer.options.first).to_contain_text("Elsewhere 1")
    expect(writer.options.first).to_contain_text("not in this room")
    writer.press("Enter")
    writer.type("look")
    writer.press("Enter")
    expect(writer.notice).to_contain_text("Elsewhere 1 is not in #empty")
    assert flaws(writer.page) == []
    writer.notice.get_by_role("button", name="Add to the room").click()
    expect(writer.page.locator(".toast").filter(has_text="added")).to_be_visible()
    expect(writer.notice).to_have_count(0)
    expect(writer.field).to_be_focused()
    writer.fresh("@outsider1")
    expect(writer.options.first).to_contain_text("Elsewhere 1")
    expect(writer.options.first).not_to_contain_text("not in this room")


def _rooms_emoji_and_commands_are_completed(writer: Writer) -> None:
    writer.field.evaluate(script("lost_options"))
    writer.type("see #laun")
    expect(writer.options.first).to_contain_text("launch")
    writer.press("Enter")
    writer.has("see #launch ")
    writer.fresh("go :rocket")
    expect(writer.options.first).to_contain_text("🚀")
    writer.press("Tab")
    writer.has("go 🚀 ")
    writer.fresh("/to")
    expect(writer.options).to_have_count(1)
    expect(writer.options.first).to_contain_text("Say what this room is about")
    writer.press("Enter")
    writer.has("/topic ")
    expect(writer.page.locator("hub-completion .filling")).to_contain_text("/topic [text]")
    # Where they mean something else, signs are only signs.
    for text in ("at 10:30", "mail a@mira", "`@mira", "C#laun"):
        writer.fresh(text)
        expect(writer.options).to_have_count(0)
    # Whoever listens is never told of an option that has gone.
    assert writer.page.evaluate("lostOptions") == []


def _the_mouse_chooses_and_the_focus_stays(writer: Writer) -> None:
    writer.type("@mir")
    writer.options.filter(has_text="Mira").first.click()
    writer.has("@mira ")
    expect(writer.field).to_be_focused()
    writer.type("@mir")
    expect(writer.options.first).to_be_visible()
    writer.talk.header.click()
    expect(writer.options).to_have_count(0)


def _an_input_method_is_never_disturbed(writer: Writer) -> None:
    ime = writer.page.context.new_cdp_session(writer.page)

    def compose(text: str) -> None:
        ime.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})

    writer.type("@")
    expect(writer.options.first).to_be_visible()
    compose("che")
    writer.has("@che")
    expect(writer.options).to_have_count(0)
    compose("chen c")
    # Enter and arrows choose among the candidates.
    for key in ("Enter", "ArrowDown", "Tab", "Escape"):
        event = {"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": 229}
        ime.send("Input.dispatchKeyEvent", event)
    writer.has("@chen c")
    expect(writer.talk.pending()).to_have_count(0)
    ime.send("Input.insertText", {"text": "陈"})
    writer.has("@陈")
    expect(writer.options.first).to_contain_text("陈晨")
    writer.press("Enter")
    writer.has("@chen ")


def test_completion(writer: Writer) -> None:
    for step in (
        _people_are_completed_by_keyboard,
        _rooms_emoji_and_commands_are_completed,
        _the_mouse_chooses_and_the_focus_stays,
        _an_input_method_is_never_disturbed,
    ):
        writer.fresh()
        step(writer)


def test_what_is_typed_stays_in_its_room(writer: Writer, house: House) -> None:
    writer.type("only here")
    assert writer.field.evaluate(script("change_room"), house.rooms["launch"]) == ""


# Commands


def test_what_is_no_command_is_kept_and_can_be_sent_as_text(writer: Writer) -> None:
    writer.type("/nonsense and more")
    writer.press("Enter")
    expect(writer.notice).to_contain_text("There is no command “/nonsense”. Nothing was sent.")
    writer.has("/nonsense and more")
    expect(writer.talk.message("/nonsense and more")).to_have_count(0)
    assert flaws(writer.page) == []
    writer.press("Escape")
    expect(writer.notice).to_have_count(0)
    writer.press("Enter")
    writer.notice.get_by_role("button", name="Send as text").click()
    expect(writer.talk.message("/nonsense and more")).to_be_visible()
    writer.has("")
    writer.type("//etc/hosts")
    writer.press("Enter")
    expect(writer.talk.message("/etc/hosts")).to_be_visible()
    writer.type("/invite")
    writer.press("Control+Enter")
    expect(writer.notice).to_contain_text("Something is missing: /invite @name")


def test_commands_do_what_they_say(browsers: Browsers, house: House) -> None:
    person = house.newcomer("Cora")
    room = house.server.room(person, "cora-works")
    writer = Writer(browsers.page(house.server, person), f"/room/{room}")
    talk, page = writer.talk, writer.page

    def run(text: str) -> None:
        writer.fresh(text)
        writer.press("Control+Enter")

    run("/topic What we build")
    expect(page.locator("hub-header")).to_contain_text("What we build")
    run("/me waves at *everybody*")
    expect(talk.bodies.last.locator("em").first).to_contain_text("waves at")
    run("/shrug who knows")
    expect(talk.bodies.last).to_have_text("who knows ¯\\_(ツ)_/¯")
    run("/invite @mira, @chen")
    expect(writer.notice).to_contain_text("2 people were added.")
    run("/invite @nobody-like-that")
    expect(writer.notice).to_contain_text("There is nobody called “nobody-like-that”.")
    writer.has("/invite @nobody-like-that")
    run("/away at lunch")
    expect(writer.notice).to_contain_text("You are shown as away.")
    expect(page.locator("hub-me .dot")).to_have_attribute("aria-label", "Away")
    run("/away")
    expect(page.locator("hub-me .dot")).to_have_attribute("aria-label", "Online")
    run("/mute")
    expect(writer.notice).to_contain_text("This room is muted")
    run("/help")
    dialog = page.get_by_role("dialog", name="Commands")
    expect(dialog).to_contain_text("/shrug")
    assert flaws(page) == []
    writer.press("Escape")
    expect(dialog).to_have_count(0)
    expect(writer.field).to_be_focused()
    run("/msg @mira See you at noon")
    expect(talk.header).to_contain_text("Mira")
    expect(talk.message("See you at noon")).to_be_visible()
    run("/join #archive")
    expect(talk.header).to_have_text("#archive")
    run("/leave")
    expect(talk.link("archive")).to_have_count(0)


def test_search_is_asked_of_the_page(writer: Writer) -> None:
    heard = writer.page.evaluate_handle(
        """() => {
            const heard = [];
            document.addEventListener("hub-search", (event) => heard.push(event.detail.query));
            return heard;
        }"""
    )
    writer.type("/search from:mira ship")
    writer.press("Enter")
    writer.has("")
    assert heard.json_value() == ["from:mira ship"]


def test_what_the_server_refuses_stands_at_the_field(browsers: Browsers, house: House) -> None:
    page = browsers.page(house.server, house.newcomer("Rolf"), quiet=False)
    writer = Writer(page, house.path("empty"))
    writer.type("/join no-such-room")
    writer.press("Enter")
    expect(writer.notice).to_contain_text("does not exist")
    writer.has("/join no-such-room")
    page.context.set_offline(True)
    page.locator(".connection-bar").wait_for()
    writer.fresh("/topic offline")
    writer.press("Enter")
    expect(writer.notice).to_contain_text("not connected")
    writer.has("/topic offline")
    # Plain words are kept for later, whatever the line does.
    writer.fresh("plain words")
    writer.press("Enter")
    writer.has("")
    expect(writer.talk.pending()).to_have_count(1)


# Replies


def test_a_reply_is_shown_kept_and_sent(browsers: Browsers, house: House) -> None:
    person = house.newcomer("Rita")
    room = house.server.room(person, "rita-answers", house.mira)
    house.server.say(house.mira, room, "Shall we ship?", "Or wait?")
    writer = Writer(browsers.page(house.server, person), f"/room/{room}")
    page, talk = writer.page, writer.talk
    banner = page.locator("hub-reply-banner .replying")
    talk.message("Or wait?").focus()
    writer.press("r")
    expect(banner).to_contain_text("Replying to Mira")
    expect(writer.field).to_be_focused()
    writer.press("Escape")
    expect(banner).to_have_count(0)
    expect(writer.field).to_be_focused()
    talk.message("Shall we ship?").focus()
    writer.press("r")
    expect(banner).to_contain_text("Shall we ship?")
    writer.type("Yes, now")
    assert flaws(page) == []
    # Another tab has it, and a reload keeps it.
    other = Conversation(page.context.new_page()).open(f"/room/{room}")
    expect(other.page.locator("hub-reply-banner")).to_contain_text("Shall we ship?")
    page.reload()
    talk.ready()
    expect(banner).to_contain_text("Shall we ship?")
    expect(writer.field).to_have_value("Yes, now")
    writer.field.focus()
    writer.press("Enter")
    expect(banner).to_have_count(0)
    expect(other.page.locator("hub-reply-banner .replying")).to_have_count(0)
    expect(talk.message("Yes, now").locator(".quote")).to_contain_text("Shall we ship?")


def test_up_in_the_empty_field_edits_the_last_message(writer: Writer) -> None:
    writer.talk.say("with a tpyo")
    expect(writer.talk.pending()).to_have_count(0)
    writer.press("ArrowUp")
    editor = writer.page.locator("hub-message textarea")
    expect(editor).to_be_focused()
    expect(editor).to_have_value("with a tpyo")
    writer.press("Escape")
    expect(editor).to_have_count(0)
    # With something in the field, the key moves the caret.
    writer.field.focus()
    writer.fresh("words")
    writer.press("ArrowUp")
    expect(editor).to_have_count(0)


# Calls and slow mode


def test_a_call_for_many_is_asked_about_once(browsers: Browsers, house: House) -> None:
    person = house.newcomer("Ruth")
    crowd = [house.server.add(f"ruth{number}", f"Ruth's {number}") for number in range(9)]
    many = house.server.room(person, "ruth-many", *crowd)
    few = house.server.room(person, "ruth-few", *crowd[:8])
    writer = Writer(browsers.page(house.server, person), f"/room/{many}")
    page, talk = writer.page, writer.talk
    question = page.get_by_role("dialog")
    writer.type("@room lunch?")
    writer.press("Enter")
    expect(question).to_contain_text("Call all 10 people?")
    assert flaws(page) == []
    writer.press("Escape")
    expect(question).to_have_count(0)
    writer.has("@room lunch?")
    expect(writer.field).to_be_focused()
    expect(page.locator("hub-composer .send")).not_to_have_attribute("aria-disabled", "true")
    writer.press("Enter")
    question.get_by_role("button", name="Send and call").click()
    writer.has("")
    expect(talk.bodies.last).to_contain_text("lunch?")
    writer.type("who is @here")
    writer.press("Escape", "Enter")
    expect(question).to_contain_text("who are here now")
    writer.press("Escape")
    talk.open(f"/room/{few}")
    writer.field.fill("@room hello")
    writer.field.press("Enter")
    expect(talk.bodies.last).to_contain_text("hello")
    expect(question).to_have_count(0)


def test_in_slow_mode_the_field_counts_and_keeps_the_text(browsers: Browsers, house: House) -> None:
    leader, person = house.newcomer("Sol"), house.newcomer("Sloane")
    room = house.server.room(leader, "sol-slow", person)
    lead = Writer(browsers.page(house.server, leader), f"/room/{room}")

    def slow(seconds: int) -> None:
        change = (
            "([room, slow_mode]) => document.querySelector('hub-app').client.roomActions.update(room, { slow_mode })"
        )
        assert lead.page.evaluate(change, [room, seconds]) is None

    slow(60)
    writer = Writer(browsers.page(house.server, person), f"/room/{room}")
    countdown = writer.page.get_by_role("timer")
    expect(countdown).to_have_count(0)
    writer.type("first")
    writer.press("Enter")
    expect(countdown).to_have_text(re.compile(r"\d+ s"))
    expect(writer.send).to_have_attribute("aria-disabled", "true")
    writer.type("second")
    assert flaws(writer.page) == []
    writer.press("Enter")
    writer.has("second")
    expect(writer.notice).to_contain_text("Slow mode is on")
    # What says nothing in the room need not wait.
    writer.fresh("/help")
    writer.press("Enter")
    expect(writer.page.get_by_role("dialog", name="Commands")).to_be_visible()
    writer.press("Escape")
    writer.fresh("/me waits")
    writer.press("Enter")
    expect(writer.notice).to_contain_text("Slow mode is on")
    writer.has("/me waits")
    writer.fresh("second")
    # A reload does not shorten it; whoever leads the room does, and it ends by itself.
    writer.page.reload()
    writer.talk.ready()
    expect(countdown).to_be_visible()
    slow(10)
    expect(countdown).to_have_count(0)
    writer.field.focus()
    writer.press("Enter")
    expect(writer.talk.message("second")).to_be_visible()
    expect(writer.talk.pending()).to_have_count(0)
    # Who leads the room does not wait.
    lead.type("one")
    lead.press("Enter")
    lead.type("two")
    lead.press("Enter")
    expect(lead.talk.message("two")).to_be_visible()
    expect(lead.page.get_by_role("timer")).to_have_count(0)


# Pasting


def _a_piece_of_a_page_becomes_markdown_and_can_be_undone(writer: Writer) -> None:
    writer.type("see: ")
    assert writer.paste(text_html="<p>some <b>bold</b> words</p>", text_plain="some bold words") == "taken"
    writer.has("see: some **bold** words")
    writer.press("Control+z")
    writer.has("see: ")
    # Plain words are left to the browser.
    assert writer.paste(text_html="<p><span>words</span></p>", text_plain="words") == "left"


# What is on a page, and what becomes of it.
PIECES = [
    ("<h2>Title</h2><p>one<br>two</p>", "## Title\n\none\ntwo"),
    ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
    ('<ol start="3"><li>c</li><li>d</li></ol>', "3. c\n4. d"),
    ('<ul><li><input type="checkbox" checked> done</li></ul>', "- [x] done"),
    ('<p><a href="https://example.org/a_(b)">here</a></p>', "[here](https://example.org/a_%28b%29)"),
    ('<a href="https://example.org">https://example.org</a>', "https://example.org"),
    ('<a href="javascript:alert(1)">click</a> <b>x</b>', "click **x**"),
    ("<p>run <code>make `x`</code> <s>now</s></p>", "run `` make `x` `` ~~now~~"),
    ('<pre><code class="language-py">x = 1\n\n\ny = 2\n</code></pre>', "```py\nx = 1\n\n\ny = 2\n```"),
    ('<div class="highlight-source-js"><pre>a\nb</pre></div>', "```js\na\nb\n```"),
    ("<blockquote><p>said</p></blockquote>", "> said"),
    ("<table><tr><td>a|b</td><td>c</td></tr><tr><td>1</td><td><b>2</b></td></tr></table>",
     "| a\\|b | c |\n| --- | --- |\n| 1 | **2** |"),
    ("<table><tr><td><table><tr><td>in</td></tr></table></td><td><b>x</b></td></tr></table><table></table>",
     "in\n\n**x**"),
    ('<b style="font-weight:normal" id="docs-internal-guid"><p><span style="font-weight:700">B</span> t</p></b>',
     "**B** t"),
    ("<p>snake_case _x_ 2*3 [z] <i>i</i></p>", "snake_case \\_x\\_ 2\\*3 \\[z\\] *i*"),
    ("<p># no title <b>x</b></p><p>1. none</p>", "\\# no title **x**\n\n1\\. none"),
    ("<p><b>重点</b>内容</p>", "**重点**内容"),
    ("<p><b>a</b><span hidden>secret</span><span style='display:none'>unseen</span></p>", "**a**"),
    ("<b> </b><i></i>plain", "plain"),
]  # fmt: skip


def _it_is_markdown(writer: Writer) -> None:
    turn = """async (pieces) => {
        const { fromHtml } = await import('hubbub/lib/from-html.js');
        return pieces.map((html) => fromHtml(html));
    }"""
    assert writer.page.evaluate(turn, [html for html, _ in PIECES]) == [markdown for _, markdown in PIECES]


def _hostile_pages_do_nothing_and_fetch_nothing(writer: Writer) -> None:
    page = writer.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("() => { window.harmed = [] }")
    hostile = """<b>ok</b><script>harmed.push(1)</script>
        <img src="/nowhere.png" onerror="harmed.push(2)" alt="[x](y)">
        <svg onload="harmed.push(3)"><image href="/nowhere.svg"></image></svg>
        <iframe src="/nowhere.html" srcdoc="<script>parent.harmed.push(4)</script>"></iframe>
        <video src="/nowhere.mp4" autoplay></video><link rel="stylesheet" href="/nowhere.css">
        <style>@import "/nowhere2.css"</style><object data="/nowhere.swf"></object>
        <a href="jAvAsCrIpT:harmed.push(5)">link</a><details open ontoggle="harmed.push(6)">d</details>
        <template><img src=x onerror="harmed.push(7)"></template>
        <form action="/nowhere"><input name="innerHTML"></form><math><mi>m</mi></math>"""
    before = len(asked)
    assert writer.paste(text_html=hostile, text_plain="plain") == "taken"
    expect(writer.field).to_have_value(re.compile(r"^\*\*ok\*\*"))
    assert page.evaluate("() => window.harmed") == []
    assert [url for url in asked[before:] if "nowhere" in url] == []
    value = writer.field.input_value()
    assert not re.search("javascript|harmed|<", value, re.IGNORECASE)


def _much_html_takes_no_time(writer: Writer) -> None:
    """Each of these is as long as a pasting may be; deeper or longer ones are pasted as plain text."""
    for html in (
        "<b>" * 60_000,
        "<ul><li>" * 20_000,
        "<table><tr><td>" * 13_000,
        "<p>x</p>" * 24_000,
        "<b>" + "_*`[" * 49_000,
        "<b>" + "<p>*a* _b_ </p>" * 4_900,
        "<pre>" + "`" * 199_000,
        "<blockquote>" * 16_000 + "x",
    ):
        took = writer.page.evaluate(
            """async (html) => {
                const { fromHtml } = await import('hubbub/lib/from-html.js');
                const begun = performance.now();
                fromHtml(html);
                return performance.now() - begun;
            }""",
            html,
        )
        assert took < 3_000, (html[:30], took)
    assert writer.paste(text_html="<b>" + "x" * 200_000, text_plain="x") == "left"


def test_what_cannot_be_turned_is_pasted_as_it_is(browsers: Browsers, house: House) -> None:
    page = browsers.page(house.server, house.newcomer("Pat"), quiet=False)
    writer = Writer(page, house.path("empty"))
    page.route("**/vendor/turndown/**", lambda route: route.abort())
    assert writer.paste(text_html="<p>some <b>bold</b></p>", text_plain="some bold") == "taken"
    writer.has("some bold")


def _addresses_and_code_are_pasted_as_what_they_are(writer: Writer) -> None:
    writer.fresh("read this")
    writer.press("Control+Shift+ArrowLeft")
    writer.paste(text_plain="https://example.org/a")
    writer.has("read [this](https://example.org/a)")
    writer.fresh("so")
    vscode = '<meta charset="utf-8"><div style="font-family:Menlo, monospace;white-space: pre;"><div>x</div></div>'
    data = {"text/html": vscode, "text/plain": "def f():\n    pass", "vscode-editor-data": '{"mode":"python"}'}
    assert writer.field.evaluate(script("paste"), data) == "taken"
    writer.has("so\n```python\ndef f():\n    pass\n```\n")
    # Into a block, as it is.
    writer.press("ArrowUp", "ArrowUp")
    assert writer.paste(text_html="<b>x</b>", text_plain="x") == "left"


def test_pasting(writer: Writer) -> None:
    for step in (
        _a_piece_of_a_page_becomes_markdown_and_can_be_undone,
        _it_is_markdown,
        _addresses_and_code_are_pasted_as_what_they_are,
        _much_html_takes_no_time,
        _hostile_pages_do_nothing_and_fetch_nothing,
    ):
        writer.fresh()
        step(writer)


def test_a_real_clipboard_keeps_formats_and_shift_takes_them_off(browsers: Browsers, house: House) -> None:
    context = browsers.context(house.server, house.newcomer("Clio"))
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    writer = Writer(context.new_page(), house.path("empty"))
    writer.page.evaluate(
        """() => navigator.clipboard.write([new ClipboardItem({
            "text/html": new Blob(["<p>so <b>bold</b></p>"], { type: "text/html" }),
            "text/plain": new Blob(["so bold"], { type: "text/plain" }),
        })])"""
    )
    writer.press("Control+v")
    writer.has("so **bold**")
    writer.fresh()
    writer.press("Control+Shift+v")
    writer.has("so bold")


# For everyone


@pytest.mark.parametrize(("screen", "locale"), [("desk", "en-GB"), ("phone", "zh-CN")])
def test_every_state_is_for_everyone(browsers: Browsers, house: House, screen: str, locale: str) -> None:
    person = house.newcomer(f"Eve-{screen}")
    options = PHONE if screen == "phone" else {}
    page = browsers.page(house.server, person, locale=locale, reduced_motion="reduce", **options)
    writer = Writer(page, house.path("launch"))
    found: list[str] = []

    def look(state: str) -> None:
        # The unfolded buttons have a line of their own, which is scrolled.
        wide = [one for one in overflows(page) if ".tools" not in one]
        small = small_targets(page) if screen == "phone" else []
        found.extend(f"{state}: {flaw}" for flaw in (*flaws_in_both_themes(page, "hub-composer"), *wide, *small))

    page.locator("hub-format-bar .fold").click()
    look("unfolded")
    for text in ("@", "#", "/", ":ro"):
        writer.fresh(text)
        expect(writer.options.first).to_be_visible()
        look(text)
    writer.fresh("/topic ")
    look("filling")
    writer.fresh("/nonsense")
    writer.send.click()
    expect(writer.notice).to_be_visible()
    look("unknown")
    writer.field.fill("x" * 9_900)
    look("near the limit")
    assert found == []


def test_on_a_phone_fingers_do_it_all(browsers: Browsers, house: House) -> None:
    writer = Writer(browsers.page(house.server, house.newcomer("Finn"), **PHONE), house.path("empty"))
    page = writer.page
    writer.type("hi @mir")
    writer.options.filter(has_text="Mira").first.tap()
    writer.has("hi @mira ")
    expect(writer.field).to_be_focused()
    # Enter breaks the line, and goes on with a list.
    writer.fresh("- one")
    writer.press("Enter")
    writer.has("- one\n- ")
    page.get_by_role("button", name="All formats").tap()
    writer.fresh("bold")
    writer.press("Control+a")
    page.get_by_role("button", name="Bold").tap()
    writer.has("**bold**")
    writer.send.tap()
    expect(writer.talk.message("bold")).to_be_visible()
    page.get_by_role("button", name="Fewer formats").tap()
    writer.fresh("x")
    for width in (320, 360, 390, 412):
        page.set_viewport_size({"width": width, "height": 844})
        buttons = page.locator("hub-composer .bar button:visible")
        expect(page.get_by_role("button", name="Send later")).to_be_visible()
        places = [button.bounding_box() for button in buttons.all()]
        assert len({place["y"] + place["height"] for place in places if place}) == 1, (width, places)
    # Above a soft keyboard there is little height.
    page.set_viewport_size({"width": 390, "height": 400})
    expect(writer.field).to_be_in_viewport(ratio=1)
    expect(writer.send).to_be_in_viewport(ratio=1)


def test_chinese_is_spoken_throughout(browsers: Browsers, house: House) -> None:
    writer = Writer(browsers.page(house.server, house.newcomer("Zhi"), locale="zh-CN"), house.path("empty"))
    writer.type("/to")
    expect(writer.options.first).to_contain_text("设置此房间的话题")
    writer.fresh("/nonsense")
    writer.press("Enter")
    expect(writer.notice).to_contain_text("没有“/nonsense”这个命令")
    writer.fresh()
    writer.page.keyboard.insert_text("好:火箭")
    expect(writer.options.first).to_contain_text("🚀")
    writer.press("Enter")
    writer.has("好🚀 ")
    writer.fresh("@")
    expect(writer.options.filter(has_text="@room")).to_contain_text("通知房间里全部")
