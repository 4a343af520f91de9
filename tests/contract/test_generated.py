"""What is generated is current, and the contract's own tables are whole."""

from __future__ import annotations

import json

import pytest

from chat import errors, events
from tools.generate import contract, events_md
from tools.generate.__main__ import ROOT, WRITERS


@pytest.mark.parametrize("name", WRITERS)
def test_generated_file_is_current(name: str) -> None:
    path = ROOT / name
    assert path.read_text("utf-8") == WRITERS[name](), f"{name} differs from its source; run: make generate"


def test_writing_twice_gives_the_same() -> None:
    for write in WRITERS.values():
        assert write() == write()


def test_every_code_has_its_meaning() -> None:
    assert tuple(events_md.CODES) == errors.CODES
    assert tuple(events_md.REFUSALS) == events.REFUSALS


@pytest.mark.parametrize("namespace", contract.NAMESPACES, ids=lambda namespace: namespace.name)
def test_commands_forbid_unknown_fields(namespace: contract.Namespace) -> None:
    for name, spec in namespace.commands.items():
        assert spec.command.__struct_config__.forbid_unknown_fields, name


def test_docs_name_every_command_and_fact() -> None:
    text = (ROOT / "docs" / "events.md").read_text("utf-8")
    for namespace in contract.NAMESPACES:
        for name in [*namespace.commands, *namespace.facts]:
            assert f"\n### {name}\n" in text, name


def test_asyncapi_references_resolve() -> None:
    document = json.loads((ROOT / "docs" / "asyncapi.json").read_text("utf-8"))
    for reference in _references(document):
        place = document
        for key in reference.removeprefix("#/").split("/"):
            assert key in place, reference
            place = place[key]


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for part in value.values() for found in _references(part)]
    if isinstance(value, list):
        return [found for part in value for found in _references(part)]
    return []
