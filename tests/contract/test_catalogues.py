"""The Chinese catalogue of the server's pages has every text of the templates and modules, and no other."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tools.generate.__main__ import ROOT

CATALOGUES = sorted((ROOT / "chat" / "translations").glob("*/LC_MESSAGES/*.po"))
KEYWORDS: dict[str, Any] = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None}
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@cache
def _extracted() -> set[str]:
    with (ROOT / "tools" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found: set[str] = set()
    for folder in ("chat", "templates"):
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, methods, options, KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    return found


def _texts(message: Message) -> tuple[list[str], list[str]]:
    """The forms of the source and those of the translation."""
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [])
    return ids, strings


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parts[-3])
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    with request.param.open("rb") as file:
        return read_po(file)


def test_chinese_is_there() -> None:
    assert "zh_Hans" in [path.parts[-3] for path in CATALOGUES]


def test_every_text_is_translated(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id:
            assert not message.fuzzy, message.id
            assert all(text.strip() for text in _texts(message)[1]), message.id


def test_catalogue_has_the_texts_of_the_sources(catalogue: Catalog) -> None:
    known = {_texts(message)[0][0] for message in catalogue if message.id}
    assert _extracted() - known == set(), "run: make translations, then translate"
    assert known - _extracted() == set(), "no longer used; run: make translations"


def test_translations_fill_the_same_places(catalogue: Catalog) -> None:
    for message in catalogue:
        ids, strings = _texts(message)
        if message.id:
            allowed = {place for text in ids for place in PLACE.findall(text)}
            for text in strings:
                assert set(PLACE.findall(text)) <= allowed, message.id
            assert set(PLACE.findall(strings[-1])) == set(PLACE.findall(ids[-1])), message.id
