"""Flask-SocketIO's test client with the words of our protocol."""

from __future__ import annotations

import itertools
from typing import Any

from flask import Flask

from chat import tokens
from chat.actor import Actor
from chat.store import Store

_cids = itertools.count(1)


class Refused(AssertionError):
    """A command that a test expected to succeed was refused; `error` is the ack's."""

    def __init__(self, event: str, error: dict[str, Any]) -> None:
        super().__init__(f"{event}: {error}")
        self.error = error


class Client:
    """One connection to a namespace in this process. `facts` gathers what the server told."""

    def __init__(self, app: Flask, namespace: str = "/chat", **options: Any) -> None:
        self.namespace = namespace
        self.raw = app.extensions["socketio"].test_client(app, namespace=namespace, **options)
        self.facts: list[tuple[str, dict[str, Any]]] = []

    @classmethod
    def connect(cls, app: Flask, store: Store, actor: Actor, namespace: str = "/chat") -> Client:
        """By a token of the actor's; a guest, who may have none, comes by a session."""
        if actor.role == "guest":
            from chat import sessions

            secret = sessions.open_session(store, actor.user, user_agent="test", address="127.0.0.1")
            return cls(app, namespace, headers={"Cookie": f"{sessions.COOKIE}={secret}"})
        return cls(app, namespace, auth={"token": tokens.create(store, actor, "test")[1]})

    def is_connected(self) -> bool:
        return bool(self.raw.is_connected(self.namespace))

    def leave(self) -> None:
        """Close the connection."""
        self.raw.disconnect(self.namespace)

    def ack(self, event: str, *payload: Any) -> dict[str, Any]:
        """The whole ack of a command, good or bad."""
        found: dict[str, Any] = self.raw.emit(event, *payload, namespace=self.namespace, callback=True)
        return found

    def call(self, event: str, **fields: Any) -> dict[str, Any]:
        """The result of a command that must succeed, without the `ok`."""
        found = self.ack(event, fields)
        if not found["ok"]:
            raise Refused(event, found["error"])
        del found["ok"]
        return found

    def error(self, event: str, *payload: Any, **fields: Any) -> dict[str, Any]:
        """The error of a command that must fail."""
        found = self.ack(event, *(payload or (fields,)))
        assert found["ok"] is False, found
        assert set(found) == {"ok", "error"}
        error: dict[str, Any] = found["error"]
        return error

    def send(self, room: int, text: str, **fields: Any) -> dict[str, Any]:
        """Say something with a new cid; returns the message."""
        fields = {"cid": f"cid-{next(_cids)}", **fields}
        message: dict[str, Any] = self.call("message_send", room=room, text=text, **fields)["message"]
        return message

    def told(self, event: str | None = None) -> list[dict[str, Any]]:
        """The facts of a kind that have come so far, in order."""
        if self.is_connected():
            self.facts += [(f["name"], f["args"][0]) for f in self.raw.get_received(self.namespace)]
        else:
            self.facts += [(f["name"], f["args"][0]) for f in self.raw.queue]
            self.raw.queue.clear()
        return [fact for name, fact in self.facts if event is None or name == event]

    def forget(self) -> None:
        """Start listening anew."""
        self.told()
        self.facts.clear()

    def close(self) -> None:
        if self.is_connected():
            self.raw.disconnect(self.namespace)
        # The library's class keeps every client for ever.
        type(self.raw).clients.pop(self.raw.eio_sid, None)
