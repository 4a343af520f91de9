"""The one door of every namespace: it decodes, finds the actor, limits, catches and acknowledges.

Behind it a handler is one call, `on_<command>(actor, command)`, whose return value is the ack. Whatever a client sends,
it gets a typed answer; whatever a handler raises, nothing of it but a code and a sentence gets out.
"""

from __future__ import annotations

import re
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import msgspec
import structlog
from flask_socketio import Namespace
from msgspec import Struct
from socketio.exceptions import ConnectionRefusedError as Refusal
from sqlalchemy.exc import IntegrityError

from chat.errors import ChatError, Code, bad_request
from chat.events import Bucket, CommandSpec
from chat.events.objects import Command, Error
from chat.metrics.counters import Counters, count
from chat.sockets.connections import Connection
from chat.sockets.limits import Buckets
from chat.transport import inbox

log = structlog.get_logger(__name__)

# JSON, as it goes out: an object with `ok`.
Ack = msgspec.Raw

_AT_FIELD = re.compile(r" - at `\$\.([A-Za-z_]\w*)")
_NAMED_FIELD = re.compile(r"(?:required|unknown) field `([^`]*)`")


class Door(Namespace, ABC):
    """A namespace whose events are the commands of `commands`.

    Subclasses say who may come in (`admit`), what follows (`connected`, `left`), and have an `on_<command>` for each.
    `find` gives a connection by its sid.
    """

    commands: ClassVar[Mapping[str, CommandSpec]]

    def __init__(
        self, namespace: str, find: Callable[[str], Connection | None], buckets: Buckets, counters: Counters
    ) -> None:
        super().__init__(namespace)
        self.counters = counters
        self._find = find
        self.buckets = buckets

    @abstractmethod
    def admit(self, sid: str, environ: Mapping[str, Any], auth: Any) -> None:
        """Raises `socketio.exceptions.ConnectionRefusedError` for who may not come in; else adds the connection."""

    @abstractmethod
    def left(self, sid: str) -> None:
        """The connection is gone."""

    def trigger_event(self, event: str, *args: Any) -> Ack | None:
        """Called by python-socketio for everything that happens in the namespace.

        Flask-SocketIO's own method would push a Flask request for each event; a connection has its actor instead.
        """
        if event == "connect":
            sid, environ, *rest = args
            self._let_in(sid, environ, rest[0] if rest else None)
            return None
        if event == "disconnect":
            sid, *rest = args
            log.debug("disconnected", sid=sid, reason=rest[0] if rest else None)
            self.left(sid)
            return None
        return self.obey(args[0], event, args[1:])

    def _let_in(self, sid: str, environ: Mapping[str, Any], auth: Any) -> None:
        try:
            self.admit(sid, environ, auth)
        except Refusal as refused:
            # The code is the only thing in its data.
            code = str(refused.error_args["data"]["code"])
            count(self.counters.refused, code)
            log.debug("a connection was refused", sid=sid, code=code, address=environ.get("REMOTE_ADDR"))
            raise
        connection = self._find(sid)
        user = None if connection is None else connection.actor.user
        log.debug("connected", sid=sid, user=user, address=environ.get("REMOTE_ADDR"))

    def obey(self, sid: str, event: str, payload: tuple[Any, ...]) -> Ack:
        """Carry out one command and return its ack."""
        arrived = inbox.arrived()
        try:
            ack, outcome = _accepted(self._carry_out(sid, event, payload)), "ok"
        except ChatError as error:
            if error.code == "unavailable":
                # The store has said what is wrong, and now it is known who was meant.
                log.info("command not carried out", **self._about(sid, event))
            ack, outcome = _refusal(error), error.code
        except IntegrityError:
            # Two writers met, and the other was first.
            again = "Somebody else changed this in the same moment. Please try again."
            ack, outcome = _refusal(ChatError("conflict", again, retryable=True)), "conflict"
        except Exception:
            about = self._about(sid, event)
            log.exception("command failed", **about)
            sentence = f"Something went wrong here. If it stays, tell the server's owner this number: {about['id']}"
            ack, outcome = _refusal(ChatError("internal", sentence, retryable=True)), "internal"
        self.counters.answered(event, outcome, time.perf_counter() - arrived)
        return ack

    def _about(self, sid: str, event: str) -> dict[str, Any]:
        """What the log says of a command: never what is in it. `id` names this one, for who asks about it."""
        connection = self._find(sid)
        user = None if connection is None else connection.actor.user
        command = event if event in self.commands else "unknown"
        return {"id": secrets.token_hex(8), "command": command, "sid": sid, "user": user}

    def _carry_out(self, sid: str, event: str, payload: tuple[Any, ...]) -> Struct | None:
        spec = self.commands.get(event)
        # Waits for the commands before this one, which may end the connection.
        inbox.begin(overlaps=spec is not None and spec.overlaps)
        connection = self._find(sid)
        if connection is None:
            raise ChatError("unauthenticated", "This connection is signed out.")
        if spec is None:
            raise bad_request("There is no such command.")
        self.charge(connection, spec.bucket)
        command = decode(spec.command, payload)
        return self.carry_out(connection, event, command)

    def charge(self, connection: Connection, bucket: Bucket) -> None:
        """Raises `rate_limited`."""
        self.buckets.take_for(connection.actor.user, bucket)

    def carry_out(self, connection: Connection, event: str, command: Any) -> Struct | None:
        result: Struct | None = getattr(self, f"on_{event}")(connection.actor, command)
        return result


def decode(kind: type[Command], payload: tuple[Any, ...]) -> Command:
    """The command in an event's arguments: one object, or nothing where no field is needed.

    Raises `ChatError("bad_request")` that names the field.
    """
    if len(payload) > 1:
        raise bad_request("A command has one object as its argument.")
    try:
        return msgspec.convert(payload[0] if payload and payload[0] is not None else {}, kind)
    except msgspec.ValidationError as error:
        text = str(error)
        found = _AT_FIELD.search(text) or _NAMED_FIELD.search(text)
        # The library quotes types and limits, and of the client's own words only a field's name.
        code: Code = "too_large" if "of length <=" in text else "bad_request"
        raise ChatError(code, _sentence(text), found.group(1)[:80] if found else None) from None
    except (RecursionError, ValueError, OverflowError, TypeError):
        raise bad_request("This can't be read.", _unreadable_field(payload[0])) from None


def _unreadable_field(value: Any) -> str | None:
    """Which field has lone surrogates, or numbers beyond reason."""
    for name, part in value.items() if isinstance(value, dict) else ():
        try:
            msgspec.json.encode((name, part))
        except (RecursionError, ValueError, OverflowError, TypeError):
            return str(name).encode("utf-8", "replace").decode()[:80]
    return None


def _sentence(text: str) -> str:
    return text.split(" - at ", 1)[0][:200].encode("utf-8", "replace").decode("utf-8")


def _accepted(result: Struct | None) -> Ack:
    """The result's own fields behind `ok`, without a detour over a dict."""
    fields = msgspec.json.encode(result) if result is not None else b"{}"
    return Ack(b'{"ok":true}' if fields == b"{}" else b'{"ok":true,' + fields[1:])


def _refusal(error: ChatError) -> Ack:
    wire = Error(error.code, error.message, error.retryable, error.field, error.retry_after)
    return Ack(b'{"ok":false,"error":' + msgspec.json.encode(wire) + b"}")
