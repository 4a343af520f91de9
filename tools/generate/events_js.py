"""static/js/events.js: the contract's names and limits for the browser, and its types for the editor."""

from __future__ import annotations

import json
from typing import Any

from msgspec import inspect as types

from chat import errors, events
from tools.generate import contract

HEAD = """\
/**
 * The wire contract as the browser needs it: names, limits and types.
 * Generated from chat/events/ and chat/errors.py by `make generate`; a change here is lost.
 */
"""


def write() -> str:
    # Some are spoken in both namespaces.
    commands = list(dict.fromkeys(name for namespace in contract.NAMESPACES for name in namespace.commands))
    facts = list(dict.fromkeys(name for namespace in contract.NAMESPACES for name in namespace.facts))
    parts = [
        HEAD,
        f"/** The version of the contract, sent when connecting. */\nexport const PROTOCOL = {events.PROTOCOL};\n",
        _names("What a client may ask.", "COMMANDS", commands),
        _names("What the server tells.", "FACTS", facts),
        _list("The codes of a refused command.", "ERROR_CODES", errors.CODES),
        _list("The codes of a refused connection.", "REFUSALS", events.REFUSALS),
        _limits(),
        *(_typedef(struct) for struct in contract.structs()),
    ]
    return "\n".join(parts)


def _names(comment: str, constant: str, names: list[str]) -> str:
    lines = "".join(f'  {contract.constant(name)}: "{name}",\n' for name in names)
    return f"/** {comment} */\nexport const {constant} = Object.freeze({{\n{lines}}});\n"


def _list(comment: str, constant: str, values: tuple[str, ...]) -> str:
    lines = "".join(f'  "{value}",\n' for value in values)
    return f"/** {comment} */\nexport const {constant} = Object.freeze([\n{lines}]);\n"


def _limits() -> str:
    lines: list[str] = []
    known: set[str] = set()
    for namespace in contract.NAMESPACES:
        for name, spec in namespace.commands.items():
            if name in known:
                continue
            known.add(name)
            found = {field.name: contract.limits(field.type) for field in contract.fields(spec.command)}
            found = {field: limit for field, limit in found.items() if limit}
            if not found:
                continue
            entries = "".join(f"    {field}: {_frozen(limit)},\n" for field, limit in found.items())
            lines.append(f"  {name}: Object.freeze({{\n{entries}  }}),\n")
    comment = "Limits of the fields by command: characters of a text, items of a list, or the number itself, inclusive."
    return f"/** {comment} */\nexport const LIMITS = Object.freeze({{\n{''.join(lines)}}});\n"


def _frozen(limit: dict[str, int]) -> str:
    return f"Object.freeze({{ {', '.join(f'{name}: {value}' for name, value in limit.items())} }})"


def _typedef(struct: type[Any]) -> str:
    lines = ["/**"]
    text = contract.summary(struct)
    if text:
        lines.append(f" * {text}")
    lines.append(f" * @typedef {{Object}} {struct.__name__}")
    for field in contract.fields(struct):
        name = f"[{field.name}]" if field.optional else field.name
        lines.append(f" * @property {{{_type(field.type)}}} {name}")
    return "\n".join([*lines, " */\n"])


def _type(kind: types.Type) -> str:
    parts, nullable = contract.without_none(kind)
    names = [_plain_type(part) for part in parts] + (["null"] if nullable else [])
    return " | ".join(names)


def _plain_type(kind: types.Type) -> str:
    match kind:
        case types.IntType() | types.FloatType():
            return "number"
        case types.StrType():
            return "string"
        case types.BoolType():
            return "boolean"
        case types.AnyType():
            return "*"
        case types.LiteralType(values=values):
            return " | ".join(json.dumps(value) for value in values)
        case types.ListType(item_type=item):
            return f"Array<{_type(item)}>"
        case types.DictType(key_type=key, value_type=value):
            return f"Object<{_type(key)}, {_type(value)}>"
        case types.StructType(cls=cls):
            return cls.__name__
        case _:
            raise TypeError(f"no JavaScript type for {kind}")
