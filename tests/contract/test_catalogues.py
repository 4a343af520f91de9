"""The Chinese catalogue of the server's pages has every text of the templates and modules, and no other."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tools.translations import CATALOGUES, extracted

PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def _texts(message: Message) -> tuple[list[str], list[str]]:
    """The forms of the source and those of the translation."""
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [])
    return ids, strings


def _keys(catalogue: Catalog) -> set[str]:
    return {_texts(message)[0][0] for message in catalogue if message.id}


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
    known, wanted = _keys(catalogue), _keys(extracted())
    assert wanted - known == set(), "run: make translations, then translate"
    assert known - wanted == set(), "no longer used; run: make translations"


def test_translations_fill_the_same_places(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id:
            ids, strings = _texts(message)
            assert set(PLACE.findall(strings[-1])) == set(PLACE.findall(ids[-1])), message.id
