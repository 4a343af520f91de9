"""From text to HTML: what people mean is kept, and no text takes long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat import markup
from chat.markup import Names
from chat.markup.parsing import Parser
from tests.unit.reading import read

REL = 'target="_blank" rel="noopener noreferrer nofollow"'


def render(text: str) -> str:
    return markup.render(text).html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "<p>plain</p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("**bold** *it* ~~gone~~ `code`", "<p><strong>bold</strong> <em>it</em> <s>gone</s> <code>code</code></p>"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("# Big", '<p class="heading" data-level="1">Big</p>'),
        ("### *So* so ###", '<p class="heading" data-level="3"><em>So</em> so</p>'),
        ("Under\n---", '<p class="heading" data-level="2">Under</p>'),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("```python\nx = 1\n```", '<pre><code class="language-python">x = <span class="m">1</span>\n</code></pre>'),
        ("```\nx\n```", "<pre><code>x\n</code></pre>"),
        ("```brainless\n<x>\n```", '<pre><code class="language-brainless">&lt;x&gt;\n</code></pre>'),
        ("```{.a}\nx\n```", "<pre><code>x\n</code></pre>"),
        ("    four", "<pre><code>four\n</code></pre>"),
        ("- [ ] one", '<ul>\n<li class="task"><span class="box">☐</span> one</li>\n</ul>'),
        ("1. [x] one", '<ol>\n<li class="task done"><span class="box">☑</span> one</li>\n</ol>'),
        ("- [y] one", "<ul>\n<li>[y] one</li>\n</ul>"),
        ("- [x]one", "<ul>\n<li>[x]one</li>\n</ul>"),
        ("[x] one", "<p>[x] one</p>"),
        ("||who did it||", '<p><span class="spoiler"><span>who did it</span></span></p>'),
        ("||*so* `x`|| it||", '<p><span class="spoiler"><span><em>so</em> <code>x</code></span></span> it||</p>'),
        ("**||a||**", '<p><strong><span class="spoiler"><span>a</span></span></strong></p>'),
        ("他||是||她", '<p>他<span class="spoiler"><span>是</span></span>她</p>'),
        ("||a ||b|| c||", '<p><span class="spoiler"><span>a ||b|| c</span></span></p>'),
        ("a || b || c", "<p>a || b || c</p>"),
        ("a|| b ||c", "<p>a|| b ||c</p>"),
        ("|||a|||", "<p>|||a|||</p>"),
        ("||||", "<p>||||</p>"),
        ("\\||a||", "<p>||a||</p>"),
        ("`||a||`", "<p><code>||a||</code></p>"),
        ("||a\n\nb||", "<p>||a</p>\n<p>b||</p>"),
        ("**注意：**请看", "<p><strong>注意：</strong>请看</p>"),
        ("请看**“这里”**吧", "<p>请看<strong>“这里”</strong>吧</p>"),
        ("~~（旧）~~新", "<p><s>（旧）</s>新</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("中 ** 中 ** 中", "<p>中 ** 中 ** 中</p>"),
        ("snake_case_name 和_这个_词", "<p>snake_case_name 和_这个_词</p>"),
        ("[a]: https://a.example", f'<p>[a]: <a href="https://a.example" {REL}>https://a.example</a></p>'),
        ("[text](https://a.example)", f'<p><a href="https://a.example" {REL}>text</a></p>'),
        ("![cat](https://a.example/cat.png)", f'<p><a href="https://a.example/cat.png" {REL}>cat</a></p>'),
        ("![](https://a.example/c.png)", f'<p><a href="https://a.example/c.png" {REL}>https://a.example/c.png</a></p>'),
        ("[x](https:a.example) [y](https:///a)", "<p>[x](https:a.example) [y](https:///a)</p>"),
        ("[x](tel:+4912)", f'<p><a href="tel:+4912" {REL}>x</a></p>'),
        ('[x](https://a.example "so")', f'<p><a href="https://a.example" title="so" {REL}>x</a></p>'),
        ("[x](/room/1) [y](ftp://a.example)", "<p>[x](/room/1) [y](ftp://a.example)</p>"),
        ("README.md and main.py, v1.2.3.4", "<p>README.md and main.py, v1.2.3.4</p>"),
        ("to ada@a.example.org", f'<p>to <a href="mailto:ada@a.example.org" {REL}>ada@a.example.org</a></p>'),
    ],
)  # fmt: skip
def test_what_becomes_of_it(text: str, html: str) -> None:
    assert render(text) == html
    read(html)


def test_columns_stand_where_they_were_put() -> None:
    html = render("|a|b|c|\n|:-:|--:|:--|\n|**1**|2|3|")
    assert html.replace("\n", "") == (
        '<table><thead><tr><th class="center">a</th><th class="end">b</th><th>c</th></tr></thead>'
        '<tbody><tr><td class="center"><strong>1</strong></td><td class="end">2</td><td>3</td></tr></tbody></table>'
    )


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://docs.python.org/3/library/__main__.html now", "https://docs.python.org/3/library/__main__.html"),
        ("https://a.example/*x*y_z_", "https://a.example/*x*y_z_"),
        ("(https://a.example/x)", "https://a.example/x"),
        ("https://a.example/(x)", "https://a.example/(x)"),
        ("**https://a.example/x**", "https://a.example/x"),
        ("https://a.example.", "https://a.example"),
        ("https://a.example, and", "https://a.example"),
        ("HTTP://a.example/", "HTTP://a.example/"),
        ("<https://a.example>", "https://a.example"),
        ("看https://a.example/x。谢谢", "https://a.example/x"),
        ("（https://a.example/x）", "https://a.example/x"),
        ("https://a.example/中文", "https://a.example/%E4%B8%AD%E6%96%87"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://localhost:5000/x", "http://localhost:5000/x"),
    ],
)
def test_addresses_become_links(text: str, link: str) -> None:
    assert read(render(text)).links == [link]


@pytest.mark.parametrize(
    "text",
    [
        "http://",
        "https://.",
        "xhttp://a.example",
        "://a.example",
        "//a.example",
        "ftp://a.example",
        "www.",
        "`https://a.example`",
        "a@b",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert read(render(text)).links == []


def test_an_address_in_the_words_of_a_link_stays_words() -> None:
    assert read(render("[https://bank.example](https://a.example)")).links == ["https://a.example"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (":tada:", "🎉"),
        ("so :+1:!", "so 👍!"),
        (":thumbsup::heart:", "👍❤️"),
        (":wave::skin-tone-4:", "👋🏽"),
        ("(:flag-cn:)", "(🇨🇳)"),
        (":simple_smile: :nope:", ":simple_smile: :nope:"),
        ("好:tada:啊", "好🎉啊"),
        ("**:100:**", "💯"),
        ("> :smile:", "😄"),
        ("10:30:45 a[1:100:2] [:100:2]", "10:30:45 a[1:100:2] [:100:2]"),
        ("std::cool::it", "std::cool::it"),
        ("x:tada:", "x:tada:"),
        (":Tada: : tada : ::", ":Tada: : tada : ::"),
        ("`:tada:`", ":tada:"),
        ("\\:tada:", ":tada:"),
        ("https://a.example/:tada:", "https://a.example/:tada:"),
        ("```\n:tada:\n```", ":tada:"),
        (":flag-zz:", ":flag-zz:"),
    ],
)
def test_emoji_by_name(text: str, shown: str) -> None:
    assert read(render(text)).text.strip() == shown


def test_a_parser_is_ready_for_threads_when_it_is_made() -> None:
    """What is made later would be seen half made by a second one."""
    parser = Parser()
    rulers = (parser.core.ruler, parser.block.ruler, parser.inline.ruler, parser.inline.ruler2)
    assert all(ruler.__cache__ for ruler in rulers)


def test_everybody_of_a_row_of_emoji_is_drawn_and_no_more_is_asked() -> None:
    assert read(render(":tada:" * 500 + ":x")).text == "🎉" * 500 + ":x"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lunch?", False),
        ("a" * markup.INLINE_CHARACTERS, False),
        ("a" * (markup.INLINE_CHARACTERS + 1), True),
        ("```\nx\n```", True),
        ("> ~~~python\n> x", True),
        (":tada:", True),
        ("**10:30** at https://a.example", False),
    ],
)
def test_what_leaves_the_hub(text: str, *, expected: bool) -> None:
    assert markup.needs_a_thread(text) is expected


SLOW = [
    "[", "]", "![", "[a](", "[a](b)", "![a](", "[a][", "[]", "[](", "*", "**", "_", "*a_ ", "*a **a ", "**x* ", "~",
    "~~a ", "`", "a`b``", "<", "<a ", "<!--", "<![CDATA[", "<?", "<a@", "<http:", ">", "> ", ">\n", "- ", "* * * ",
    "1. ", "|", "|a", "|\n", "&", "&amp;", "\\", "a\n", "# a\n", "[a]: b\n", "    a\n", "a\n=\n", "http://a.",
    "http://", "http://a.b/(", "http://xn--", "ahttp://", "http:", "://)", "//", "www.", "a.com ", "a.com?",
    "1.1.1.1/", "+1.1.1.1", "~$😀1.1.1.1~\u200b+", "$éa.coma", "@", "@\n", "a@", "a@b.", "\"@", "mailto:",
    "http://中.", "a-", ".", " a", "\t", "a  \n", "\n", "中", "**中**", "_a", "```\n", "- a\n  ",
    "||", "||a", "a||", "||a||", "||a ||b|| ", "||*a", "|| ", "|||", ":", "::", ":a", ":a:", ":tada:", ":tada", ":+1::",
    "@", "@ada", "@ada ", "@中", "@中中中 ", "@a.", "@.", "@-", "@_", "_@ada_", "@ada.x", "@ada中", "#", "#a", "#a ",
    "@\u0301", "@a\u0301", "@here ", "@room", "&#a", "- [ ] a\n", "- [x]\n", "```python\n", "```py\na\n```\n",
    "#中", "**中：**中", "中**", "~~中：~~中", "**：", "中*：*", "@มี", "@한국", "#a@a", "@a#a", "\\@a", "@a:a:",
]  # fmt: skip


KNOWN = Names({"ada": (1, "Ada"), "a": (2, "A" * 80), "中": (3, "中")}, {"a": (4, "a"), "中": (5, "中")})


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("unit", SLOW)
def test_no_text_takes_long(unit: str) -> None:
    """What the parsers find hard, at the full length of a message, and in front of a quote and a table too."""
    for before in ("", "> ", "x\n|-|\n"):
        text = before + (unit * 10_000)[: 10_000 - len(before)]
        took: list[float] = []
        while len(took) < 3:
            began = time.process_time()
            html = markup.render(text, KNOWN).html
            took.append(time.process_time() - began)
            assert len(html) < 30 * len(text), (unit, before)
            if took[-1] < 0.2:
                break
        assert min(took) < 0.5, (unit, before)


# Of what is ours; the library's own shapes are above.
GROWING = [
    "||a||", "||a ||b|| ", "||", "a|| ", "||a", "|", ":tada:", ":tada", ":a:", "::", "@", "@ada ", "@adax", "@中",
    "@中中", "@a.", "_@ada_", "#a ", "#中", "@\u0301", "@มี", "**中：**中", "中**", "~~：~~中", "- [ ] a\n", "# a\n",
    "|a", "http://a.", "```\na\n```\n", "```py\na = [1]\n```\n",
]  # fmt: skip


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("unit", GROWING)
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    """Four times the text, four times as long; what is quadratic takes sixteen times."""

    def took(length: int) -> float:
        text = (unit * length)[:length]
        began = time.thread_time()
        markup.names_in(text)
        markup.render(text, KNOWN)
        return time.thread_time() - began

    took(100)
    short: list[float] = []
    long: list[float] = []
    while len(long) < 5:
        short.append(max(took(2_500), 0.002))
        long.append(took(10_000))
        if min(long) < 9 * min(short):
            return
    pytest.fail(f"{min(short)} s, and {min(long)} s for four times the text")


def test_deep_nesting_ends() -> None:
    html = render("\n".join("  " * depth + "- a" for depth in range(90)))
    assert html.count("<ul>") <= 20
    assert render(">" * 200 + " a").count("<blockquote>") <= 20


def test_definitions_of_links_make_no_megabytes() -> None:
    text = f"[a]: https://a.example/{'b' * 4_900}\n\n" + "[a]" * 1_600
    assert len(render(text)) < 20_000


# Signs of everything that means more than itself, between letters that let a text begin as plain ones do.
SIGNS = st.sampled_from(
    [
        *"#>-+=*_`~[]()!<&;\"'\\@|:/.,120 \t\n\r\x00\x0b\x0c\x1b\x1c\x1f\x7f\x85\xa0\xad\u200b\u200e",
        *"\u2028\u2029\u202e\u3000\u0301\ufeff\ufffeª²éß中한。：！😀",
        *("www.", "http", "https", "http:/", "https://", "ftp://a.de", "//a.de", "mailto:", "a@b.de", "tel:", "data:"),
        *("@ada", "#a", ":tada:", "||", ":a:", "- [ ] "),
        *("&amp;", "&#9;", "---", "===", "```", "~~~", "1. ", "- ", "    "),
    ]
)


@settings(max_examples=1500)
@given(
    st.builds(
        str.__add__, st.sampled_from(["", "a", "Z", "é", "中"]), st.lists(SIGNS | st.text(max_size=3)).map("".join)
    )
)
def test_plain_text_takes_a_short_way_to_the_same(text: str) -> None:
    assert markup.render(text, KNOWN) == markup._rendered(text, KNOWN)


@pytest.mark.parametrize(
    "text", ["Lunch?", 'It\'s 10:30 (or later), said "Ada": good = fine; 5 + 5 - 3 % 2 # $ ^ { }', "好的，今天下午！"]
)
def test_most_of_what_people_write_takes_the_short_way(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = render(text)
    monkeypatch.setattr(markup, "_rendered", None)
    assert render(text) == expected == f"<p>{text}</p>"
