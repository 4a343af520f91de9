"""Rendered messages as text alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.markup import render
from chat.markup.plain import HIDDEN, plain


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
