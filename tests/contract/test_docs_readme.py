"""The README is true: its program runs, and its listing of folders is the tree."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from threading import Timer

from tests.servers import ROOT, serving
from tests.waiting import DEADLINE

README = (ROOT / "README.md").read_text("utf-8")
# Of this folder the listing names every file and folder; elsewhere, the top folders.
COMPLETE = "chat/"


def _block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def _listed() -> set[str]:
    """The paths of the listing; indentation says what lies in which folder."""
    paths = set()
    folders: list[str] = []
    for line in _block("text").splitlines():
        indent, name = re.match(r"( *)(\S+)", line).groups()  # type: ignore[union-attr]
        del folders[len(indent) // 2 :]
        paths.add("".join(folders) + name)
        if name.endswith("/"):
            folders.append(name)
    return paths


def test_what_is_listed_exists() -> None:
    missing = [path for path in _listed() if not (ROOT / path).exists() or path.endswith("/") != (ROOT / path).is_dir()]
    assert not missing


def test_what_exists_is_listed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    present = set()
    for path in map(Path, tracked.splitlines()):
        top, *rest = path.parts
        if rest and not top.startswith("."):
            present.add(f"{top}/")
        if path.parts[0] + "/" == COMPLETE:
            present.add(COMPLETE + rest[0] + ("/" if len(rest) > 1 else ""))
    assert not present - _listed()


def test_program_talks(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        ada = server.owner("ada", "Ada")
        program = _block("python").replace("http://localhost:5000", server.start().url)
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", program],
            env={**os.environ, "HUBBUB_TOKEN": ada.token},
            stdout=subprocess.PIPE,
            text=True,
        )
        timer = Timer(DEADLINE, process.kill)
        timer.start()
        try:
            assert process.stdout is not None
            # The ack and the fact are printed by two threads, in either order; a line and its end are two writes.
            said = process.stdout.read(len("True\nHello from Python\n"))
            assert sorted(said.replace("\n", "")) == sorted("True" + "Hello from Python")
            assert "Hello from Python" in said
        finally:
            timer.cancel()
            process.kill()
            process.communicate()
