"""Reads the wire contract for the writers beside it: namespaces, structs and fields in plain terms."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec import inspect as types

from chat import events
from chat.events import (
    admin,
    emoji,
    files,
    messages,
    moderation,
    objects,
    people,
    reading,
    rooms,
    saved,
    scheduled,
    sections,
    session,
)
from chat.events import (
    help as helping,
)
from chat.events.objects import Command


@dataclass(frozen=True)
class Namespace:
    """One Socket.IO namespace and what is spoken in it."""

    path: str
    commands: dict[str, events.CommandSpec]
    facts: dict[str, type[Struct]]

    @property
    def name(self) -> str:
        return self.path.lstrip("/")


@dataclass(frozen=True)
class Field:
    """One field of a struct. `optional` is seen from who reads it: may it be missing from the JSON?"""

    name: str
    type: types.Type
    optional: bool
    default: Any


NAMESPACES = (
    Namespace("/chat", events.CHAT_COMMANDS, events.CHAT_FACTS),
    Namespace("/admin", events.ADMIN_COMMANDS, events.ADMIN_FACTS),
    Namespace("/help", events.HELP_COMMANDS, events.HELP_FACTS),
)

# In the order of the documents.
MODULES = (
    *(objects, rooms, messages, emoji, files, reading, saved, scheduled, sections, people),
    *(moderation, session, admin, helping),
)

BIGGEST = 2**53


def constant(event: str) -> str:
    """`message_send` as the constant's name `MESSAGE_SEND`."""
    return event.upper()


def summary(struct: type[Struct]) -> str:
    """The docstring on one line; empty where the struct has none."""
    return " ".join(inspect.cleandoc(struct.__doc__ or "").split())


def fields(struct: type[Struct]) -> list[Field]:
    """The fields in their order.

    A command's sender may leave out what has a default; of what the server sends, only a struct with `omit_defaults`
    leaves anything out.
    """
    info = types.type_info(struct)
    assert isinstance(info, types.StructType)
    may_miss = issubclass(struct, Command) or struct.__struct_config__.omit_defaults
    return [Field(f.encode_name, f.type, may_miss and not f.required, _default(f)) for f in info.fields]


def _default(field: types.Field) -> Any:
    if field.default is not NODEFAULT:
        return field.default
    return field.default_factory() if field.default_factory is not NODEFAULT else NODEFAULT


def plain(kind: types.Type) -> types.Type:
    """The type without its description."""
    return kind.type if isinstance(kind, types.Metadata) else kind


def without_none(kind: types.Type) -> tuple[list[types.Type], bool]:
    """The alternatives of a type but None, and whether None is one of them."""
    kind = plain(kind)
    if not isinstance(kind, types.UnionType):
        return [kind], False
    parts = [plain(part) for part in kind.types]
    rest = [part for part in parts if not isinstance(part, types.NoneType)]
    return rest, len(rest) < len(parts)


def is_id(kind: types.IntType) -> bool:
    return kind.gt == 0 and kind.lt == BIGGEST


def is_count(kind: types.IntType) -> bool:
    return kind.ge == 0 and kind.lt == BIGGEST


def limits(kind: types.Type) -> dict[str, int]:
    """`min` and `max`, inclusive: of a text's characters, a list's items or a number. Ids and counts have none."""
    for part in without_none(kind)[0]:
        low, high = _bounds(part)
        found = {name: value for name, value in (("min", low), ("max", high)) if value is not None}
        if found:
            return found
    return {}


def _bounds(kind: types.Type) -> tuple[int | None, int | None]:
    if isinstance(kind, types.StrType | types.ListType):
        return kind.min_length, kind.max_length
    if isinstance(kind, types.IntType) and not is_id(kind) and not is_count(kind):
        low = kind.ge if kind.gt is None else kind.gt + 1
        high = kind.le if kind.lt is None else kind.lt - 1
        return low, high
    return None, None


def structs() -> list[type[Struct]]:
    """Every struct of the contract, in the order of the source. `Command` itself, which has no fields, is left out."""
    return [
        member
        for module in MODULES
        for member in vars(module).values()
        if inspect.isclass(member) and issubclass(member, Struct) and member.__module__ == module.__name__
        if member is not Command
    ]


def encode(value: Any) -> str:
    """A value as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
