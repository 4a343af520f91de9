"""docs/asyncapi.json: the contract as an AsyncAPI 3.0 document, for tools and for writers of clients.

An ack is the reply of its command. A namespace is a channel. The document describes the server: it receives commands
and sends facts.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from chat import events
from chat.events.objects import Error
from tools.generate import contract
from tools.generate.contract import Namespace

Json = dict[str, Any]

SCHEMA = "#/components/schemas/{name}"
SUCCESS = {"type": "object", "properties": {"ok": {"const": True}}, "required": ["ok"]}
FAILURE = {
    "type": "object",
    "properties": {"ok": {"const": False}, "error": {"$ref": SCHEMA.format(name=Error.__name__)}},
    "required": ["ok", "error"],
}


def write() -> str:
    return contract.encode(document()) + "\n"


def document() -> Json:
    namespaces = contract.NAMESPACES
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Hubbub",
            "version": f"{events.PROTOCOL}.0.0",
            "description": "Socket.IO protocol 5 over Engine.IO 4 at `/socket.io/`; docs/events.md is for people.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "channels": {namespace.name: _channel(namespace) for namespace in namespaces},
        "operations": {name: body for namespace in namespaces for name, body in _operations(namespace).items()},
        "components": {
            "messages": {name: body for namespace in namespaces for name, body in _messages(namespace).items()},
            "schemas": _schemas(),
        },
    }


def _channel(namespace: Namespace) -> Json:
    return {
        "address": namespace.path,
        "title": f"The Socket.IO namespace {namespace.path}",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _messages(namespace)},
    }


def _messages(namespace: Namespace) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, spec in namespace.commands.items():
        found[f"{namespace.name}.command.{name}"] = _message(name, spec.command)
        found[f"{namespace.name}.ack.{name}"] = {
            "name": name,
            "title": f"The ack of {name}",
            "payload": {"oneOf": [{"allOf": [SUCCESS, _ref(spec.result)]}, FAILURE]},
        }
    for name, fact in namespace.facts.items():
        found[f"{namespace.name}.fact.{name}"] = _message(name, fact)
    return found


def _message(name: str, struct: type[Struct]) -> Json:
    text = contract.summary(struct)
    return {"name": name, "title": name} | ({"summary": text} if text else {}) | {"payload": _ref(struct)}


def _ref(struct: type[Struct]) -> Json:
    return {"$ref": SCHEMA.format(name=struct.__name__)}


def _operations(namespace: Namespace) -> dict[str, Json]:
    channel = {"$ref": f"#/channels/{namespace.name}"}

    def message(kind: str, name: str) -> list[Json]:
        return [{"$ref": f"#/channels/{namespace.name}/messages/{namespace.name}.{kind}.{name}"}]

    found: dict[str, Json] = {}
    for name in namespace.commands:
        found[f"{namespace.name}.receive.{name}"] = {
            "action": "receive",
            "channel": channel,
            "messages": message("command", name),
            "reply": {"channel": channel, "messages": message("ack", name)},
        }
    for name in namespace.facts:
        found[f"{namespace.name}.send.{name}"] = {
            "action": "send",
            "channel": channel,
            "messages": message("fact", name),
        }
    return found


def _schemas() -> dict[str, Json]:
    structs = contract.structs()
    _, schemas = msgspec.json.schema_components(structs, ref_template=SCHEMA)
    for struct in structs:
        # msgspec lists what must be there to decode; what we send carries its defaults as well.
        required = [field.name for field in contract.fields(struct) if not field.optional]
        schema = schemas[struct.__name__]
        schema.pop("required", None)
        if required:
            schema["required"] = required
    return {name: schemas[name] for name in sorted(schemas)}
