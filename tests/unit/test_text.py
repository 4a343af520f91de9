"""What a text from outside may be, and when two names are the same."""

from __future__ import annotations

import time
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.errors import ChatError
from chat.text import MOST_MARKS, clean, fold, is_blank, room_name, username

ANYTHING = st.text(st.characters(codec=None), max_size=200)


def refused(value: str, most: int = 100, least: int = 0) -> ChatError:
    with pytest.raises(ChatError) as caught:
        clean(value, "field", most=most, least=least)
    assert caught.value.field == "field"
    return caught.value


def test_a_text_is_kept_in_nfc() -> None:
    assert clean("cafe\u0301", "text", most=10) == "café"
    assert clean("\u212b", "text", most=10) == "å".upper()
    assert clean("각".encode().decode(), "text", most=10) == clean("각", "text", most=10)


def test_line_ends_become_newlines() -> None:
    assert clean("a\r\nb\n\tc", "text", most=10, lines=True) == "a\nb\n\tc"


def test_a_single_line_is_trimmed_and_several_lines_are_not() -> None:
    assert clean("\u3000 a b \u00a0", "text", most=10) == "a b"
    assert clean("  indented\n", "text", most=20, lines=True) == "  indented\n"


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x08",
        "\x0b",
        "\r",
        "\x1b",
        "\x1f",
        "\x7f",
        "\x80",
        "\x85",
        "\x9f",
        "\ud800",
        "\ufffe",
        "\uffff",
    ],
)
@pytest.mark.parametrize("lines", [False, True])
def test_control_characters_and_surrogates_are_refused(character: str, lines: bool) -> None:
    with pytest.raises(ChatError) as caught:
        clean(f"a{character}b", "field", most=10, lines=lines)
    assert (caught.value.code, caught.value.field) == ("bad_request", "field")


@pytest.mark.parametrize("character", ["\n", "\t", "\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069"])
def test_line_ends_and_orders_of_direction_stay_out_of_single_lines(character: str) -> None:
    """A name that turns the direction of writing could show the text behind it backwards."""
    assert refused(f"a{character}b").code == "bad_request"
    assert clean(f"a{character}b", "field", most=10, lines=True) == f"a{character}b"


@pytest.mark.parametrize(
    "value", ["", " ", "\u3000", "\u200b\u200d", "\u0301", "\u00ad", "\u3164", "\u115f\u1160", "\u2800", "\ufe0f"]
)
def test_what_shows_nothing_is_refused_where_something_must_stand(value: str) -> None:
    assert refused(value, least=1).code == "bad_request"
    assert is_blank(value)
    clean(value, "field", most=10)


@pytest.mark.parametrize("value", ["\U0001fae9", "\U0001fae8", "\ue000", "\U0001f600", "中", ".", "\u0915\u093f"])
def test_what_shows_something_is_a_text(value: str) -> None:
    """Among them emoji that are newer than the Unicode tables of the Python in use."""
    assert clean(value, "field", least=1, most=10) == value


def test_the_length_counts_before_and_after_normalising() -> None:
    assert clean("x" * 100, "field", most=100) == "x" * 100
    assert refused("x" * 101).code == "too_large"
    assert "100" in refused("x" * 101).message
    # U+FB2C has a longer form only: three characters.
    assert len(unicodedata.normalize("NFC", "\ufb2c")) == 3
    assert refused("\ufb2c" * 100).code == "too_large"
    assert len(clean("\ufb2c" * 33, "field", most=100)) == 99


def test_at_least_so_many() -> None:
    assert refused("ab", least=3).message == "At least 3 characters, please."
    assert clean("abc", "field", least=3, most=5) == "abc"


@pytest.mark.parametrize("tower", ["\u0301", "\u0301\u0316", "\u0316\u0301", "\u0345"])
def test_a_tower_of_marks_is_refused(tower: str) -> None:
    """Sorted marks as well as unsorted: the ones cost time, both cover the lines around them."""
    error = refused("a" + tower * (MOST_MARKS + 1))
    assert error.code == "bad_request"
    clean("a" + "\u0316" * MOST_MARKS, "field", most=100)


@pytest.mark.parametrize(
    "unit",
    [
        "a\u0301",
        "\u0301\u0316",
        "\u0316\u0301",
        "a\u0316\u0301\u0308",
        "\u1100\u1161",
        "\ufdfa",
        "\U0001d160",
        "\u0f73\u0f75",
        "\u0301" * 30 + "a",
    ],
)
def test_cleaning_takes_no_time(unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    took = []
    for _ in range(3):
        began = time.process_time()
        with suppress(ChatError):
            clean(text, "text", most=10_000, lines=True)
        fold(text[:2_000])
        took.append(time.process_time() - began)
    assert min(took) < 0.25


@given(ANYTHING, st.booleans())
def test_what_is_cleaned_is_clean(value: str, lines: bool) -> None:
    try:
        kept = clean(value, "field", most=200, lines=lines)
    except ChatError:
        return
    assert unicodedata.is_normalized("NFC", kept)
    assert clean(kept, "field", most=600, lines=lines) == kept
    kept.encode()
    assert "\x00" not in kept
    assert lines or "\n" not in kept


@given(ANYTHING)
def test_folding_is_final_and_blind_to_form(value: str) -> None:
    folded = fold(value)
    assert fold(folded) == folded
    assert fold(unicodedata.normalize("NFD", value)) == folded
    assert fold(unicodedata.normalize("NFKC", value)) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada", "aDA"),
        ("ａｄａ", "ada"),
        ("straße", "STRASSE"),
        ("café", "cafe\u0301"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("ﬁn", "fin"),
        ("①", "1"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("ada", "adа"), ("i", "ı"), ("aa", "a")])
def test_names_that_are_two(one: str, other: str) -> None:
    """Letters of other scripts that look alike are told apart: which of them is meant, no table knows."""
    assert fold(one) != fold(other)


@pytest.mark.parametrize("make", [room_name, username])
class TestNames:
    @pytest.mark.parametrize(
        "name", ["ada", "a", "7", "build-logs", "v1.2_x", "设计", "デザイン", "हिन्दी", "ไทย", "Ünïcödé", "دردشة"]
    )
    def test_names_of_every_script(self, make: object, name: str) -> None:
        assert make(name) == clean(name, "x", most=99)  # type: ignore[operator]

    @pytest.mark.parametrize(
        "name",
        [
            *("", " ", "#", "@", "##a", "@@a", "-", "..", "_", "a b", "a/b", "a\\b", "<b>", "a&b", "a'b", 'a"b', "a%b"),
            *("a:b", "a,b", "😀", "a\u200bb", "a\u200db", "a\u00adb", "a\u202eb", "a\u2028b", "a\nb", "a\x00b"),
            *("\ud800", "\u0301", "\u3164", "\u115f\u1160", "\u2800"),
        ],
    )  # fmt: skip
    def test_what_is_no_name(self, make: object, name: str) -> None:
        with pytest.raises(ChatError) as caught:
            make(name, "field")  # type: ignore[operator]
        assert (caught.value.code, caught.value.field) == ("bad_request", "field")

    @pytest.mark.parametrize(
        "unseen", ["\ufe0f", "\u3164", "\uffa0", "\u115f", "\u1160", "\u034f", "\u180b", "\u17b4", "\U000e0100"]
    )
    def test_a_name_cannot_differ_by_what_is_not_seen(self, make: object, unseen: str) -> None:
        for name in (f"ada{unseen}", f"{unseen}ada", f"a{unseen}da"):
            assert make(name) == "ada"  # type: ignore[operator]

    def test_what_is_not_seen_does_not_keep_two_characters_apart(self, make: object) -> None:
        assert make("cafe\u034f\u0301") == "café"  # type: ignore[operator]

    @given(value=ANYTHING)
    def test_a_name_is_kept_as_it_is(self, make: object, value: str) -> None:
        try:
            name = make(value)  # type: ignore[operator]
        except ChatError:
            return
        assert make(name) == name  # type: ignore[operator]
        assert any(c.isalnum() for c in name)
        assert not any(c.isspace() for c in name)


def test_the_sign_in_front_is_dropped_once() -> None:
    assert room_name("#plans") == "plans"
    assert username("@ada") == "ada"


def test_the_length_of_names() -> None:
    assert room_name("a" * 80) == "a" * 80
    assert username("a" * 40) == "a" * 40
    for make, most in ((room_name, 80), (username, 40)):
        with pytest.raises(ChatError) as caught:
            make("a" * (most + 1))
        assert caught.value.code == "too_large"
