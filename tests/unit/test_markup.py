"""From text to HTML: what people mean is kept, what could harm a reader is not, and no text takes long."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat import markup
from chat.markup import ATTRIBUTES, SCHEMES, TAGS, render

REL = 'target="_blank" rel="noopener noreferrer nofollow"'
VOID = {"br", "hr"}


class Reader(HTMLParser):
    """Reads what a browser would, and holds it against the short list of what may be there."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()) | ({"rel", "target"} if tag == "a" else set()), (tag, name)
            if name == "href":
                self.links.append(value or "")
        if tag == "a":
            assert dict(attrs)["rel"] == "noopener noreferrer nofollow"
            assert dict(attrs)["target"] == "_blank"
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    for link in reader.links:
        scheme = re.match(r"\s*([a-zA-Z][\w+.-]*):", link)
        assert scheme is None or scheme.group(1).lower() in SCHEMES, link
    return reader


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "<p>plain</p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("**bold** *it* ~~gone~~ `code`", "<p><strong>bold</strong> <em>it</em> <s>gone</s> <code>code</code></p>"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("```python\nx = 1\n```", '<pre><code class="language-python">x = 1\n</code></pre>'),
        ("[a]: https://a.example", f'<p>[a]: <a href="https://a.example" {REL}>https://a.example</a></p>'),
        ("[text](https://a.example)", f'<p><a href="https://a.example" {REL}>text</a></p>'),
        ("![cat](https://a.example/cat.png)", f'<p><a href="https://a.example/cat.png" {REL}>cat</a></p>'),
        ("![](https://a.example/c.png)", f'<p><a href="https://a.example/c.png" {REL}>https://a.example/c.png</a></p>'),
        ("README.md and main.py, v1.2.3.4", "<p>README.md and main.py, v1.2.3.4</p>"),
        ("to ada@a.example.org", f'<p>to <a href="mailto:ada@a.example.org" {REL}>ada@a.example.org</a></p>'),
    ],
)  # fmt: skip
def test_what_becomes_of_it(text: str, html: str) -> None:
    assert render(text) == html
    read(html)


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


VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>*{background:url(//evil.example)}</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;avascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](%6aavascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://a.example/1)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example" onmouseover="alert(1))',
    '[x](<https://a.example" onclick="x>)',
    '![x" onerror="alert(1)](https://a.example)',
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "![<img src=x onerror=alert(1)>](https://a.example/)",
    "[![x](https://evil.example/a.png)](javascript:alert(1))",
    '```"><script>alert(1)</script>\nx\n```',
    "```x onclick=alert(1)\nx\n```",
    '~~~ " onclick=alert(1)\nx\n~~~',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "|a|\n|-|\n|<script>alert(1)</script>|",
    "|a|\n|:-:|\n|b|",
    "<!-- --><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?>",
    "<!DOCTYPE html>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    'https://a.example/"onmouseover=alert(1)//',
    "https://a.example/'><script>alert(1)</script>",
    "https://user:pass@a.example/<script>",
    '<https://a.example/"><script>alert(1)</script>>',
    "mailto:a@b.example?body=<script>",
    "\\<script>alert(1)</script>",
    "\u2028<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "[x]: javascript:alert(1)\n[x]",
]


@pytest.mark.parametrize("text", VECTORS)
def test_nothing_of_it_runs_or_calls_elsewhere(text: str) -> None:
    read(render(text))


@given(
    st.lists(
        st.sampled_from(
            [*VECTORS, "*", "_", "`", "[", "](", ")", "\n", "> ", "- ", "| ", "<", "&", '"', "\\", "https://a.example/"]
        ),
        max_size=12,
    )
)
@settings(max_examples=300)
def test_nothing_of_any_mixture_runs(parts: list[str]) -> None:
    read(render("".join(parts)))


@given(st.text(max_size=300))
@settings(max_examples=300)
def test_nothing_of_any_text_runs(text: str) -> None:
    read(render(text))


@given(
    st.lists(
        st.sampled_from(
            [
                "http://",
                "https://",
                "xn--",
                "[",
                "]",
                ":",
                "@",
                "a",
                ".",
                "中",
                "é",
                "%",
                "%zz",
                "/",
                "?",
                "#",
                "-",
                "\u00ad",
                "。",
                "1",
                "99999",
                "\u0130",
                "mailto:",
            ]
        ),
        max_size=15,
    )
)
@settings(max_examples=400)
def test_no_address_is_too_strange(parts: list[str]) -> None:
    read(render("".join(parts)))


SLOW = [
    "[", "]", "![", "[a](", "[a](b)", "![a](", "[a][", "[]", "[](", "*", "**", "_", "*a_ ", "*a **a ", "**x* ", "~",
    "~~a ", "`", "a`b``", "<", "<a ", "<!--", "<![CDATA[", "<?", "<a@", "<http:", ">", "> ", ">\n", "- ", "* * * ",
    "1. ", "|", "|a", "|\n", "&", "&amp;", "\\", "a\n", "# a\n", "[a]: b\n", "    a\n", "a\n=\n", "http://a.",
    "http://", "http://a.b/(", "http://xn--", "ahttp://", "http:", "://)", "//", "www.", "a.com ", "a.com?",
    "1.1.1.1/", "+1.1.1.1", "~$😀1.1.1.1~\u200b+", "$éa.coma", "@", "@\n", "a@", "a@b.", "\"@", "mailto:",
    "http://中.", "a-", ".", " a", "\t", "a  \n", "\n", "中", "**中**", "_a", "```\n", "- a\n  ",
]  # fmt: skip


@pytest.fixture
def untraced() -> Iterator[None]:
    """Without the trace of a coverage run, which takes several times as long as the work itself."""
    trace = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(trace)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("unit", SLOW)
def test_no_text_takes_long(unit: str) -> None:
    """What the parsers find hard, at the full length of a message, and in front of a quote and a table too."""
    for before in ("", "> ", "x\n|-|\n"):
        text = before + (unit * 10_000)[: 10_000 - len(before)]
        took: list[float] = []
        while len(took) < 3:
            began = time.process_time()
            html = render(text)
            took.append(time.process_time() - began)
            assert len(html) < 30 * len(text), (unit, before)
            if took[-1] < 0.2:
                break
        assert min(took) < 0.5, (unit, before)


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
    assert render(text) == markup._rendered(text)


@pytest.mark.parametrize(
    "text", ["Lunch?", 'It\'s 10:30 (or later), said "Ada": good = fine; 5 + 5 - 3 % 2 # $ ^ { }', "好的，今天下午！"]
)
def test_most_of_what_people_write_takes_the_short_way(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = render(text)
    monkeypatch.setattr(markup, "_rendered", None)
    assert render(text) == expected == f"<p>{text}</p>"
