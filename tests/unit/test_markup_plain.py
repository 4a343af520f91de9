"""Rendered messages as text alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.markup import Names, render
from chat.markup.plain import HIDDEN, plain, unnamed


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("two *words*", "two words"),
        ("a\nb\n\nc", "a b c"),
        ("- one\n- two", "one two"),
        ("- [x] done", "☑ done"),
        ("|a|b|\n|-|-|\n|1|2|", "a b 1 2"),
        ("```python\nif a<b: x()\n```\nafter", "if a<b: x() after"),
        ("it is ||the *butler* @ada||, you see", f"it is {HIDDEN}, you see"),
        ("||one|| and ||two||", f"{HIDDEN} and {HIDDEN}"),
        ("[see](https://example.com/a?b=%3Ec)", "see"),
        ("<b>raw</b> &amp; 写代码", "<b>raw</b> & 写代码"),
        ("", ""),
    ],
)
def test_what_one_reads(written: str, read: str) -> None:
    assert plain(render(written).html) == read


@given(st.text(alphabet="ab |*`>-#\n<&[]()", max_size=80))
def test_no_tag_is_left(written: str) -> None:
    """Signs of HTML are in it only where somebody wrote them."""
    found = plain(render(written).html)
    assert found.count("<") <= written.count("<")
    assert "\n" not in found


NAMES = Names({"ada": (7, 'Ada <b>"x"')}, {"plans": (3, "Plans & more")}, {"blob": "0" * 32})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**@ada**, see #plans :blob:", '<p><strong>@Ada &lt;b&gt;"x"</strong>, see #Plans &amp; more :blob:</p>'),
        ("||@ada||", '<p><span class="spoiler"><span>@Ada &lt;b&gt;"x"</span></span></p>'),
    ],
)
def test_of_names_their_text_is_left(written: str, read: str) -> None:
    assert unnamed(render(written, NAMES).html) == read


@pytest.mark.parametrize(
    "written",
    [
        '@here <span class="mention" data-user="7">x</span>',
        '[x](https://e.example/room/3 \'<a class="room-ref" href="/room/3" data-room="3">y</a>\')',
        '`<img class="own-emoji" alt=":x:">` :tada:',
    ],
)
def test_nothing_else_is_taken_for_a_name(written: str) -> None:
    html = render(written, NAMES).html
    assert unnamed(html) == html
