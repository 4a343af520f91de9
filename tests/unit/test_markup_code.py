"""Code in colours: not a character is lost, and no code takes long, however hostile."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.markup import highlighting, render
from chat.markup.highlighting import LONGEST_LINE, MOST_BLOCKS, MOST_SECONDS, Highlighting
from chat.markup.languages import LABELS, LANGUAGES
from tests.unit.reading import read

CODE = 'def f(x):\n    """Say."""\n    return x + 1, "a\\n", None  # <why>\n'
# What the lexers found hardest among thousands of mixtures, and what is generally hard: brackets, quotes and comments
# that stay open, long runs of one sign.
HOSTILE = [
    "(", "{", "<", "([{", "'", '"', "`", "'''", '"""', "\\", '\\"', '"a\\', "/", "/*", "#", "--", "${", "$(", "@", "a",
    "1", ".", " ", "\n", " \n", "a\n", "a ", "a(", "a<", "a.", "a:", "a::", "a=", ":", "<a ", "<!--", "{{", "&a", "%",
    "<<A\n", "=begin\n", "(*", "{-", "?a", "1e", "中", "\x00", "*a*", "```a\n", "- a\n", ">>> ", "$ a\n",
]  # fmt: skip


def ticking(seconds: float) -> Callable[[], float]:
    """A clock by which that much time goes by whenever somebody looks."""
    ticks = count()
    return lambda: next(ticks) * seconds


def test_how_it_looks() -> None:
    assert render(f"```python\n{CODE}```").html == (
        '<pre><code class="language-python"><span class="k">def</span> <span class="nf">f</span>(x):\n'
        '    <span class="sd">"""Say."""</span>\n'
        '    <span class="k">return</span> x + <span class="m">1</span>, <span class="s">"a</span>'
        '<span class="se">\\n</span><span class="s">"</span>, <span class="k">None</span>  '
        '<span class="c"># &lt;why&gt;</span>\n</code></pre>'
    )
    assert render("```diff\n-a\n+b\n c\n```").html == (
        '<pre><code class="language-diff"><span class="gd">-a</span>\n<span class="gi">+b</span>\n c\n</code></pre>'
    )


@pytest.mark.parametrize(
    ("written", "label"), [("py", "python"), ("C++", "cpp"), ("C#", "csharp"), ("TS", "typescript")]
)
def test_a_language_has_several_names(written: str, label: str) -> None:
    assert f'class="language-{label}"><span' in render(f"```{written}\nif (x) return 1 # //\n```").html


def test_no_name_means_two_languages() -> None:
    assert len(LABELS) == sum(1 + len(language.aliases) for language in LANGUAGES.values())


@pytest.mark.parametrize("label", LANGUAGES)
def test_every_language_has_a_lexer_that_colours_something(label: str) -> None:
    samples = [
        CODE,
        "<?xml version='1.0'?><a b='c'>&amp;</a>\n",
        "/* a */ .a { color: #fff; } // b\n",
        '{"a": [1, true, null]}\na: 1\n[b]\nc = "d" # e\n',
        "# A\n**b** `c`\n",
        "- a\n+ b\n",
        "$ ls -l\n>>> 1 + 1\n2\n",
        "GET / HTTP/1.1\nHost: a.example\n\n",
        "FROM a\nRUN b\n",
        "\\begin{a} % b\n",
    ]
    found = [read(render(f"```{label}\n{sample}```").html) for sample in samples]
    assert [one.text for one in found] == samples
    assert any("<span" in render(f"```{label}\n{sample}```").html for sample in samples)


@given(
    st.sampled_from(sorted(LANGUAGES)),
    st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=30).map("".join),
)
@settings(max_examples=300)
def test_not_a_character_is_lost(label: str, code: str) -> None:
    code = code.replace("\r", "") + "\n"
    _, html = Highlighting().of(code, label)
    assert read(f"<pre><code>{html}</code></pre>").text == code


def test_the_time_of_a_message_ends() -> None:
    """Counted in tokens, by a clock of our own: what is left when it is over stays plain, and the next block too."""
    steps = 40
    spent = Highlighting(clock=ticking(MOST_SECONDS / steps))
    code = "1;\n" * 500
    _, html = spent.of(code, "javascript")
    # Each number is followed by a sign and a line's end.
    assert 0 < html.count("<span") <= steps // 2
    assert read(html).text == code
    assert spent.of("1;\n", "javascript") == ("javascript", "1;\n")


def test_a_busy_machine_takes_no_colours() -> None:
    spent = Highlighting(clock=ticking(0))
    assert spent.of("1;\n" * 3_000, "javascript")[1].count("<span") == 3_000


def test_only_so_many_blocks() -> None:
    html = render("```py\n1\n```\n" * (MOST_BLOCKS + 5)).html
    assert html.count("<span") == MOST_BLOCKS
    assert html.count("<pre>") == MOST_BLOCKS + 5


def test_nobody_reads_such_a_line() -> None:
    assert "<span" in Highlighting().of("1 " * (LONGEST_LINE // 2), "python")[1]
    assert "<span" not in Highlighting().of("1 " * (LONGEST_LINE // 2) + "1", "python")[1]


def _hardest_step(label: str, unit: str, length: int) -> float:
    """The longest time that a lexer computed without giving way, the least of three tries, in seconds."""
    code = (unit * length)[:length]
    if "\n" not in unit:
        code = "\n".join(code[at : at + LONGEST_LINE] for at in range(0, length, LONGEST_LINE))
    found: list[float] = []
    while len(found) < 3:
        longest, total = 0.0, 0.0
        before = time.thread_time()
        for _ in highlighting._lexer(label).get_tokens_unprocessed(code):
            now = time.thread_time()
            longest, total, before = max(longest, now - before), total + now - before, now
            if total > MOST_SECONDS / 10:
                break
        found.append(longest)
        if longest < MOST_SECONDS / 10:
            break
    return min(found)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("label", LANGUAGES)
def test_no_step_of_a_lexer_grows_out_of_bounds(label: str) -> None:
    """Time is looked at between two tokens, so the way to one token must not be long: with four times the text it takes
    four times as long at most, not sixteen."""
    for unit in HOSTILE:
        long = _hardest_step(label, unit, 10_000)
        if long > MOST_SECONDS / 10:
            assert long < 8 * _hardest_step(label, unit, 2_500), unit


def test_pygments_is_loaded_by_the_first_code() -> None:
    """A start, and a message without code or emoji, cost nothing of it."""
    program = (
        "import sys; from chat import markup; markup.render('*a* `b` @c 10:30'); "
        "assert not {'pygments', 'emoji'} & set(sys.modules); "
        "markup.render('```py\\n1\\n```'); assert 'pygments' in sys.modules; "
        "assert 'emoji' not in sys.modules; markup.render(':tada:'); assert 'emoji' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
