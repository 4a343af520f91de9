"""Which words call an account: on its row, told to its own devices, and to the processes that look for them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from chat.actor import Actor
from chat.errors import bad_request
from chat.events.people import WordsChanged, WordsSet
from chat.store import Store, Transaction
from chat.store.compiled import Compiled
from chat.store.outbox import Publish, WordsChosen, user_channel
from chat.store.tables import users
from chat.text import clean
from chat.words.matching import pieces_of

MOST = 20
LONGEST = 40

_KEPT = Compiled(select(users.c.words).where(users.c.id == bindparam("user")), "user")
_decode = msgspec.json.Decoder(list[str]).decode


def of(conn: Connection, user: int) -> list[str]:
    """The words of somebody who exists."""
    return decoded(_KEPT.rows(conn, user)[0][0])


def decoded(kept: str | None) -> list[str]:
    """As the column has them."""
    return [] if kept is None else _decode(kept)


def all_chosen(conn: Connection) -> list[WordsChosen]:
    """The words of everybody who has ever chosen some."""
    rows = conn.execute(select(users.c.id, users.c.words_rev, users.c.words).where(users.c.words_rev > 0))
    return [WordsChosen(row.id, row.words_rev, tuple(decoded(row.words))) for row in rows]


def choose(store: Store, actor: Actor, command: WordsSet) -> None:
    """`words_set`. What was said before calls as it did. Raises `ChatError` for what is no word."""
    words = tidied(command.words, "words", MOST)
    kept = msgspec.json.encode(words).decode() if words else None

    def work(tx: Transaction) -> None:
        changed = update(users).where(users.c.id == actor.user).values(words=kept, words_rev=users.c.words_rev + 1)
        rev = int(tx.conn.execute(changed.returning(users.c.words_rev)).scalar_one())
        told = Publish(user_channel(actor.user), "words_changed", WordsChanged(words))
        tx.after_commit(WordsChosen(actor.user, rev, tuple(words)), told)

    store.write(work)


def tidied(words: Sequence[str], field: str, most: int) -> list[str]:
    """Each once, however it is written. Raises `bad_request` for too many, and for what is no word."""
    if len(words) > most:
        raise bad_request(f"At most {most} words, please.", field)
    found: dict[tuple[str, ...], str] = {}
    for word in words:
        kept = " ".join(clean(word, field, least=1, most=LONGEST).split())
        pieces = pieces_of(kept)
        if not any(piece.isalnum() for piece in pieces):
            raise bad_request("A word needs a letter or a digit.", field)
        found.setdefault(pieces, kept)
    return list(found.values())
