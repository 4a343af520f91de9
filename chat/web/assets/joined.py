"""The first sight of the conversation as one script: its modules one after another, each in a scope of its own.

A hundred small files take a browser a hundred requests, and compress worse than one. What is loaded later stays single
modules, which must have the very same instances: the import map leads them to this script wherever they name a module
that is in it, and it exports what they ask for. So no two modules of the first sight may export different things under
one name that is asked for.
"""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass

from chat.web.assets.modules import NAMELESS, Import, Module, ModuleError, Modules

NAME = "joined/page.js"
MAP = f"{NAME}.map"
_LATER = re.compile(r"""\bimport\(\s*["']([^"']+)["']\s*\)""")
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True)
class Joined:
    script: str
    source_map: str
    leads_here: list[str]
    """What later modules may say for a module in the script: names of files, and specifiers that are no addresses."""


def join(modules: Modules, entry: str) -> Joined:
    """Raises `ModuleError` where the modules can't be joined."""
    first = modules.in_order(entry)
    scopes = {module.name: f"M${number}" for number, module in enumerate(first)}
    asked, leads_here = _asked(modules, first)
    text = _Text()
    text.add("/* Licences: vendor/LICENSES.txt */")
    for module in first:
        _add(text, module, scopes, modules)
    exported = {name: f"E${number}" for number, name in enumerate(asked)}
    for name, inside in exported.items():
        text.add(f"const {inside}={scopes[asked[name]]}.{name};")
    text.add(f"export{{{','.join(f'{inside} as {name}' for name, inside in exported.items())}}};")
    text.add(f"//# sourceMappingURL={posixpath.basename(MAP)}")
    return Joined(text.script(), text.source_map(), leads_here)


def exports(modules: Modules, module: Module) -> set[str]:
    """The names under which others may import from it."""
    return set(module.exports) | {name for found in module.handed_on for name in _handed(modules, module, found)}


def _handed(modules: Modules, module: Module, found: Import) -> set[str]:
    if found.names is not None:
        return set(found.names)
    return exports(modules, modules[module.resolved(found.specifier)]) - {"default"}


def _asked(modules: Modules, first: list[Module]) -> tuple[dict[str, str], list[str]]:
    """What later modules ask those of `first` for, each with the module that has it, and how they name those."""
    inside = {module.name for module in first}
    origins: dict[str, str] = {}
    leads_here: set[str] = set()
    for module in modules.later(first):
        whole = [Import(specifier, None) for specifier in module.later]
        for found in (*module.imports, *module.handed_on, *whole):
            target = module.resolved(found.specifier)
            if target not in inside:
                continue
            leads_here.add(target if found.specifier.startswith(".") else found.specifier)
            names = exports(modules, modules[target]) if found.names is None else found.names.values()
            for name in names:
                origin = _origin(modules, modules[target], name)
                if origins.setdefault(name, origin) != origin:
                    raise ModuleError(
                        f'"{name}" is exported by {origins[name]} and {origin}: name one of them otherwise'
                    )
    return dict(sorted(origins.items())), sorted(leads_here)


def _origin(modules: Modules, module: Module, name: str) -> str:
    """The module in which the exported name was made."""
    if name in module.exports:
        return module.name
    for found in module.handed_on:
        other = modules[module.resolved(found.specifier)]
        if name in _handed(modules, module, found):
            return _origin(modules, other, name if found.names is None else found.names[name])
    raise ModuleError(f'{module.name} is asked for "{name}", which it does not export')


def _add(text: _Text, module: Module, scopes: dict[str, str], modules: Modules) -> None:
    own = scopes[module.name]
    if NAMELESS in module.exports.values():
        raise ModuleError(f"{module.name} is loaded first and exports something without a name: give it one")
    text.add(f"let {own};{{" if _gives(module) else "{")
    for found in module.imports:
        if found.names:
            target = modules[module.resolved(found.specifier)]
            for name in found.names.values():
                _origin(modules, target, name)
            names = ",".join(there if here == there else f"{there}:{here}" for here, there in found.names.items())
            text.add(f"const{{{names}}}={scopes[target.name]};")
    code = _LATER.sub(lambda found: _later(module.resolved(found[1]), scopes), module.body)
    code = code.replace("import.meta.url", f'new URL("{_from_here(module.name)}",import.meta.url).href')
    text.add_lines(module.name, code)
    text.add(f"{own}={{{','.join(_given(module, scopes))}}};}}" if _gives(module) else "}")


def _later(target: str, scopes: dict[str, str]) -> str:
    """What is in the script already is not loaded again."""
    return f"Promise.resolve({scopes[target]})" if target in scopes else f'import("{_from_here(target)}")'


def _gives(module: Module) -> bool:
    return bool(module.exports or module.handed_on)


def _given(module: Module, scopes: dict[str, str]) -> list[str]:
    given = [inside if inside == outside else f"{outside}:{inside}" for outside, inside in module.exports.items()]
    for found in module.handed_on:
        scope = scopes[module.resolved(found.specifier)]
        given += [f"...{scope}"] if found.names is None else [f"{to}:{scope}.{of}" for to, of in found.names.items()]
    return given


def _from_here(name: str) -> str:
    return posixpath.relpath(name, posixpath.dirname(NAME))


class _Text:
    """Lines of the script, each with the line of the file that it comes from."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._origins: list[tuple[int, int] | None] = []
        self._sources: list[str] = []

    def add(self, line: str) -> None:
        self._lines.append(line)
        self._origins.append(None)

    def add_lines(self, source: str, code: str) -> None:
        """Lines with nothing in them are left out: what stood in them were comments."""
        self._sources.append(_from_here(source))
        for number, line in enumerate(code.split("\n")):
            if line.strip():
                self._lines.append(line)
                self._origins.append((len(self._sources) - 1, number))

    def script(self) -> str:
        return "\n".join(self._lines) + "\n"

    def source_map(self) -> str:
        """In version 3 of the format: for each line the file and the line in it, as differences to those before."""
        mappings: list[str] = []
        before = (0, 0)
        for origin in self._origins:
            if origin is None:
                mappings.append("")
                continue
            mappings.append("A" + _digits(origin[0] - before[0]) + _digits(origin[1] - before[1]) + "A")
            before = origin
        told = {"version": 3, "file": posixpath.basename(NAME), "sources": self._sources, "names": []}
        return json.dumps({**told, "mappings": ";".join(mappings)}, separators=(",", ":"))


def _digits(number: int) -> str:
    """A number as source maps write it: in base 64, five bits a digit, the sign in the lowest bit."""
    rest = abs(number) << 1 | (number < 0)
    digits = ""
    while True:
        rest, digit = rest >> 5, rest & 31
        digits += _DIGITS[digit | (32 if rest else 0)]
        if not rest:
            return digits
