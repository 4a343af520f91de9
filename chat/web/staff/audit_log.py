"""The audit log for staff: a page of it, and all of it to take along as CSV and as JSON, with the same filters."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from chat import accounts, audit
from chat.actor import Actor
from chat.errors import ChatError, bad_request
from chat.events.moderation import AuditEntry, AuditList, AuditListResult
from chat.web import current, said
from chat.web.blueprint import web
from chat.web.programs import identified
from chat.web.staff import audit_words

COLUMNS = ("id", "at", "action", "actor", "actor_id", "address", "user", "room", "message", "details")
# With these a spreadsheet takes a text for a formula, and names are anybody's.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@web.get("/server/audit")
@current.staff
def audit_page(actor: Actor) -> ResponseReturnValue:
    """Filters as people have them: usernames in place of numbers, days in place of moments."""
    asked = {name: request.args.get(name, "").strip() for name in ("action", "by", "about", "since", "until")}
    wrong = None
    try:
        wanted = _asked(asked)
        found = audit.listing(current.store(), actor, wanted)
    except ChatError as error:
        if error.code not in ("bad_request", "not_found"):
            raise
        wrong, wanted, found = said.translated(error.message), AuditList(), AuditListResult([])
    exact = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value is not None}
    exact = {name: value for name, value in exact.items() if name not in ("before", "limit")}
    page = render_template(
        "audit.html", actor=actor, found=found, asked=asked, wrong=wrong, exact=exact, words=audit_words
    )
    return page, 400 if wrong else 200


def _asked(asked: dict[str, str]) -> AuditList:
    """Raises `not_found` for a name that nobody has, `bad_request` for a day that is none."""
    fields: dict[str, Any] = {"action": asked["action"] or None, "before": request.args.get("before")}
    for name, field in (("by", "actor"), ("about", "user")):
        if asked[name]:
            fields[field] = accounts.by_username(current.store(), asked[name].removeprefix("@")).user
    for name in ("since", "until"):
        if asked[name]:
            try:
                day = date.fromisoformat(asked[name])
                # The last day counts as a whole.
                day += timedelta(days=name == "until")
            except (ValueError, OverflowError):
                raise bad_request("This can't be read.", name) from None
            fields[name] = f"{day.isoformat()}T00:00:00Z"
    try:
        return msgspec.convert({k: v for k, v in fields.items() if v is not None}, AuditList, strict=False)
    except (msgspec.ValidationError, UnicodeEncodeError):
        raise bad_request("This can't be read.") from None


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
