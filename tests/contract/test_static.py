"""Every module and icon that a page names is there, since no bundler would notice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chat.web.assets import BARE
from tools.generate.__main__ import ROOT

STATIC = ROOT / "static"
MODULES = sorted(STATIC.glob("js/**/*.js")) + sorted(STATIC.glob("vendor/**/*.js"))
SOURCES = sorted(STATIC.glob("js/**/*.js")) + sorted((ROOT / "templates").glob("**/*.html"))

IMPORT = re.compile(
    r"""(?:^|[;}])\s*(?:import|export)\b(?:[^"'();]*?\bfrom\b)?\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)""",
    re.MULTILINE,
)
ICON = re.compile(r"""\bicon\(["']([a-z0-9-]+)["']""")


def _icons() -> list[str]:
    return (STATIC / "icons.txt").read_text("utf-8").split()


def _target(module: Path, specifier: str) -> Path | None:
    if specifier.startswith("."):
        return module.parent / specifier
    if specifier in BARE:
        return STATIC / BARE[specifier]
    folders = [name for name in BARE if name.endswith("/") and specifier.startswith(name)]
    longest = max(folders, key=len, default="")
    return STATIC / BARE[longest] / specifier.removeprefix(longest) if longest else None


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(STATIC)))
def test_imports_resolve(module: Path) -> None:
    for found in IMPORT.finditer(module.read_text("utf-8")):
        specifier = found[1] or found[2]
        target = _target(module, specifier)
        assert target is not None, f"{specifier} is not in the import map"
        assert target.is_file(), f"{specifier} leads to {target}, which is not there"


def test_import_map_leads_to_files() -> None:
    for name, path in BARE.items():
        assert (STATIC / path).exists(), name


def test_no_module_asks_for_a_source_map() -> None:
    assert not [module for module in MODULES if "sourceMappingURL" in module.read_text("utf-8")]


def test_icons_are_sorted_and_each_is_in_the_sprite() -> None:
    icons = _icons()
    assert icons == sorted(set(icons))
    sprite = (STATIC / "vendor" / "icons.svg").read_text("utf-8")
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == icons


def test_icons_are_those_that_are_used() -> None:
    texts = {path: path.read_text("utf-8") for path in SOURCES}
    for path, text in texts.items():
        unknown = set(ICON.findall(text)) - set(_icons())
        assert not unknown, f"{path} uses {unknown}, which static/icons.txt does not name"
    everything = "\n".join(texts.values())
    unused = [name for name in _icons() if not re.search(rf"""["'#]{re.escape(name)}["']""", everything)]
    assert not unused, "static/icons.txt names icons that nothing uses"
