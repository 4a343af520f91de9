"""Names of files, from outside and to outside."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

MOST_CHARACTERS, MOST_BYTES = 150, 240
UNNAMED = "file"

# Control characters, lone surrogates, orders to write from the other side, and marks that nobody sees: in a name they
# hide what it ends with.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
# What is no part of a name on one system or another.
_FOREIGN = re.compile(r'[<>:"|?*]')
_LONGEST_ENDING = 20
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 !#$&+.^_`~()\[\]{}@,-]")


def clean(given: str) -> str:
    """A name that can be shown and kept on any system, whatever was given; the last part of a path."""
    name = unicodedata.normalize("NFC", given[-4096:].replace("\\", "/").rpartition("/")[2])
    name = _SPACES.sub(" ", _HIDDEN.sub("", name))
    name = _FOREIGN.sub("_", name).strip(" .")
    return _short(name) or UNNAMED


def disposition(name: str, *, attached: bool) -> str:
    """The value of `Content-Disposition` (RFC 6266), with the whole name and one of ASCII for old programs."""
    plain = _NOT_PLAIN.sub("_", name)
    kind = "attachment" if attached else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _short(name: str) -> str:
    """Cut so that its ending stays."""
    if len(name) <= MOST_CHARACTERS and len(name.encode()) <= MOST_BYTES:
        return name
    stem, point, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > _LONGEST_ENDING:
        stem, point, ending = name, "", ""
    tail = point + ending
    stem = stem[: MOST_CHARACTERS - len(tail)].encode()[: MOST_BYTES - len(tail.encode())].decode(errors="ignore")
    return f"{stem.rstrip(' .')}{tail}"
