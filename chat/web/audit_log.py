"""The audit log to take along, as CSV and as JSON, with the filters that `audit_list` has."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from flask import Response, request
from flask.typing import ResponseReturnValue

from chat import audit
from chat.actor import Actor
from chat.errors import bad_request
from chat.events.moderation import AuditEntry, AuditList
from chat.web import current
from chat.web.blueprint import web
from chat.web.programs import identified

COLUMNS = ("id", "at", "action", "actor", "actor_id", "address", "user", "room", "message", "details")
# With these a spreadsheet takes a text for a formula, and names are anybody's.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@web.get("/admin/audit.csv")
@identified
def audit_csv(actor: Actor) -> ResponseReturnValue:
    """One line an act, the newest first."""
    return _download(_lines(audit.rows(current.store(), actor, _wanted())), "text/csv", "audit.csv")


@web.get("/admin/audit.json")
@identified
def audit_json(actor: Actor) -> ResponseReturnValue:
    """A list of what `audit_list` has, the newest first."""
    return _download(_list(audit.rows(current.store(), actor, _wanted())), "application/json", "audit.json")


def _wanted() -> AuditList:
    """Raises `bad_request`."""
    try:
        return msgspec.convert(request.args.to_dict(), AuditList, strict=False)
    except (msgspec.ValidationError, UnicodeEncodeError):
        raise bad_request("This can't be read.") from None


def _download(pieces: Iterator[bytes], kind: str, name: str) -> Response:
    """Sent as it is read: however long the log is, a little of it is in memory."""
    response = Response(pieces, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _lines(entries: Iterable[AuditEntry]) -> Iterator[bytes]:
    yield _line(COLUMNS)
    for entry in entries:
        details = msgspec.json.encode(entry.details).decode()
        yield _line([details if name == "details" else getattr(entry, name) for name in COLUMNS])


def _line(values: Iterable[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([_harmless(value) for value in values])
    return text.getvalue().encode()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _list(entries: Iterable[AuditEntry]) -> Iterator[bytes]:
    before = b"[\n"
    for entry in entries:
        yield before + msgspec.json.encode(entry)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"
