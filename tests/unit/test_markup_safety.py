"""From text to HTML: nothing that anybody writes runs, calls elsewhere or changes the page of those who read it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.markup import Names, cleaning, render
from tests.hostile_texts import DISGUISED, HTML, VECTORS
from tests.unit.reading import read

# Names come from people too.
KNOWN = Names(
    {"ada": (1, '"><img src=x onerror=alert(1)>'), "陈晨": (2, "</span><script>alert(1)</script>")},
    {"general": (3, "\" onclick=alert(1) '"), "x": (4, "<svg/onload=alert(1)>")},
)


# Where a text may stand.
PLACES = [
    "{}",
    "a {}",
    "> {}",
    "- {}",
    "||{}||",
    "**{}**",
    "|a|\n|-|\n|{}|",
    "[{}](https://a.example)",
    "`{}`",
    "@ada {}",
]


@pytest.mark.parametrize("text", VECTORS)
def test_nothing_of_it_runs_or_calls_elsewhere(text: str) -> None:
    for place in PLACES:
        read(render(place.replace("{}", text), KNOWN).html)


@pytest.mark.parametrize("text", [*HTML, *DISGUISED])
def test_html_is_shown_as_it_was_written(text: str) -> None:
    """In a block of code, where Markdown means nothing, not a character is lost."""
    kept = text.replace("\u0000", "\ufffd")
    assert read(render(f"```\n{text}\n```").html).text == f"{kept}\n"
    assert read(render(f"```html\n{text}\n```").html).text == f"{kept}\n"


@pytest.mark.parametrize("text", [*HTML, *DISGUISED])
def test_the_second_layer_alone_would_do(text: str) -> None:
    """What a fault of the renderer would let through is not on the list."""
    read(cleaning.clean(text))


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ('<a href="/signout">x</a>', "<a>x</a>"),
        ('<a href="/room/1/../../signout">x</a>', "<a>x</a>"),
        ('<a href="//evil.example">x</a>', "<a>x</a>"),
        ('<a href="https://a.example" target="_top" rel="opener">x</a>', '<a href="https://a.example">x</a>'),
        ('<a class="button" id="app" href="/room/1" ping="//evil.example">x</a>', '<a class="" href="/room/1">x</a>'),
        ('<span class="tools spoiler" tabindex="0" role="alert">x</span>', '<span class="spoiler">x</span>'),
        ('<p class="skip" data-level="9" style="color:red">x</p>', '<p class="">x</p>'),
        ('<input type="checkbox" checked><h1>x</h1>', "x"),
    ],
)
def test_the_second_layer_takes_attributes(html: str, left: str) -> None:
    assert cleaning.clean(html) == left


PIECES = [
    *VECTORS, "*", "_", "`", "[", "](", ")", "\n", "> ", "- ", "| ", "||", "<", "&", '"', "\\", "https://a.example/",
    "@ada", "@陈晨", "#general", "#x", ":tada:", "- [ ] ", "# ", "```python\n", "```html\n", "```\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12))
@settings(max_examples=500)
def test_nothing_of_any_mixture_runs(parts: list[str]) -> None:
    read(render("".join(parts), KNOWN).html)


@given(st.text(max_size=300))
@settings(max_examples=300)
def test_nothing_of_any_text_runs(text: str) -> None:
    read(render(text, KNOWN).html)


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
    read(render("".join(parts), KNOWN).html)
