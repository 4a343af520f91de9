"""Canned answers, which all agents share."""

from __future__ import annotations

import re

from sqlalchemy import delete, func, select, update

from chat.actor import Actor
from chat.errors import bad_request, conflict, not_found
from chat.events.help import HelpAnswer, HelpAnswerRemove, HelpAnswerSet, HelpAnswersResult
from chat.helpdesk import agents
from chat.store import Store, Transaction
from chat.store.tables import help_answers as table
from chat.text import clean, fold

MOST = 500
# What can be typed in one word behind a `/`.
_SHORT = re.compile(r"[^\s/]{1,40}")


def listing(store: Store, actor: Actor) -> HelpAnswersResult:
    """`help_answers`."""
    with store.read() as conn:
        agents.require(conn, actor)
        rows = conn.execute(select(table).order_by(table.c.short))
        return HelpAnswersResult([HelpAnswer(row.id, row.short, row.text) for row in rows])


def keep(store: Store, actor: Actor, command: HelpAnswerSet) -> None:
    """`help_answer_set`. Raises `conflict` where there are too many."""
    short = fold(clean(command.short, "short", least=1, most=40))
    if not _SHORT.fullmatch(short):
        raise bad_request("One word, without a slash.", "short")
    text = clean(command.text, "text", least=1, most=5_000, lines=True)

    def work(tx: Transaction) -> None:
        agents.require(tx.conn, actor)
        values = {"text": text, "by_id": actor.user}
        if tx.conn.execute(update(table).where(table.c.short == short).values(values)).rowcount:
            return
        if (tx.conn.scalar(select(func.count()).select_from(table)) or 0) >= MOST:
            raise conflict(f"There can be {MOST} canned answers.")
        tx.conn.execute(table.insert().values(short=short, **values))

    store.write(work)


def forget(store: Store, actor: Actor, command: HelpAnswerRemove) -> None:
    """`help_answer_remove`."""

    def work(tx: Transaction) -> None:
        agents.require(tx.conn, actor)
        if not tx.conn.execute(delete(table).where(table.c.id == command.id)).rowcount:
            raise not_found("There is no such canned answer.", "id")

    store.write(work)
