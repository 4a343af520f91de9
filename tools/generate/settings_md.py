"""docs/settings.md: every setting of `chat/config.py`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from chat.config import PREFIX, Settings

HEAD = """\
<!-- Generated from chat/config.py by `make generate`; a change here is lost. -->

# Settings

Every setting is a variable of the environment, or a line `NAME=value` of the file `.env` in the folder where the server
is started; the environment goes first. An unknown name or a wrong value stops the start with a line that says what is
right. Those marked *secret* hold passwords: `hubbub doctor` and the log never show them.

| setting | value | default | what it does |
|---|---|---|---|
"""


def write() -> str:
    hints = get_type_hints(Settings)
    return HEAD + "".join(_row(field, hints[field.name]) for field in dataclasses.fields(Settings))


def _row(field: dataclasses.Field[Any], hint: Any) -> str:
    secret = " *Secret.*" if field.metadata["secret"] else ""
    text = field.metadata["help"].replace("|", "\\|")
    name = f"`{PREFIX}{field.name.upper()}`"
    return f"| {name} | {_value(hint, field.metadata)} | {_default(field.default)} | {text}{secret} |\n"


def _value(hint: Any, metadata: Mapping[str, Any]) -> str:
    if get_origin(hint) is Literal:
        return " or ".join(f"`{choice}`" for choice in get_args(hint))
    if hint in (int, float):
        kind = "whole number" if hint is int else "number"
        return f"{kind}, {metadata['low']:,} to {metadata['high']:,}"
    if hint is Path:
        return "folder"
    return "list" if get_origin(hint) is tuple else "text"


def _default(value: Any) -> str:
    return "empty" if value in ("", ()) else f"`{value}`"
