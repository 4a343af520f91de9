"""What the documents name is there: settings, commands, targets of make, files that they link to."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from chat.cli import main
from chat.config import PREFIX, Settings
from tools.generate import commands_md
from tools.generate.__main__ import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md"), *(ROOT / "deploy").glob("**/*.md")])
SETTINGS = {PREFIX + field.name.upper() for field in dataclasses.fields(Settings)}
COMMANDS = {path for path, _ in commands_md.commands(main, "hubbub")}

pytestmark = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def _code(text: str) -> list[str]:
    """What stands between back-ticks, a block's lines one by one."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", text)
    return [*spans, *(line for block in blocks for line in block.splitlines())]


def test_settings_exist(document: Path) -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]*[A-Z]\b", document.read_text("utf-8")))
    # The names of Python's tables in chat/events/ look alike.
    assert named - {"CHAT_COMMANDS", "CHAT_FACTS"} <= SETTINGS


def test_commands_exist(document: Path) -> None:
    groups = {" ".join(path.split()[:2]) for path in COMMANDS}
    for code in _code(document.read_text("utf-8")):
        words = re.findall(r"^(?:\$ |\.venv/bin/)?hubbub((?: [a-z]+)+)", code.strip())
        for found in words:
            path = f"hubbub{found}"
            known = any(path == one or path.startswith(f"{one} ") for one in COMMANDS) or path in groups
            assert known, f"there is no `{path}`"


def test_targets_of_make_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for code in _code(document.read_text("utf-8")):
        for name in re.findall(r"\bmake ([a-z-]+)", code):
            assert name in targets, f"there is no `make {name}`"


def test_links_lead_to_files(document: Path) -> None:
    text = re.sub(r"^```.*?^```", "", document.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in [*re.findall(r"\]\(([^)\s]+)\)", text), *re.findall(r'<img src="([^"]+)"', text)]:
        if re.match(r"[a-z]+:|#", target):
            continue
        assert (document.parent / target.split("#")[0]).exists(), target
