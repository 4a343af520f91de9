"""What the clients under faults write down: one flat record for everything that happened to one of them.

A line of JSON, the same from both kinds of clients. `client` and `at` (seconds since 1970) are in each; the rest depends
on the `kind`, and what does not apply is left out:

| kind | when | fields |
|---|---|---|
| `state` | a connection was welcomed, lost, or ended for good | `state`: connected, disconnected, gone; `reason`: the epoch, the cause, the error's code |
| `room` | the account is in a room, out of it, or reads it anew | `room`, `state`: added, removed, reset; `rev`, `reason` |
| `heard` | a fact with a `rev` came, whether or not it is used | `room`, `rev`, and of a message `id`, `seq`, `cid` |
| `applied` | a change was taken into the view of the room | `room`, `rev`, `how`: fact, sync, history; `new`: told as a new message; `id`, `seq`, `cid` |
| `read` | a room was read to its end; its view is at `rev` now | `room`, `rev`, `how`: sync, history |
| `sent` | `message_send` was emitted, once for every try | `room`, `cid` |
| `settled` | a message left the outbox | `room`, `cid`, `outcome`: sent, duplicate, or the error's code; `sent_at`: the first try; `id`, `seq`, `rev` |
| `view` | the driver was asked for the view of a room | `room`, `rev`, `messages`: [{id, seq, rev, cid, text}] by seq |

An `applied` record of a change to the room itself has no `id`. `at` of a `settled` record is when the ack came.
"""  # noqa: E501

from __future__ import annotations

from typing import Literal

import msgspec

# In a message of which a server with a fault tells nobody.
UNHEARD = "unheard"

Kind = Literal["state", "room", "heard", "applied", "read", "sent", "settled", "view"]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A message in a view."""

    id: int
    seq: int
    rev: int
    cid: str | None = None
    text: str | None = None


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    client: str
    at: float
    kind: Kind
    room: int | None = None
    rev: int | None = None
    seq: int | None = None
    id: int | None = None
    cid: str | None = None
    how: Literal["fact", "sync", "history"] | None = None
    new: bool | None = None
    state: Literal["connected", "disconnected", "gone", "added", "removed", "reset"] | None = None
    reason: str | None = None
    outcome: str | None = None
    sent_at: float | None = None
    messages: list[Seen] | None = None


_decoder = msgspec.json.Decoder(Record)


def parse(line: str | bytes) -> Record:
    return _decoder.decode(line)


def of(fields: dict[str, object]) -> Record:
    return msgspec.convert(fields, Record)
