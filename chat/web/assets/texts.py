"""The texts of the page in two parts: those that the modules of the first sight name, and the rest, which comes later.

A module names a text by its whole key, or by the beginning of one that it puts together: t(`error.${code}`). A test
holds them to it (tests/contract/locales.test.js).
"""

from __future__ import annotations

import re

_ENTRY = re.compile(r'^  "([^"]+)":', re.MULTILINE)
_HEAD = "export default {\n"
_FOOT = "};\n"


def split(text: str, code: str) -> tuple[str, str]:
    """A file of static/js/locales/ as two modules: what `code` names, and the rest."""
    first: list[str] = []
    later: list[str] = []
    entries = list(_ENTRY.finditer(text))
    ends = [entry.start() for entry in entries[1:]] + [text.rindex("}")]
    for entry, end in zip(entries, ends, strict=True):
        (first if _named(entry[1], code) else later).append(text[entry.start() : end])
    return _HEAD + "".join(first) + _FOOT, _HEAD + "".join(later) + _FOOT


def _named(key: str, code: str) -> bool:
    return f'"{key}"' in code or any(f"`{key[: dot.end()]}${{" in code for dot in re.finditer(r"\.", key))
