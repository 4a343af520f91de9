"""Searching without a database: tokens, queries, excerpts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.errors import ChatError
from chat.search import index
from chat.search.days import begin_of, day_of
from chat.search.excerpts import LENGTH, excerpt
from chat.search.index import entry
from chat.search.query import Wanted, parse
from chat.search.tokens import LONGEST, tokens

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
ANYTHING = st.text(max_size=200)


def words(text: str) -> list[str]:
    return [token.text for token in tokens(text) if not token.single]


def singles(text: str) -> list[str]:
    return [token.text for token in tokens(text) if token.single]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Running runs RUN", ["run", "run", "run"]),
        ("Ada’s and Ada's car", ["ada", "and", "ada", "car"]),
        ("don't", ["don", "t"]),
        ("Tomás, CAFÉ, naïve", ["toma", "cafe", "naiv"]),
        ("ＡＢＣ ﬁne", ["abc", "fine"]),
        ("on_message_send", ["on", "messag", "send"]),
        ("3.14 and ½", ["3", "14", "and", "1", "2"]),
        ("Straße Ωmega", ["strass", "ωmega"]),
        ("你好世界", ["你好", "好世", "世界"]),
        ("用Python写代码", ["python", "写代", "代码"]),
        ("カタカナ ｶﾀｶﾅ", ["カタ", "タカ", "カナ"] * 2),
        ("ガギ ｶﾞｷﾞ か\u3099き\u3099", ["ガギ", "ガギ", "がぎ"]),
        ("한국어", ["한국", "국어"]),
        ("𠮷野家", ["𠮷野", "野家"]),
        ("🎉 👍🏽 !? —", []),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_each_character_is_a_token_too() -> None:
    assert singles("我爱 A 你") == ["我", "爱", "你"]


def test_what_is_longer_is_found_by_its_beginning() -> None:
    assert words("x" * 5000) == words("x" * LONGEST + "y") == ["x" * LONGEST]


@given(ANYTHING)
def test_tokens_are_letters_and_digits_and_stand_where_they_say(text: str) -> None:
    for token in tokens(text):
        assert token.text.isalnum()
        assert 0 <= token.start < token.end <= len(text)
        # What would mean something to a database is not in them.
        assert not set(token.text) & set("_\"'\\:*&|!() ")


@given(st.text(HAN, min_size=2, max_size=60), st.data())
def test_every_piece_of_a_chinese_text_is_a_row_of_its_pairs(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    length = data.draw(st.integers(2, len(text) - start))
    wanted = words(text[start : start + length])
    found = words(text)
    assert any(found[place : place + len(wanted)] == wanted for place in range(len(found)))


def test_a_query() -> None:
    wanted = parse('hello "red cars" from:@Ada from:me in:#General has:link has:file 用python after:2026-01-31')
    assert wanted == Wanted(
        phrases=[("hello",), ("red", "car"), ("python",)],
        singles=["用"],
        authors=["ada", "me"],
        rooms=["general"],
        link=True,
        file=True,
        after=day_of(1_769_817_600_000),
    )
    assert begin_of(wanted.after or 0) == 1_769_817_600_000


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('"unbalanced words', Wanted(phrases=[("unbalanc", "word")])),
        ('red"car', Wanted(phrases=[("red",), ("car",)])),
        ("“红色 汽车”", Wanted(phrases=[("红色", "汽车")])),
        ("from：“Mira K” in:「大厅」", Wanted(authors=["mira k"], rooms=["大厅"])),
        ("FROM:ada", Wanted(authors=["ada"])),
        ("nothing:here", Wanted(phrases=[("noth", "here")])),
        ("a a", Wanted(phrases=[("a",)])),
        ("好 好的 的", Wanted(phrases=[("好的",)], singles=["好", "的"])),
        ("before:2026-02-01 before:2026-01-31", parse("before:2026-01-31")),
        ("after:2026-01-30 after:2026-01-31", parse("after:2026-01-31")),
        (
            'AND OR NOT NEAR(a b, 3) a* "',
            Wanted(phrases=[("and",), ("or",), ("not",), ("near", "a"), ("b",), ("3",), ("a",)]),
        ),
        ("'a' & !b | (c <-> d):*", Wanted(phrases=[("a",), ("b",), ("c",), ("d",)])),
        ("🎉", Wanted()),
        ('"" “” : ::', Wanted()),
        ("", Wanted()),
    ],
)
def test_what_is_meant(text: str, wanted: Wanted) -> None:
    assert parse(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        *(
            "before:yesterday",
            "after:2026-13-01",
            "before:2026-02-30",
            "before:20260131",
            "after:2026-W05-1",
            "before:",
        ),
        *("from:", "in: x", 'from:""', "has:cheese", "before:２０２６-01-31", "after:0000-01-01"),
    ],
)
def test_what_is_malformed_says_how_it_is_written(text: str) -> None:
    with pytest.raises(ChatError) as caught:
        parse(f"word {text}")
    assert (caught.value.code, caught.value.field) == ("bad_request", "query")
    assert text.partition(":")[0] in caught.value.message


@given(st.one_of(ANYTHING, st.text("ab\"“”:：*()&|!<>'\\frominhasbefter 好_-", max_size=200)))
def test_a_query_is_understood_or_refused(text: str) -> None:
    try:
        wanted = parse(text)
    except ChatError:
        return
    terms = index.Terms(wanted.phrases, [index.single_tag(one) for one in wanted.singles], [["_r1", "_r2"]])
    # Between its own quotation marks nothing can end them.
    assert index._match(terms).count('"') == 2 * (len(wanted.phrases) + len(wanted.singles) + 2)
    assert index._tsquery(terms).count("'") == 2 * (sum(map(len, wanted.phrases)) + len(wanted.singles) + 2)


def marked(text: str, query: str) -> list[str]:
    wanted = parse(query)
    return excerpt(text, wanted.phrases, wanted.singles)


@pytest.mark.parametrize(
    ("text", "query", "parts"),
    [
        ("We were running.", "runs", ["We were ", "running", "."]),
        ("running", "run", ["", "running", ""]),
        ("a red car, a red house", '"red house"', ["a red car, a ", "red house", ""]),
        ("我们写代码库，代码", "代码库", ["我们写", "代码库", "，代码"]),
        ("我们写代码", "写 代码", ["我们", "写代码", ""]),
        ("one\ntwo\tthree", "two", ["one ", "two", " three"]),
        ("ｶﾞｷﾞ", "ガギ", ["", "ｶﾞｷﾞ", ""]),
        ("nothing of it", "else", ["nothing of it"]),
        ("", "", [""]),
    ],
)
def test_what_is_marked(text: str, query: str, parts: list[str]) -> None:
    assert marked(text, query) == parts


def test_of_a_long_text_the_part_around_the_first_match() -> None:
    before, found, after = marked("lorem ipsum " * 100 + "needle " + "dolor sit " * 100, "needle")
    assert found == "needle"
    assert before.startswith(("…lorem ", "…ipsum "))
    assert after.endswith((" dolor…", " sit…"))
    assert LENGTH - 40 <= len(before + found + after) <= LENGTH + 2


def test_nothing_is_cut_within_a_character() -> None:
    (shown,) = marked("👩‍🚀" * 100, "x")
    assert shown.rstrip("…").replace("👩‍🚀", "") == ""


@given(ANYTHING.map(lambda text: text * 4), ANYTHING)
def test_an_excerpt_is_a_piece_of_the_text(text: str, query: str) -> None:
    phrases = [tuple(words(part)) for part in query.split() if words(part)]
    parts = excerpt(text, phrases, singles(query))
    assert len(parts) % 2 == 1
    assert all(parts[1::2])
    whole = "".join(parts)
    assert len(whole) <= LENGTH + 2
    plain = "".join(" " if c.isspace() else c for c in text)
    assert whole.removeprefix("…").removesuffix("…") in plain or whole in plain


@given(st.integers(1, 2**40), st.integers(0, index.WIDEST), st.data())
def test_a_window_holds_what_lies_in_it(end: int, width: int, data: st.DataObject) -> None:
    first, tags = index.window(end, width)
    assert 0 <= first < end
    for message in (first, end - 1, data.draw(st.integers(first, end - 1))):
        assert len({*entry(message, 1, 1, "", "").tags} & {*tags}) == 1
    assert first == 0 or not {*entry(first - 1, 1, 1, "", "").tags} & {*tags}


def test_what_a_message_has_is_a_tag() -> None:
    link = '<p><a href="https://example.com/" rel="x">x</a></p>'
    assert {"_r3", "_u4", "_x", "_c好"} <= {*entry(1, 3, 4, "好", link).tags}
    assert "_x" not in entry(1, 3, 4, "x", '<a href="mailto:a@b.c">').tags
