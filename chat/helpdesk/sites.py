"""The web sites that may have a help window: their keys, who may frame it, and how it looks."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from chat import audit, permissions, silence, zones
from chat.actor import Actor
from chat.errors import ChatError, bad_request, conflict, not_found
from chat.events.help import HelpLook
from chat.store import Store, Transaction
from chat.store.tables import help_sites
from chat.text import clean
from chat.times import now

MOST_SITES = 50
MOST_ORIGINS = 20
# As browsers write an origin: nothing that could end a line or a directive of the header that it goes into.
_HOST = r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,39}\]"
_ORIGIN = re.compile(rf"https?://(?:{_HOST})(?::[0-9]{{1,5}})?")
# What `create` makes; a database can't be asked for every text.
_KEY = re.compile(r"[A-Za-z0-9_-]{1,32}")
_decode = msgspec.json.Decoder(HelpLook).decode


@dataclass(frozen=True, slots=True)
class Site:
    id: int
    key: str
    name: str
    origins: tuple[str, ...]
    look: HelpLook
    closed: bool


def create(store: Store, actor: Actor, name: str, origins: Sequence[str], look: HelpLook | None = None) -> Site:
    """Raises `bad_request` for what is no origin, `conflict` where there are too many sites."""
    permissions.require(actor, "help_manage")
    values = _values(name, origins, look or HelpLook())

    def work(tx: Transaction) -> int:
        if len(_all(tx.conn)) >= MOST_SITES:
            raise conflict(f"There can be {MOST_SITES} web sites.")
        number = tx.insert(help_sites, {**values, "key": secrets.token_urlsafe(12), "created_at": now()})
        audit.note(tx, actor, "help_site", site=values["name"])
        return number

    return by_id(store, store.write(work))


def change(store: Store, actor: Actor, site: int, name: str, origins: Sequence[str], look: HelpLook) -> None:
    """Raises as `create` does, and `not_found`."""
    permissions.require(actor, "help_manage")
    values = _values(name, origins, look)

    def work(tx: Transaction) -> None:
        audit.note(tx, actor, "help_site", site=_update(tx, site, values))

    store.write(work)


def close(store: Store, actor: Actor, site: int, *, closed: bool = True) -> None:
    """Its window opens nowhere any more; what was said stays."""
    permissions.require(actor, "help_manage")

    def work(tx: Transaction) -> None:
        name = _update(tx, site, {"closed_at": now() if closed else None})
        audit.note(tx, actor, "help_site_close", site=name, closed=closed)

    store.write(work)


def by_key(store: Store, key: str) -> Site | None:
    """An open one."""
    if not _KEY.fullmatch(key):
        return None
    with store.read() as conn:
        row = conn.execute(select(help_sites).where(help_sites.c.key == key, help_sites.c.closed_at.is_(None))).first()
    return None if row is None else _view(row)


def by_id(store: Store, site: int) -> Site:
    with store.read() as conn:
        row = conn.execute(select(help_sites).where(help_sites.c.id == site)).first()
    if row is None:
        raise no_such_site()
    return _view(row)


def listing(store: Store, actor: Actor) -> list[Site]:
    permissions.require(actor, "help_manage")
    with store.read() as conn:
        return _all(conn)


def everyone(conn: Connection) -> dict[int, Site]:
    """All by id, the closed ones too."""
    return {site.id: site for site in _all(conn)}


def somebody_is_there(site: Site) -> bool:
    """Whether this is an hour in which somebody answers."""
    hours = site.look.hours
    return hours is None or silence.within(hours, now())


def no_such_site() -> ChatError:
    return not_found("There is no such web site.", "site")


def origin(value: str) -> str:
    """As browsers would say it. Raises `bad_request`."""
    shown = value.strip().lower().rstrip("/")
    if not _ORIGIN.fullmatch(shown):
        raise bad_request("An address such as https://www.example.com, without a path.", "origins")
    return shown


def _values(name: str, origins: Sequence[str], look: HelpLook) -> dict[str, Any]:
    if not 1 <= len(origins) <= MOST_ORIGINS:
        raise bad_request(f"From 1 to {MOST_ORIGINS} addresses, please.", "origins")
    if look.hours is not None and not zones.known(look.hours.zone):
        raise bad_request("This time zone is not known here.", "zone")
    shown = msgspec.structs.replace(
        look,
        greeting=clean(look.greeting, "greeting", most=300, lines=True),
        away=clean(look.away, "away", most=300, lines=True),
    )
    return {
        "name": clean(name, "name", least=1, most=80),
        "origins": json.dumps(list(dict.fromkeys(map(origin, origins)))),
        "look": msgspec.json.encode(shown).decode(),
    }


def _update(tx: Transaction, site: int, values: dict[str, Any]) -> str:
    """Returns its name."""
    changed = update(help_sites).where(help_sites.c.id == site).values(values).returning(help_sites.c.name)
    name: str | None = tx.conn.scalar(changed)
    if name is None:
        raise no_such_site()
    return name


def _all(conn: Connection) -> list[Site]:
    return [_view(row) for row in conn.execute(select(help_sites).order_by(help_sites.c.id))]


def _view(row: Row[Any]) -> Site:
    return Site(row.id, row.key, row.name, tuple(json.loads(row.origins)), _decode(row.look), row.closed_at is not None)
