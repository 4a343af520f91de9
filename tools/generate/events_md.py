"""docs/events.md: the contract for people who write clients, bots and tests."""

from __future__ import annotations

import json
import typing
from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec import inspect as types

from chat import errors, events
from chat.events.objects import Error
from tools.generate import contract, examples
from tools.generate.contract import Field, Namespace

HEAD = """\
<!-- Generated from chat/events/ by `make generate`; a change here is lost. -->

# Events, version {protocol}

Socket.IO protocol 5 over Engine.IO 4 at `/socket.io/`. Every event carries one JSON object, or none where a command
has no fields. `docs/asyncapi.json` says the same for programs.

- An **id** is a positive integer below 2^53; a **count** may also be 0.
- Texts are Unicode in NFC, without NUL, lone surrogates or control characters but newline and tab. Lengths are in
  characters.
- Times are RFC 3339 in UTC with milliseconds and `Z`.
- A command with a field that is missing, wrong or unknown is refused with `bad_request`, which names the field.
- Commands of one connection are carried out in the order sent. Facts go to all connections of all who may see them, the
  sender's own included; an ack and its fact may arrive in either order.

## Acks

Every command gets one ack: `{{"ok": true, ...result}}`, or `{{"ok": false, "error": {{...}}}}`:

```json
{refused}
```

`retryable` says whether the same command may succeed later unchanged, `retry_after` in how many seconds, `field` which
input was wrong.

| code | what it means |
|---|---|
{codes}
"""

CODES: dict[errors.Code, str] = {
    "bad_request": "the command is unknown, or a field is missing, wrong or unknown",
    "unauthenticated": "nobody is signed in on this connection any more",
    "forbidden": "you may not do this",
    "not_found": "it does not exist, or you may not see it",
    "conflict": "it contradicts what is there, such as a name that is taken",
    "too_large": "it is longer or larger than allowed",
    "rate_limited": "too many at once; wait `retry_after` seconds",
    "unavailable": "the server can't do it right now; try again",
    "internal": "a mistake in the server; the message has an id that its log has too",
}

REFUSALS: dict[str, str] = {
    "unauthenticated": "no valid session or token",
    "banned": "this account or address is banned",
    "forbidden": "the account is not of the server's staff, whom alone `/admin` lets in",
    "forbidden_origin": "the web page that connects is not of an allowed origin",
    "too_many_connections": "the account holds as many connections as it may",
    "protocol": "the client speaks another version of this contract",
}

CONNECTING = """\
Connect with `io("{path}", {{auth: {{token, client, protocol: {protocol}}}}})`. A browser's page is known by its session
cookie and leaves `token` out; programs give an API token. A refused connection gets `connect_error`, with a sentence
for people as its message and `data.code`:

| code | what it means |
|---|---|
{refusals}
"""


VISITING = """\
Connect with `io("{path}", {{auth: {{site, visitor, language, protocol: {protocol}}}}})`: `site` is the key of a web
site that the server's staff have allowed a help window, `visitor` a secret of 32 to 100 characters that the window
makes and keeps. No cookie and no token counts here. A refused connection gets `connect_error` as above,
`unauthenticated` for a site that there is not.

A file for `help_send` goes to `POST /help/files?site=KEY&name=NAME` with `Authorization: Visitor SECRET`, the bytes as
its body, also before the first message; the answer has a [HelpFile](#helpfile), and errors are those of
[files](files.md#for-programs). `DELETE /help/files/ID?site=KEY` takes back what was not sent.
"""


def write() -> str:
    refused = {"ok": False, "error": examples.REFUSED}
    codes = "\n".join(f"| `{code}` | {CODES[code]} |" for code in errors.CODES)
    parts = [HEAD.format(protocol=events.PROTOCOL, refused=contract.encode(refused), codes=codes)]
    for namespace in contract.NAMESPACES:
        parts += _namespace(namespace)
    parts += ["## Shared objects\n", *(_shared(struct) for struct in _shared_structs())]
    return "\n".join(parts)


def _namespace(namespace: Namespace) -> list[str]:
    refusals = "\n".join(f"| `{code}` | {REFUSALS[code]} |" for code in events.REFUSALS)
    return [
        f"## Namespace {namespace.path}\n",
        (VISITING if namespace.path == "/help" else CONNECTING).format(
            path=namespace.path, protocol=events.PROTOCOL, refusals=refusals
        ),
        f"## Commands on {namespace.path}\n",
        *(_command(name, spec) for name, spec in namespace.commands.items()),
        f"## Facts on {namespace.path}\n",
        *(_fact(name, struct) for name, struct in namespace.facts.items()),
    ]


def _command(name: str, spec: events.CommandSpec) -> str:
    parts = [f"### {name}\n", _summary(spec.command), _table(spec.command, with_default=True)]
    result = ", ".join(f"`{f.name}`{'?' if f.optional else ''}: {_type(f.type)}" for f in contract.fields(spec.result))
    parts.append(f"Result: {result or 'nothing more than `ok`'}. Paid from the bucket `{spec.bucket}`.\n")
    meaning = contract.summary(spec.result)
    if meaning and result:
        parts.append(f"{meaning}\n")
    example = examples.COMMANDS.get(name)
    if example:
        command, answer = example
        sent = {key: value for key, value in _plain(command).items() if key in _given(command)}
        parts.append(_json(sent) + "\n" + _json({"ok": True, **_plain(answer)}))
    return "\n".join(part for part in parts if part)


def _given(command: Struct) -> set[str]:
    """The fields of an example that differ from their defaults, which is what one would type."""
    return {f.name for f in contract.fields(type(command)) if getattr(command, f.name) != f.default}


def _fact(name: str, struct: type[Struct]) -> str:
    parts = [f"### {name}\n", _summary(struct), _table(struct, with_default=False)]
    if name in examples.FACTS:
        parts.append(_json(_plain(examples.FACTS[name])))
    return "\n".join(part for part in parts if part)


def _shared_structs() -> list[type[Struct]]:
    """What is left when commands, results and facts are taken away."""
    told: set[type[Struct]] = {Error}
    for namespace in contract.NAMESPACES:
        for spec in namespace.commands.values():
            told |= {spec.command, spec.result}
        told |= set(namespace.facts.values())
    return [struct for struct in contract.structs() if struct not in told]


def _shared(struct: type[Struct]) -> str:
    return "\n".join(
        part for part in (f"### {struct.__name__}\n", _summary(struct), _table(struct, with_default=False)) if part
    )


def _summary(struct: type[Struct]) -> str:
    text = contract.summary(struct)
    return f"{text}\n" if text else ""


def _table(struct: type[Struct], *, with_default: bool) -> str:
    rows = contract.fields(struct)
    if not rows:
        return "No fields.\n"
    if not with_default:
        lines = ["| field | type |", "|---|---|"]
        lines += [f"| `{field.name}`{'?' if field.optional else ''} | {_type(field.type)} |" for field in rows]
    else:
        lines = ["| field | type | default |", "|---|---|---|"]
        lines += [f"| `{field.name}` | {_type(field.type)} | {_default(field)} |" for field in rows]
    return "\n".join(lines) + "\n"


def _default(field: Field) -> str:
    if field.default is NODEFAULT:
        return "required"
    return "none" if field.default is None else f"`{json.dumps(field.default)}`"


def _type(kind: types.Type) -> str:
    parts, nullable = contract.without_none(kind)
    return " or ".join([_plain_type(part) for part in parts] + (["null"] if nullable else []))


def _plain_type(kind: types.Type) -> str:
    match kind:
        case types.IntType():
            if contract.is_id(kind):
                return "id"
            return "count" if contract.is_count(kind) else _ranged("integer", "", kind)
        case types.FloatType():
            return "number"
        case types.StrType():
            return _ranged("text", " characters", kind)
        case types.BoolType():
            return "boolean"
        case types.AnyType():
            return "anything"
        case types.LiteralType(values=values):
            return " or ".join(f"`{value}`" for value in values)
        case types.ListType(item_type=item):
            return _ranged(f"list of {_type(item)}", "", kind)
        case types.DictType(key_type=key, value_type=value):
            return f"object of {_type(key)} to {_type(value)}"
        case types.StructType(cls=cls):
            return f"[{cls.__name__}](#{cls.__name__.lower()})"
        case _:
            raise TypeError(f"no words for {kind}")


def _ranged(word: str, unit: str, kind: types.Type) -> str:
    found = contract.limits(kind)
    if "min" in found and "max" in found:
        return f"{word}, {found['min']:,} to {found['max']:,}{unit}"
    if "max" in found:
        return f"{word}, at most {found['max']:,}{unit}"
    return f"{word}, at least {found['min']:,}{unit}" if found else word


def _plain(value: Any) -> dict[str, Any]:
    return typing.cast(dict[str, Any], msgspec.json.decode(msgspec.json.encode(value)))


def _json(value: dict[str, Any]) -> str:
    return f"```json\n{contract.encode(value)}\n```\n"
