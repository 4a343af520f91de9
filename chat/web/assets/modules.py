"""The browser's modules as they lie in static/: what each imports, exports and loads later.

This reads the forms that our own modules and those of static/vendor are written in, not all that JavaScript allows;
what it can't read is a `ModuleError`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

BARE = {
    "lit": "vendor/lit/index.js",
    "lit/": "vendor/lit/",
    "lit-html": "vendor/lit-html/lit-html.js",
    "lit-html/": "vendor/lit-html/",
    "lit-element/lit-element.js": "vendor/lit-element/lit-element.js",
    "@lit/reactive-element": "vendor/@lit/reactive-element/reactive-element.js",
    "@lit/reactive-element/": "vendor/@lit/reactive-element/",
    "idb": "vendor/idb/index.js",
    "photoswipe": "vendor/photoswipe/photoswipe.esm.min.js",
    "socket.io-client": "vendor/socket.io-client/socket.io.esm.min.js",
    "turndown": "vendor/turndown/turndown.browser.es.js",
    "turndown-plugin-gfm": "vendor/turndown-plugin-gfm/turndown-plugin-gfm.browser.es.js",
    "uplot": "vendor/uplot/uPlot.esm.js",
    "hubbub/": "js/",
}

# What `export default` gives has no name inside.
NAMELESS = ""

# Whole lines of comment only, so that nothing inside a text is taken for one.
_COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*$", re.MULTILINE | re.DOTALL)
_STATEMENT = re.compile(
    r"""(?:^|(?<=[;}]))(?:
        import\s*(?:(?P<clause>[\w$*{][^"'();]*?)\s*\bfrom\b|(?P<braces>\{[^}]*\})\s*from)?\s*["'](?P<source>[^"']+)["'];?
      | export\s*(?P<all>\*)\s*from\s*["'](?P<all_source>[^"']+)["'];?
      | export\s*\{(?P<list>[^}]*)\}(?:\s*from\s*["'](?P<list_source>[^"']+)["'])?;?
      | export\s+(?P<default>default)\b
      | export\s+(?=(?:const|let|class|(?:async\s+)?function\b\*?)\s+(?P<name>[\w$]+))
    )""",
    re.MULTILINE | re.VERBOSE,
)
_LATER = re.compile(r"""\bimport\(\s*["']([^"']+)["']\s*\)""")
_LEFT = re.compile(r"^(?:import|export)\b[^\n]*", re.MULTILINE)


class ModuleError(Exception):
    """A module says something that is not understood here; the text names it."""


@dataclass(frozen=True)
class Import:
    """`names` maps what it is called here to what it is called there; `None` stands for all that is there."""

    specifier: str
    names: dict[str, str] | None


@dataclass
class Module:
    """One file. `code` is its text without comments, line for line."""

    name: str
    code: str
    body: str = ""
    """The code without the statements that bind it to others, line for line."""
    imports: list[Import] = field(default_factory=list)
    exports: dict[str, str] = field(default_factory=dict)
    """By the name outside, the name inside; where it is handed on from another module, see `handed_on`."""
    handed_on: list[Import] = field(default_factory=list)
    """`names` maps the name outside to the name in the other module."""

    @cached_property
    def later(self) -> list[str]:
        return _LATER.findall(self.code)

    def resolved(self, specifier: str) -> str:
        found = resolve(specifier, posixpath.dirname(self.name))
        if found is None:
            raise ModuleError(f'{self.name} imports "{specifier}", which the import map does not have')
        return found

    def specifiers(self) -> list[str]:
        """What is loaded before it, in order."""
        return [found.specifier for found in (*self.imports, *self.handed_on)]


class Modules:
    """The modules below a folder, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Module] = {}

    def __getitem__(self, name: str) -> Module:
        if name not in self._read:
            try:
                text = (self._folder / name).read_text("utf-8")
            except OSError as error:
                raise ModuleError(f"{name} is not there") from error
            self._read[name] = parse(name, text)
        return self._read[name]

    def in_order(self, entry: str) -> list[Module]:
        """What `entry` needs, directly or not, each behind what it needs itself; `entry` is the last."""
        ordered: dict[str, Module] = {}
        path: list[str] = []

        def visit(name: str) -> None:
            if name in ordered:
                return
            if name in path:
                raise ModuleError(f"modules import each other in a circle: {' -> '.join([*path, name])}")
            path.append(name)
            module = self[name]
            for specifier in module.specifiers():
                visit(module.resolved(specifier))
            ordered[path.pop()] = module

        visit(entry)
        return list(ordered.values())

    def later(self, first: list[Module]) -> list[Module]:
        """What the modules of `first` may load later, directly or not, without those themselves."""
        known = {module.name for module in first}
        waiting = [module.resolved(specifier) for module in first for specifier in module.later]
        found: list[Module] = []
        while waiting:
            name = waiting.pop(0)
            if name not in known:
                known.add(name)
                module = self[name]
                found.append(module)
                waiting += [module.resolved(specifier) for specifier in (*module.specifiers(), *module.later)]
        return found


def parse(name: str, text: str) -> Module:
    """Raises `ModuleError` for an import or export of a form that is not read here."""
    module = Module(name, _COMMENT.sub(_emptied, text))
    for found in _STATEMENT.finditer(module.code):
        if found["source"]:
            clause = found["clause"] or found["braces"]
            module.imports.append(Import(found["source"], dict(_bindings(name, clause)) if clause else {}))
        elif found["all"]:
            module.handed_on.append(Import(found["all_source"], None))
        elif found["list"] is not None:
            pairs = {outside: inside for inside, outside in _pairs(found["list"])}
            if found["list_source"]:
                module.handed_on.append(Import(found["list_source"], pairs))
            else:
                module.exports.update(pairs)
        elif found["default"]:
            module.exports["default"] = NAMELESS
        else:
            module.exports[found["name"]] = found["name"]
    module.body = _STATEMENT.sub(_emptied, module.code)
    left = _LEFT.search(module.body)
    if left:
        raise ModuleError(f"{name} has a form of import or export that is not understood: {left[0][:80]}")
    return module


def resolve(specifier: str, folder: str) -> str | None:
    """The file that a module in `folder` means; None where only the network could know."""
    if specifier.startswith("."):
        return posixpath.normpath(posixpath.join(folder, specifier))
    if specifier in BARE:
        return BARE[specifier]
    for name, path in BARE.items():
        if name.endswith("/") and specifier.startswith(name):
            return path + specifier.removeprefix(name)
    return None


def _emptied(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _bindings(name: str, clause: str) -> Iterator[tuple[str, str]]:
    """What a clause of an import binds: its name here, its name there."""
    if re.fullmatch(r"[\w$]+", clause):
        yield clause, "default"
        return
    if not clause.startswith("{"):
        raise ModuleError(f"{name} imports {clause!r}: only one name, or names in braces, are understood")
    for there, here in _pairs(clause.strip("{} \n")):
        yield here, there


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """`a, b as c` as (a, a), (b, c)."""
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        first, _, second = part.partition(" as ")
        yield first.strip(), second.strip() or first.strip()
