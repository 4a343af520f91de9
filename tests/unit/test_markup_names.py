"""Who and which room a text names, in any script; what is code, a link or an address names nobody."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat import markup
from chat.markup import MOST_MENTIONS, Names, names_in, render
from chat.markup.rendering import MOST_REFERENCES
from chat.text import fold
from tests.unit.reading import read

PEOPLE = [
    "ada",
    "Mira",
    "tomás",
    "陈晨",
    "陈",
    "j.r",
    "under_score",
    "Straße",
    "เมษา",
    "プログラマー",
    "मीरा",
    "a.b-c_d",
]
ROOMS = ["general", "发布", "release-1.2", "Über_uns"]
KNOWN = Names(
    {fold(name): (number, name.title()) for number, name in enumerate(PEOPLE, 1)},
    {fold(name): (number, name) for number, name in enumerate(ROOMS, 101)},
)


def mentioned(text: str) -> list[str]:
    return [PEOPLE[number - 1] for number in render(text, KNOWN).mentions]


def rooms(text: str) -> list[str]:
    return [ROOMS[int(found) - 101] for found in re.findall(r'data-room="(\d+)"', render(text, KNOWN).html)]


def test_how_it_is_shown() -> None:
    found = render("@ADA see #General, @here", KNOWN)
    assert found.html == (
        '<p><span class="mention" data-user="1">@Ada</span> see '
        '<a class="room-ref" href="/room/101" data-room="101">#general</a>, <span class="mention call">@here</span></p>'
    )
    assert (found.mentions, found.call) == ((1,), "here")


def test_a_shown_name_is_text() -> None:
    known = Names({"x": (1, "<b>&\"'")}, {"y": (2, "<i>&\"'")})
    html = render("@x #y", known).html
    assert "<b>" not in html
    assert "<i>" not in html
    assert read(html).text == "@<b>&\"' #<i>&\"'"


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@ada", ["ada"]),
        ("@mira, @ada and @mira", ["Mira", "ada"]),
        ("(@ada)", ["ada"]),
        ("@ada.", ["ada"]),
        ("@ada... well", ["ada"]),
        ("@ada...well", ["ada"]),
        ("@ada--well", ["ada"]),
        ("@ada-", ["ada"]),
        ("@ada's", ["ada"]),
        ("@ada/@mira", ["ada"]),
        ("@j.r.", ["j.r"]),
        ("@a.b-c_d!", ["a.b-c_d"]),
        ("@under_score", ["under_score"]),
        ("_@ada_", ["ada"]),
        ("__@ada__", ["ada"]),
        ("**@ada** ~~@mira~~", ["ada", "Mira"]),
        ("||@ada||", ["ada"]),
        ("> @ada", ["ada"]),
        ("- @ada\n- [ ] @mira", ["ada", "Mira"]),
        ("# @ada", ["ada"]),
        ("|@ada|\n|-|\n|@mira|", ["ada", "Mira"]),
        ("@TOMÁS", ["tomás"]),
        ("@STRASSE", ["Straße"]),
        ("@ａｄａ", ["ada"]),
        ("cc:@ada", ["ada"]),
        ("你好@陈晨，看一下", ["陈晨"]),
        ("你好@陈晨看一下", ["陈晨"]),
        ("@陈先生", ["陈"]),
        ("@ada看一下", ["ada"]),
        ("@陈晨hello", ["陈晨"]),
        ("@陈晨@mira", ["陈晨", "Mira"]),
        ("@陈晨 @mira", ["陈晨", "Mira"]),
        ("@เมษาอยู่ไหน", ["เมษา"]),
        ("@プログラマーさん", ["プログラマー"]),
        ("@मीरा जी", ["मीरा"]),
        ("@adam", []),
        ("@ad", []),
        ("@ada.example", []),
        ("@ada_x", []),
        ("@nobody", []),
        ("ada@mira.example", []),
        ("a@ada", []),
        ("ünal@ada", []),
        ("陈晨@ada.example", []),
        ("@ada@chat.example", []),
        ("@@ada", []),
        ("foo_@ada", []),
        ("https://a.example/@ada", []),
        ("a.example/@ada", []),
        ("`@ada`", []),
        ("```\n@ada\n```", []),
        ("```python\n@ada\n```", []),
        ("    @ada", []),
        ("[@ada](https://a.example)", []),
        ("[see *@ada*](https://a.example)", []),
        ("![@ada](https://a.example)", []),
        ("[@ada](javascript:x)", ["ada"]),
        ("\\@ada", []),
        ("&#64;ada", []),
        ("@ ada", []),
        ("@", []),
        ("@.", []),
    ],
)
def test_who_is_mentioned(text: str, people: list[str]) -> None:
    assert mentioned(text) == people


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#general", ["general"]),
        ("see #general.", ["general"]),
        ("(#release-1.2)", ["release-1.2"]),
        ("#release-1.2.", ["release-1.2"]),
        ("看#发布吧", ["发布"]),
        ("#über_uns!", ["Über_uns"]),
        ("- #general", ["general"]),
        ("**#general**", ["general"]),
        ("# general", []),
        ("#general text", ["general"]),
        ("##general", []),
        ("foo#general", []),
        ("C#general", []),
        ("/#general", []),
        ("&#general;", []),
        ("https://a.example/#general", []),
        ("`#general`", []),
        ("[#general](https://a.example)", []),
        ("\\#general", []),
        ("#generally", []),
        ("#none #", []),
    ],
)
def test_which_rooms(text: str, found: list[str]) -> None:
    assert rooms(text) == found


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("@here", "here"),
        ("@room", "room"),
        ("@Here, @ROOM!", "room"),
        ("@room @here", "room"),
        ("请@here看", "here"),
        ("@hereby", None),
        ("`@room`", None),
        ("[@room](https://a.example)", None),
        ("a@room", None),
        ("here", None),
    ],
)
def test_who_calls_everybody(text: str, call: str | None) -> None:
    assert render(text).call == call
    assert render(text, Names({"here": (1, "Here"), "room": (2, "Room")}, {})).mentions == ()


def test_nobody_is_known_without_names() -> None:
    assert render("@ada #general") == ("<p>@ada #general</p>", (), None)


def test_mentions_are_bounded() -> None:
    people = {f"p{number}": (number, f"P{number}") for number in range(1, 101)}
    found = render(" ".join(f"@p{number} @p1" for number in range(1, 101)), Names(people, {}))
    assert found.mentions == tuple(range(1, MOST_MENTIONS + 1))
    assert f"@p{MOST_MENTIONS + 1} " in found.html
    assert render("@here " * 3_000).html.count("<span") == MOST_REFERENCES


@pytest.mark.parametrize("text", ["", "a" * 10_000, "one: two, three! " * 100])
def test_no_sign_no_work(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "candidates", None)
    assert names_in(text) == (set(), set())


def test_candidates() -> None:
    assert names_in("@Ada, #General and @STRASSE @here") == ({"ada", "strasse"}, {"general"})
    assert names_in("@陈晨看一下")[0] == {"陈", "陈晨", "陈晨看", "陈晨看一", "陈晨看一下"}
    assert names_in("@j.r.")[0] == {"j.r.", "j.r"}
    assert names_in("a@b.example foo#bar `@code`") == ({"code"}, set())


def test_candidates_are_bounded_and_fair() -> None:
    long = "的" * 40
    people, _ = names_in(" ".join(f"@{chr(0x4E00 + number)}{chr(0x5E00 + number)}{long}" for number in range(30)))
    assert len(people) == 100
    # Everybody's name of one sign, and of two.
    assert {chr(0x4E00 + number) for number in range(30)} <= people
    assert {chr(0x4E00 + number) + chr(0x5E00 + number) for number in range(30)} <= people
    found = names_in("".join(f" @a{number} #b{number}" for number in range(1_500)))
    assert [len(names) for names in found] == [100, 100]
    assert names_in("@" * 10_000 + "#" * 10_000) == (set(), set())
    assert names_in(f"@{'a' * 41} @{'b' * 40} #{'c' * 81} #{'d' * 80}") == ({"b" * 40}, {"d" * 80})


@given(
    st.lists(
        st.sampled_from(
            [
                *(f"@{name}" for name in PEOPLE),
                *(f"#{name}" for name in ROOMS),
                *PEOPLE,
                *" .-_*`[]()|<>&#@\\\n:/中，。aé\u0e34\u030a",
                *("@here", "@room", "](https://a.example)", "```\n", "    ", "> ", "https://a.example/"),
            ]
        ),
        max_size=12,
    ).map("".join)
)
@settings(max_examples=700)
def test_whatever_is_mentioned_was_a_candidate(text: str) -> None:
    """What is looked up before rendering is all that rendering can find."""
    people, found_rooms = names_in(text)
    fewer = Names(
        {name: found for name, found in KNOWN.people.items() if name in people},
        {name: found for name, found in KNOWN.rooms.items() if name in found_rooms},
    )
    assert render(text, fewer) == render(text, KNOWN)
