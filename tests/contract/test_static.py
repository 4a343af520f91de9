"""Every module and icon that a page names is there, since no bundler would notice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chat.web.assets import joined, styles, texts
from chat.web.assets.modules import BARE, Modules, resolve
from tools.generate.__main__ import ROOT

STATIC = ROOT / "static"
MODULES = sorted(STATIC.glob("js/**/*.js")) + sorted(STATIC.glob("vendor/**/*.js"))
SOURCES = sorted(STATIC.glob("js/**/*.js")) + sorted((ROOT / "templates").glob("**/*.html"))

# Each imports from itself and from those behind it.
FLOORS = (
    *("app.js", "console", "help", "pages", "notify", "elements", "models"),
    *("files.js", "socket.js", "lib", "locales", "events.js"),
)

IMPORT = re.compile(
    r"""(?:^|[;}])\s*(?:import|export)\b(?:[^"'();]*?\bfrom\b)?\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)""",
    re.MULTILINE,
)
ICON = re.compile(r"""\bicon\(["']([a-z0-9-]+)["']""")


def _icons() -> list[str]:
    return (STATIC / "icons.txt").read_text("utf-8").split()


def _target(module: Path, specifier: str) -> Path | None:
    found = resolve(specifier, module.parent.relative_to(STATIC).as_posix())
    return STATIC / found if found else None


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(STATIC)))
def test_imports_resolve(module: Path) -> None:
    for found in IMPORT.finditer(module.read_text("utf-8")):
        specifier = found[1] or found[2]
        target = _target(module, specifier)
        assert target is not None, f"{specifier} is not in the import map"
        assert target.is_file(), f"{specifier} leads to {target}, which is not there"


def test_imports_lead_down() -> None:
    for module in sorted(STATIC.glob("js/**/*.js")):
        for found in IMPORT.finditer(module.read_text("utf-8")):
            target = _target(module, found[1] or found[2])
            if target is not None and target.is_relative_to(STATIC / "js"):
                above, below = (path.relative_to(STATIC / "js") for path in (module, target))
                assert FLOORS.index(above.parts[0]) <= FLOORS.index(below.parts[0]), f"{above} imports {below}"


def test_import_map_leads_to_files() -> None:
    for name, path in BARE.items():
        assert (STATIC / path).exists(), name


def test_the_first_sight_of_the_conversation_joins_into_one_script() -> None:
    """Where it does not, the message says what to change; servers would fall back to single files."""
    made = joined.join(Modules(STATIC), "js/app.js")
    assert "js/lib/i18n.js" in made.leads_here


def test_what_comes_later_comes_with_its_styles() -> None:
    """As `later(() => import("..."))`; texts need no styles."""
    for module in Modules(STATIC).in_order("js/app.js"):
        for found in re.finditer(r"\bimport\(", module.code):
            styled = module.code[: found.start()].endswith("later(() => ")
            assert styled or module.name == "js/lib/i18n.js", f"{module.name} has an import() outside of `later`"


@pytest.mark.parametrize("name", ["en", "zh-Hans"])
def test_each_text_is_in_one_part(name: str) -> None:
    code = joined.join(Modules(STATIC), "js/app.js").script
    parts = texts.split((STATIC / f"js/locales/{name}.js").read_text("utf-8"), code)
    keys = [re.findall(r'^  "([^"]+)": ', part, re.MULTILINE) for part in parts]
    whole = re.findall(r'^  "([^"]+)": ', (STATIC / f"js/locales/{name}.js").read_text("utf-8"), re.MULTILINE)
    assert sorted(keys[0] + keys[1]) == whole
    assert "sidebar.browse" in keys[0]
    assert "add.heading" in keys[1]


def test_every_style_sheet_is_in_a_page() -> None:
    named = {*styles.FIRST, *styles.LATER, *styles.OTHER_PAGES}
    there = {path.stem for path in STATIC.glob("css/*.css")}
    assert there - named == set(), "chat/web/assets/styles.py does not list these: add them where they belong"
    assert named - there == set(), "chat/web/assets/styles.py lists these, which are not in static/css"


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
