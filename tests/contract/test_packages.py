"""What is declared about packages agrees, and no lock file names a place to download from."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from itertools import chain

import chat
from tools.generate.__main__ import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PINNED = dict(
    line.split("==") for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")
)


def _canonical(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_version_is_said_once() -> None:
    assert PROJECT["version"] == chat.__version__


def test_every_requirement_is_pinned() -> None:
    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *(one for group in extras.values() for one in group)]
    assert {_canonical(one) for one in wanted} - {"hubbub"} <= set(PINNED)


def _imported() -> Iterator[str]:
    for path in [*(ROOT / "chat").glob("**/*.py"), ROOT / "wsgi.py"]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.split(".")[0]


def test_what_the_service_imports_is_declared() -> None:
    ours = {"chat", "wsgi"} | sys.stdlib_module_names
    names = {name for name in _imported() if name not in ours}
    distributions = packages_distributions()
    wanted = {_canonical(distributions[name][0]) for name in names}
    extras = PROJECT["optional-dependencies"]
    needed = ("redis", "postgres", "s3")
    declared = {_canonical(one) for one in chain(PROJECT["dependencies"], *(extras[name] for name in needed))}
    assert wanted <= declared


def test_what_is_declared_is_imported() -> None:
    # linkify-it-py is imported by markdown-it-py when links are asked for, Pygments by the name of a lexer's module.
    distributions = packages_distributions()
    used = {_canonical(found) for name in _imported() for found in distributions.get(name, [])}
    declared = {_canonical(one) for one in PROJECT["dependencies"]}
    assert declared - used <= {"linkify-it-py", "pygments"}


def test_constraints_are_names_and_versions_only() -> None:
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in PINNED)
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", version) for version in PINNED.values())


def test_npm_packages_are_exact_and_have_no_address() -> None:
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values()), versions
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]


def test_libraries_that_the_transport_leans_on_stay_on_their_minor_version() -> None:
    for name in ("python-engineio", "python-socketio"):
        assert any(re.fullmatch(rf"{name}~=\d+\.\d+\.\d+", one) for one in PROJECT["dependencies"]), name


def test_licences_travel_with_the_browsers_packages() -> None:
    text = (ROOT / "static" / "vendor" / "LICENSES.txt").read_text("utf-8")
    for name in json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]:
        assert f"\n{name} " in text, name
