"""The index, alike in both databases: a list of our tokens for each message, found by what it holds.

SQLite has it as an FTS5 table, PostgreSQL as a column of `tsvector`; neither looks at language, so both find the same.
Beside its words a message has tags, which are tokens that no text can contain: its room, its author, what it has with
it, its single characters, and the blocks of ids that it lies in. By them a search stays in some rooms, and in a part of
the history, inside the index: what is common is then never read as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from chat.message_rows import files_of
from chat.search.query import Phrase
from chat.search.tokens import tokens

# Blocks of 4,096, 65,536 and a million ids.
_BLOCKS = ((12, "_k"), (16, "_l"), (20, "_m"))
WIDEST = len(_BLOCKS) - 1

# A token that fewer messages have leads to all of them in about as many microseconds.
FEW = 10_000
# Whether a token has so many is seen in less than a millisecond.
RARE = 2000
# PostgreSQL compares every message that has one of a group with all of the group, so large ones are asked for in parts.
MOST_OF_A_GROUP = 100
_MOST_COUNTED = 8

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


def entry(message: int, room: int, author: int, written: str, html: str, files: Sequence[str] = ()) -> Entry:
    """`files` are the names of what the message has with it, which are found like its words."""
    found = list(tokens("\n".join((written, *files))))
    tags = [room_tag(room), author_tag(author)]
    if files:
        tags.append(FILE)
    if '<a href="http' in html:
        tags.append(LINK)
    tags += [f"{name}{message >> bits:x}" for bits, name in _BLOCKS]
    tags += dict.fromkeys(single_tag(token.text) for token in found if token.single)
    return Entry(message, [token.text for token in found if not token.single], tags)


def room_tag(room: int) -> str:
    return f"_r{room}"


def author_tag(author: int) -> str:
    return f"_u{author}"


def single_tag(character: str) -> str:
    return f"_c{character}"


def window(end: int, width: int) -> tuple[int, list[str]]:
    """Where a window of ids begins that goes to before `end`, and tags of which each id in it has one.

    It is at least one block wide and at most two; `width` is from 0 to `WIDEST`.
    """
    bits, name = _BLOCKS[width]
    last = end - 1 >> bits
    blocks = [last - 1, last] if last else [last]
    return blocks[0] << bits, [f"{name}{block:x}" for block in blocks]


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
    if conn.dialect.name == "postgresql" and "hubbub_search" not in conn.info:
        # It has no figures about our tokens to plan with. Compiling, and calling helpers, takes longer than any search,
        # and whatever takes so many milliseconds is none.
        settings = {"enable_seqscan": "off", "jit": "off", "max_parallel_workers_per_gather": "0"}
        settings["statement_timeout"] = "5000"
        calls = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in settings.items())
        conn.execute(text(f"SELECT {calls}"))
        conn.info["hubbub_search"] = True


def search(conn: Connection, terms: Terms, first: int, end: int, limit: int) -> list[int]:
    """The newest messages with all of that, of the ids from `first` to before `end`."""
    if conn.dialect.name == "sqlite":
        return _search_file(conn, _match(terms), first, end, limit)
    order = "ORDER BY message_id + 0 DESC"
    found = [_search_server(conn, part, first, end, limit, order) for part in _split(terms)]
    return sorted(chain.from_iterable(found), reverse=True)[:limit]


def search_wide(conn: Connection, terms: Terms, first: int, end: int, limit: int) -> list[int] | None:
    """The same in a wide window; None where there are too many in it, which only PostgreSQL minds.

    It can't walk from the newest: it lists all, and to sort them it would read all.
    """
    if conn.dialect.name == "sqlite":
        return search(conn, terms, first, end, limit)
    found: list[int] = []
    for part in _split(terms):
        some = _search_server(conn, part, first, end, RARE, "")
        if len(some) == RARE:
            return None
        found += some
    return sorted(found, reverse=True)[:limit]


def _split(terms: Terms) -> Iterator[Terms]:
    """What finds the same together. No message has two tags of a group."""
    for place, group in enumerate(terms.groups):
        if len(group) > MOST_OF_A_GROUP:
            parts = (group[start : start + MOST_OF_A_GROUP] for start in range(0, len(group), MOST_OF_A_GROUP))
            others = [*terms.groups[:place], *terms.groups[place + 1 :]]
            for part in parts:
                yield from _split(terms._replace(groups=[part, *others]))
            return
    yield terms


def _search_server(conn: Connection, terms: Terms, first: int, end: int, limit: int, order: str) -> list[int]:
    # Of the id an expression, because there must be one way only: the other is to walk over all messages.
    statement = f"""
        SELECT message_id FROM search_index
        WHERE tokens @@ CAST(:wanted AS tsquery) AND message_id + 0 >= :first AND message_id + 0 < :end
        {order} LIMIT :limit
    """  # noqa: S608 - words of ours
    values = {"wanted": _tsquery(terms), "first": first, "end": end, "limit": limit}
    return list(conn.scalars(text(statement), values))


def is_quick(conn: Connection, terms: Terms) -> bool:
    """Whether the search takes no longer for having no window: each step through the index is a hit."""
    return conn.dialect.name == "sqlite" and sum(1 for _ in _parts(terms)) == 1


def is_rare(conn: Connection, terms: Terms, first: int, end: int) -> bool:
    """Whether something of it is known to be in few messages, so that no window is needed."""
    if conn.dialect.name != "sqlite":
        # There, counting would take as long as the search.
        return False
    reach: list[tuple[int, str]] = []
    for part in islice(_parts(terms), _MOST_COUNTED):
        found = _search_file(conn, part, first, end, RARE)
        if len(found) < RARE:
            return True
        reach.append((found[-1], part))
    # The one whose newest go back the furthest.
    return bool(reach) and len(_search_file(conn, min(reach)[1], first, end, FEW)) < FEW


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
    parts += [_any(group) for group in terms.groups]
    return " AND ".join(parts)


def _parts(terms: Terms) -> Iterator[str]:
    """Each of what must be there, by itself."""
    for word in (*chain.from_iterable(terms.phrases), *terms.tags):
        yield f'"{word}"'
    for group in terms.groups:
        yield _any(group)


def _any(group: Sequence[str]) -> str:
    return "(" + " OR ".join(f'"{tag}"' for tag in group) + ")"


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
        entry(row.id, row.room_id, row.author_id, row.text, row.html, [file.name for file in files_of(row.files)])
        for row in rows
        if row.deleted_at is None and row.kind != "system"
    ]
