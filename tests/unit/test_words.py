"""Whose words stand in a text. The pages mark them by the same cases (`tests/js/words.test.js`)."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from chat.markup import render
from chat.store.outbox import WordsChosen
from chat.store.threads import call_here
from chat.words import Words, known
from chat.words.matching import Matcher

CASES = json.loads((Path(__file__).parents[1] / "words.json").read_text("utf-8"))
ME, BO = 1, 2


def words_of(*chosen: tuple[int, str]) -> Words:
    words = Words(call_here)
    words.hear_all(
        WordsChosen(user, 1, tuple(word for who, word in chosen if who == user)) for user in {who for who, _ in chosen}
    )
    return words


@pytest.mark.parametrize("case", CASES, ids=[case["word"] for case in CASES])
def test_whole_words_are_found_however_they_are_written(case: dict[str, Any]) -> None:
    words = words_of((ME, case["word"]))
    assert words.called_by(render(f"\\{case['text']}" if case["text"][0] in "<.(" else case["text"]).html) == (
        {ME} if case["marked"] else frozenset()
    )


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("`deploy`", False),
        ("```\ndeploy\n```", False),
        ("    deploy", False),
        ("a `b` deploy", True),
        ("de**ploy**", True),
        ("~~deploy~~ ||deploy||", True),
        ("[deploy](https://a.example/)", True),
        ("the `new` deploy train", True),
        ("deploy `x` train", False),
        ("- deploy\n- train", False),
        ("deploy  \ntrain", True),
        ("deploy\n\ntrain", False),
    ],
)
def test_what_is_said_outside_of_code(text: str, calls: bool) -> None:
    word = "deploy train" if "train" in text else "deploy"
    assert words_of((ME, word)).called_by(render(text).html) == ({ME} if calls else frozenset())


def test_words_of_several_people_share_their_beginnings_and_leave_by_themselves() -> None:
    matcher = Matcher()
    rows = [(ME, "release"), (BO, "release"), (BO, "release train"), (ME, "release train of May")]
    for user, word in rows:
        matcher.add(user, word)
    assert matcher.users_in("<p>the release</p>") == {ME, BO}
    matcher.take_away(BO, "release")
    assert matcher.users_in("<p>the release</p>") == {ME}
    assert matcher.users_in("<p>the release train</p>") == {ME, BO}
    matcher.take_away(ME, "release")
    assert matcher.users_in("<p>release train of may</p>") == {ME, BO}
    for user, word in rows[2:]:
        matcher.take_away(user, word)
    assert not matcher


def test_of_two_changes_the_later_one_holds_in_whatever_order_they_are_heard() -> None:
    words = Words(call_here)
    for rev in (1, 3, 2):
        words.hear(WordsChosen(ME, rev, (f"word{rev}",)))
    found = [rev for rev in (1, 2, 3) if words.called_by(f"<p>word{rev}</p>")]
    assert found == [3]
    words.hear(WordsChosen(ME, 4, ()))
    assert not words.called_by("<p>word3</p>")


def test_a_long_message_is_looked_through_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere: list[int] = []

    def offload(work: Any, html: str) -> Any:
        elsewhere.append(len(html))
        return work(html)

    words = Words(offload)
    assert not words.called_by("<p>" + "x" * known.INLINE_CHARACTERS)
    assert elsewhere == []
    words.hear(WordsChosen(ME, 1, ("x",)))
    assert words.called_by("<p>x</p>") == {ME}
    assert not words.called_by("<p>" + "x" * known.INLINE_CHARACTERS)
    assert len(elsewhere) == 1


def test_however_many_words_there_are_and_however_alike_it_takes_no_longer() -> None:
    """A row of signs that begins like ten thousand words, at each of its places."""
    words = Words(call_here)
    for user in range(500):
        words.hear(WordsChosen(user, 1, tuple(f"{'a ' * 18}{user} {number}" for number in range(20))))
    html = "<p>" + "a " * 5_000
    began = time.thread_time()
    assert not words.called_by(html)
    assert time.thread_time() - began < 0.5
