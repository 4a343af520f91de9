"""When nothing is to disturb somebody: in quiet hours, every week, and while the status is "do not disturb".

Both are kept on the account, so that all its devices and what is pushed to them obey alike.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from chat import zones
from chat.actor import Actor
from chat.errors import bad_request
from chat.events.objects import QuietHours
from chat.events.people import QuietChanged, QuietSet
from chat.events.values import Status
from chat.store import Store, Transaction
from chat.store.compiled import Compiled
from chat.store.outbox import Publish, user_channel
from chat.store.tables import users

_KEPT = Compiled(select(users.c.quiet_hours).where(users.c.id == bindparam("user")), "user")
_decode = msgspec.json.Decoder(QuietHours).decode


def hours_of(conn: Connection, user: int) -> QuietHours | None:
    """The quiet hours of somebody who exists."""
    return decoded(_KEPT.rows(conn, user)[0][0])


def decoded(kept: str | None) -> QuietHours | None:
    """As the column has them."""
    return None if kept is None else _decode(kept)


def choose_hours(store: Store, actor: Actor, command: QuietSet) -> None:
    """`quiet_set`. Raises `bad_request` for a time zone that there is not."""
    hours = command.hours
    if hours is not None:
        if not zones.known(hours.zone):
            raise bad_request("This time zone is not known here.", "hours")
        hours = msgspec.structs.replace(hours, days=sorted(set(hours.days)))

    def work(tx: Transaction) -> None:
        kept = None if hours is None else msgspec.json.encode(hours).decode()
        tx.conn.execute(update(users).where(users.c.id == actor.user).values(quiet_hours=kept))
        tx.after_commit(Publish(user_channel(actor.user), "quiet_changed", QuietChanged(hours)))

    store.write(work)


def wanted(status: Status, ends: int | None, hours: QuietHours | None, moment: int) -> bool:
    """Whether somebody with this status, which may end, wants silence at a moment. Milliseconds since 1970."""
    if status == "dnd" and (ends is None or moment < ends):
        return True
    return hours is not None and within(hours, moment)


def within(hours: QuietHours, moment: int) -> bool:
    here = datetime.fromtimestamp(moment / 1000, ZoneInfo(hours.zone))
    start, end = _minutes(hours.start), _minutes(hours.end)
    minute = here.hour * 60 + here.minute
    today, yesterday = here.isoweekday(), (here - timedelta(days=1)).isoweekday()
    if start < end:
        return today in hours.days and start <= minute < end
    # Over midnight: what began today, or what began yesterday and has not ended.
    return (today in hours.days and minute >= start) or (yesterday in hours.days and minute < end)


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
