"""The index, alike in both databases: a list of our tokens for each message, found by what it holds.

SQLite has it as an FTS5 table, PostgreSQL as a column of `tsvector`; neither looks at language, so both find the same.
Beside its words a message has tags, which are tokens that no text can contain: its room, its author, what it has with
it, its single characters, and the ranges of ids that it lies in. By them a search stays in some rooms, and in a part of
the history, inside the index: what is common is then never read as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from chat.search.query import Phrase
from chat.search.tokens import tokens

# Ranges of ids are of so many bits: 4,096, 65,536 and a million.
_RANGES = ((12, "_k"), (16, "_l"), (20, "_m"))
LEAST_RANGE = 1 << _RANGES[0][0]

# PostgreSQL keeps so many places of a token in one text. With FTS5, `_GAP` stands at the others.
MOST_PLACES = 255
_GAP = "_"

LINK, FILE = "_x", "_f"


class Entry(NamedTuple):
    """A message as the index has it."""

    message: int
    words: list[str]
    tags: list[str]


class Terms(NamedTuple):
    """What must be in a message: all phrases, all tags, and of each group of tags any one."""

    phrases: Sequence[Phrase]
    tags: Sequence[str]
    groups: Sequence[Sequence[str]]


def entry(message: int, room: int, author: int, written: str, html: str) -> Entry:
    found = list(tokens(written))
    tags = [room_tag(room), author_tag(author)]
    if '<a href="http' in html:
        tags.append(LINK)
    tags += [f"{name}{message >> bits:x}" for bits, name in _RANGES]
    tags += dict.fromkeys(single_tag(token.text) for token in found if token.single)
    return Entry(message, [token.text for token in found if not token.single], tags)


def room_tag(room: int) -> str:
    return f"_r{room}"


def author_tag(author: int) -> str:
    return f"_u{author}"


def single_tag(character: str) -> str:
    return f"_c{character}"


def range_tags(first: int, end: int) -> list[str]:
    """Of any one of these is every id from `first` to before `end`; both are multiples of `LEAST_RANGE`."""
    found = []
    while first < end:
        bits, name = next((b, n) for b, n in reversed(_RANGES) if not first % (1 << b) and first + (1 << b) <= end)
        found.append(f"{name}{first >> bits:x}")
        first += 1 << bits
    return found


def put(conn: Connection, entries: Sequence[Entry]) -> None:
    """Index messages, or index them anew."""
    if not entries:
        return
    if conn.dialect.name == "sqlite":
        statement = "INSERT OR REPLACE INTO search_index (rowid, tokens) VALUES (:message, :tokens)"
        conn.execute(text(statement), [{"message": one.message, "tokens": _as_text(one)} for one in entries])
        return
    # In one journey to the server.
    statement = """
        INSERT INTO search_index (message_id, tokens)
        SELECT message, CAST(tokens AS tsvector)
        FROM unnest(CAST(:messages AS bigint[]), CAST(:tokens AS text[])) AS entry (message, tokens)
        ON CONFLICT (message_id) DO UPDATE SET tokens = excluded.tokens
    """
    values = {"messages": [one.message for one in entries], "tokens": [_as_vector(one) for one in entries]}
    conn.execute(text(statement), values)


def remove(conn: Connection, message: int) -> None:
    key = "rowid" if conn.dialect.name == "sqlite" else "message_id"
    conn.execute(text(f"DELETE FROM search_index WHERE {key} = :message"), {"message": message})  # noqa: S608 - a name


def prepare(conn: Connection) -> None:
    """Before the first search of a transaction."""
    if conn.dialect.name == "postgresql":
        # It has no figures about our tokens to plan with. Compiling would take longer than any search, and whatever
        # takes so many milliseconds is none.
        settings = {"enable_seqscan": "off", "jit": "off", "statement_timeout": "5000"}
        calls = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings.items())
        conn.execute(text(f"SELECT {calls}"))


def search(conn: Connection, terms: Terms, first: int, end: int, limit: int) -> list[int]:
    """The newest messages with all of that, of the ids from `first` to before `end`."""
    if conn.dialect.name == "sqlite":
        return _search_file(conn, _match(terms), first, end, limit)
    # Of the id an expression, because there must be one way only: the other is to walk over all messages.
    statement = """
        SELECT message_id FROM search_index
        WHERE tokens @@ CAST(:wanted AS tsquery) AND message_id + 0 >= :first AND message_id + 0 < :end
        ORDER BY message_id + 0 DESC LIMIT :limit
    """
    values = {"wanted": _tsquery(terms), "first": first, "end": end, "limit": limit}
    return list(conn.scalars(text(statement), values))


def _search_file(conn: Connection, wanted: str, first: int, end: int, limit: int) -> list[int]:
    statement = """
        SELECT rowid FROM search_index WHERE search_index MATCH :wanted AND rowid >= :first AND rowid < :end
        ORDER BY rowid DESC LIMIT :limit
    """
    return list(conn.scalars(text(statement), {"wanted": wanted, "first": first, "end": end, "limit": limit}))


# Tokens are letters and digits, in tags behind a "_", so between quotation marks they mean nothing but themselves.


def _match(terms: Terms) -> str:
    """In FTS5's words."""
    parts = [f'"{" ".join(phrase)}"' for phrase in terms.phrases]
    parts += [f'"{tag}"' for tag in terms.tags]
    parts += ["(" + " OR ".join(f'"{tag}"' for tag in group) + ")" for group in terms.groups]
    return " AND ".join(parts)


def _tsquery(terms: Terms) -> str:
    parts = ["(" + " <-> ".join(f"'{word}'" for word in phrase) + ")" for phrase in terms.phrases]
    parts += [f"'{tag}'" for tag in terms.tags]
    parts += ["(" + " | ".join(f"'{tag}'" for tag in group) + ")" for group in terms.groups]
    return " & ".join(parts)


def _as_text(entry: Entry) -> str:
    seen: dict[str, int] = defaultdict(int)
    words = []
    for word in entry.words:
        seen[word] += 1
        words.append(word if seen[word] <= MOST_PLACES else _GAP)
    return " ".join([*words, *entry.tags])


def _as_vector(entry: Entry) -> str:
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(entry.words, start=1):
        if len(places[word]) < MOST_PLACES:
            places[word].append(place)
    words = [f"'{word}':{','.join(map(str, found))}" for word, found in places.items()]
    return " ".join([*words, *(f"'{tag}'" for tag in entry.tags)])


def rows_to_entries(rows: Iterable[Any]) -> list[Entry]:
    """Of rows of messages, those that can be found."""
    return [
        entry(row.id, row.room_id, row.author_id, row.text, row.html)
        for row in rows
        if row.deleted_at is None and row.kind != "system"
    ]
