"""What docs/formatting.md says about texts is so."""

from __future__ import annotations

import html
import re

from chat.markup import Names, render
from chat.markup.languages import LABELS
from tools.generate.__main__ import ROOT

PAGE = (ROOT / "docs" / "formatting.md").read_text("utf-8")


def test_the_languages_are_those_that_there_are() -> None:
    found = re.search(r"by any of these names:\n\n(.*?)\n\n", PAGE, re.DOTALL)
    assert found
    assert sorted(re.findall(r"`([^`]+)`", found[1])) == sorted(LABELS)


def test_the_examples_do_what_they_are_examples_of() -> None:
    rows = re.findall(r"^\| (.+?) \| .+ \|$", PAGE, re.MULTILINE)
    examples = [
        html.unescape(code)
        for row in rows
        for code in re.findall(r"<code>(.+?)</code>|`([^`]+)`", row)
        for code in code
        if code
    ]
    assert len(examples) > 20
    known = Names({"ada": (1, "Ada")}, {"launch": (2, "launch")})
    plain = [code for code in examples if render(code, known).html == f"<p>{html.escape(code, quote=False)}</p>"]
    assert plain == []
