"""The settings that are kept in the database: one value, which every process reads at its start and hears of later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select, update

from chat import audit, permissions
from chat.actor import Actor
from chat.config import Settings, SettingsError
from chat.errors import bad_request
from chat.events.objects import Announcement
from chat.store import Store, Transaction
from chat.store.outbox import EVERYBODY, Publish, SettingsChosen
from chat.store.tables import meta
from chat.text import clean
from chat.words import tidied

CHANGEABLE = (
    "language",
    "accent_hue",
    "registration",
    "guests",
    "invites",
    "edit_minutes",
    "retention_days",
    "files",
    "files_largest_mb",
    "files_account_mb",
    "files_total_mb",
    "rooms_per_user",
    "session_days",
    "push_text",
    "help_open",
    "help_new_per_hour",
    "help_messages_per_minute",
    "help_files",
    "help_file_mb",
    "help_visitor_mb",
    "help_visitors_mb",
)
"""Of `chat.config.Settings`. All others decide how a process is started, or whom it trusts."""

MOST_BLOCKED_WORDS = 500
MOST_ANNOUNCED = 500
_KEY = "settings"


class Kept(Struct, frozen=True, omit_defaults=True):
    """`values` are texts as the environment would have them, of those alone that differ from it."""

    rev: int = 0
    values: dict[str, str] = {}
    blocked_words: tuple[str, ...] = ()
    announcement: Announcement | None = None
    logo: str = ""


_decode = msgspec.json.Decoder(Kept).decode


@dataclass(frozen=True)
class Wanted:
    """A change: what is None stays."""

    name: str | None = None
    values: Mapping[str, str] | None = None
    blocked_words: Sequence[str] | None = None
    announcement: str | None = None
    logo: str | None = None


def read(conn: Connection) -> SettingsChosen:
    """As the database has them."""
    kept = _kept(conn.scalar(select(meta.c.value).where(meta.c.key == _KEY)))
    return SettingsChosen(kept.rev, kept.values, kept.blocked_words, kept.announcement, kept.logo)


def change(store: Store, actor: Actor, wanted: Wanted) -> None:
    """Keep what is wanted, for all processes at once. Raises `ChatError` for a value that is none, naming the field."""
    permissions.require(actor, "server_manage")
    name = None if wanted.name is None else clean(wanted.name, "server_name", least=1, most=80)
    values = {} if wanted.values is None else _checked(store.started_with, wanted.values)
    words = None
    if wanted.blocked_words is not None:
        words = tuple(tidied(wanted.blocked_words, "blocked_words", MOST_BLOCKED_WORDS))
    text = None
    if wanted.announcement is not None:
        text = clean(wanted.announcement, "announcement", most=MOST_ANNOUNCED, lines=True)

    def work(tx: Transaction) -> None:
        before = _kept(_locked(tx.conn))
        # What is as the process was started with is not kept, so that a change of the environment still counts.
        started = {field: as_text(store.started_with, field) for field in CHANGEABLE}
        merged = {field: text for field, text in (before.values | values).items() if text != started.get(field)}
        announced = before.announcement
        if text is not None and text != (announced.text if announced else ""):
            announced = Announcement(before.rev + 1, text)
        logo = before.logo if wanted.logo is None else wanted.logo
        after = Kept(before.rev + 1, merged, before.blocked_words if words is None else words, announced, logo)
        done = _differences(started | before.values, started | after.values)
        if words is not None and words != before.blocked_words:
            done["blocked_words"] = len(words)
        if announced is not None and announced != before.announcement:
            done["announcement"] = announced.text
            tx.after_commit(Publish(EVERYBODY, "announcement", announced))
        if logo != before.logo:
            done["logo"] = "–" if not logo else "+"
        if name is not None and (old := _name(tx.conn)) != name:
            done["server_name"] = [old, name]
            tx.conn.execute(update(meta).where(meta.c.key == "server_name").values(value=name))
        if not done:
            return
        tx.conn.execute(update(meta).where(meta.c.key == _KEY).values(value=msgspec.json.encode(after).decode()))
        tx.after_commit(SettingsChosen(after.rev, after.values, after.blocked_words, after.announcement, after.logo))
        audit.note(tx, actor, "server_settings", **done)

    store.write(work)


def as_text(settings: Settings, field: str) -> str:
    return str(getattr(settings, field))


def _checked(settings: Settings, values: Mapping[str, str]) -> dict[str, str]:
    """In the form in which they are kept: `007` is 7."""
    checked = {}
    for field, text in values.items():
        if field not in CHANGEABLE:
            raise bad_request("This setting can't be changed here.", field)
        try:
            checked[field] = as_text(settings.with_values({field: text}), field)
        except SettingsError as error:
            raise bad_request("This value is not possible.", field) from error
    return checked


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, Any]:
    """For the audit log: the field, and the value before and after."""
    return {field: [before.get(field), text] for field, text in after.items() if before.get(field) != text}


def _kept(value: str | None) -> Kept:
    return _decode(value) if value else Kept()


def _locked(conn: Connection) -> str:
    """The value, kept from other processes until the transaction ends."""
    mine = meta.c.key == _KEY
    # A row must be there to be locked.
    if not conn.execute(update(meta).where(mine).values(value=meta.c.value)).rowcount:
        conn.execute(meta.insert().values(key=_KEY, value=""))
    return str(conn.scalar(select(meta.c.value).where(mine)))


def _name(conn: Connection) -> str | None:
    name: str | None = conn.scalar(select(meta.c.value).where(meta.c.key == "server_name"))
    return name
