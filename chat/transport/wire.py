"""JSON on the wire: msgspec first, the standard library for what only it takes.

python-socketio expects an object with `dumps` and `loads`; this module is that object.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec


class BadJSON(ValueError):
    """The text is no JSON, or nests or counts beyond reason."""


def dumps(value: object, **_options: object) -> str:
    """Compact JSON. Structs are encoded as they are; options that python-socketio passes (`separators`) are moot.

    NaN becomes null. Lone surrogates have no UTF-8, so such a text is escaped by the standard library.
    """
    return encode(value).decode()


def encode(value: object) -> bytes:
    """What `dumps` gives, as UTF-8."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        built = msgspec.to_builtins(value, str_keys=True)
        return json.dumps(built, separators=(",", ":"), allow_nan=False).encode()


def loads(text: str, **_options: object) -> Any:
    """The value that `text` stands for.

    What JSON forbids but clients send all the same (NaN, Infinity, lone surrogates) becomes a Python value, so that
    the handler can name the field that is wrong. Anything else that cannot be read raises `BadJSON`.
    """
    try:
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeEncodeError):
            return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadJSON("not JSON") from error
