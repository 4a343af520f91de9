"""A web site with a help window in the demo: its agents, and what its made-up visitors have asked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

import msgspec
from sqlalchemy import select, update

from chat import accounts
from chat.actor import Actor
from chat.events.help import HelpAnswerSet, HelpAssign, HelpClose, HelpDetails, HelpLook, HelpLookAt, HelpNote, HelpSend
from chat.events.messages import MessageSend
from chat.helpdesk import agents, answers, desk, sites, visiting
from chat.helpdesk.sites import Site
from chat.helpdesk.visiting import Visit
from chat.store import Store, Transaction
from chat.store.tables import help_conversations, help_sites
from chat.store.tables import messages as message_table
from chat.times import DAY, now

MINUTE = 60_000
AGENTS = ("ada", "mira")
# The web site of `examples/help-site/`, by the key that it goes by unless another is named.
KEY = "sample"
ORIGINS = ("http://localhost:8000", "http://127.0.0.1:8000")
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Sample/1.0"
# Of the days before, the oldest first: how many minutes each first answer took, and what its visitor thought of it.
PAST: Sequence[Sequence[tuple[int, int]]] = (
    [(6, 4)],
    [(3, 5), (9, 3)],
    [],
    [(2, 5)],
    [(4, 4), (1, 5), (12, 2)],
    [(3, 5), (2, 4)],
    [(1, 5)],
)


class Said(msgspec.Struct):
    """`by` is an agent's username, or empty for the visitor."""

    minutes_ago: int
    text: str
    by: str = ""
    note: bool = False


class Conversation(msgspec.Struct):
    """One with a rating is over; one without an `agent` waits."""

    page: str
    lines: list[Said]
    name: str | None = None
    email: str | None = None
    agent: str | None = None
    rating: int | None = None
    comment: str = ""


class Past(msgspec.Struct):
    question: str
    answer: str


class Sample(msgspec.Struct):
    """One language's made-up visitors, and canned answers by their short names."""

    site: str
    greeting: str
    answers: dict[str, str]
    conversations: list[Conversation]
    past: Past


def fill(store: Store, language: str) -> None:
    """For a server that `filling` has filled."""
    content = Path(__file__).parent / "content" / f"help-{language}.json"
    sample = msgspec.json.decode(content.read_bytes(), type=Sample)
    cast = {username: accounts.by_username(store, username) for username in AGENTS}
    owner = cast[AGENTS[0]]
    for agent in cast.values():
        agents.choose(store, owner, agent.user)
    for short, text in sample.answers.items():
        answers.keep(store, owner, HelpAnswerSet(short, text))
    site = sites.create(store, owner, sample.site, ORIGINS, HelpLook(greeting=sample.greeting))
    keyed = update(help_sites).where(help_sites.c.id == site.id).values(key=KEY)
    store.write(lambda tx: tx.conn.execute(keyed))
    desk_of = _Desk(store, site, language, cast)
    for days_ago, day in zip(range(len(PAST), 0, -1), PAST, strict=True):
        for number, (minutes, rating) in enumerate(day):
            began = days_ago * DAY // MINUTE + 60 * number
            question, answer = sample.past.question, sample.past.answer
            lines = [Said(began, question), Said(began - minutes, answer, by=AGENTS[number % 2])]
            desk_of.play(Conversation("", lines, agent=AGENTS[number % 2], rating=rating))
    for conversation in sample.conversations:
        desk_of.play(conversation)


class _Desk:
    def __init__(self, store: Store, site: Site, language: str, cast: dict[str, Actor]) -> None:
        self._store = store
        self._site = site
        self._language = language
        self._cast = cast

    def play(self, conversation: Conversation) -> None:
        store, began = self._store, now()
        visit = Visit(self._site, secrets.token_urlsafe(32), "127.0.0.1", BROWSER, self._language)
        ids = [self._say(visit, 0, conversation.lines[0], conversation.page)]
        with store.read() as conn:
            here = visiting.place(conn, visit)
        if here is None:
            raise ValueError("nothing was begun")
        if conversation.name or conversation.email:
            visiting.describe(store, visit, HelpDetails(conversation.name, conversation.email))
        if conversation.agent is not None:
            agent = self._cast[conversation.agent]
            desk.assign(store, agent, HelpAssign(here.room, agent.user))
        ids += [self._say(visit, here.room, line, "") for line in conversation.lines[1:]]
        if conversation.rating is not None:
            visiting.close(store, visit, HelpClose(conversation.rating, conversation.comment))
        moments = [began - line.minutes_ago * MINUTE for line in conversation.lines]
        store.write(lambda tx: _date(tx, here.room, dict(zip(ids, moments, strict=True)), conversation))

    def _say(self, visit: Visit, room: int, line: Said, page: str) -> int:
        cid = secrets.token_hex(8)
        if not line.by:
            address = f"{ORIGINS[0]}/{page}"
            return visiting.send(self._store, visit, HelpSend(cid, line.text, page=address)).message.id
        agent = self._cast[line.by]
        desk.look_at(self._store, agent, HelpLookAt(room))
        if line.note:
            return desk.note(self._store, agent, HelpNote(room, cid, line.text)).message.id
        return desk.answer(self._store, agent, MessageSend(room, cid, line.text)).message.id


def _date(tx: Transaction, room: int, moments: dict[int, int], conversation: Conversation) -> None:
    """Put it where it belongs in time; what stands between its messages goes with the message before."""
    moment = first = min(moments.values())
    of_room = message_table.c.room_id == room
    for number in list(tx.conn.scalars(select(message_table.c.id).where(of_room).order_by(message_table.c.seq))):
        moment = moments.get(number, moment)
        tx.conn.execute(update(message_table).where(message_table.c.id == number).values(created_at=moment))
    answer = next((line.minutes_ago for line in conversation.lines if line.by and not line.note), None)
    unanswered = not conversation.lines[-1].by and conversation.rating is None
    values = {
        "opened_at": first,
        "said_at": moment,
        "resolved_at": moment if conversation.rating is not None else None,
        "answered_after": None if answer is None else (conversation.lines[0].minutes_ago - answer) * MINUTE,
        "waiting_since": (moment if answer is not None else first) if unanswered else None,
    }
    tx.conn.execute(update(help_conversations).where(help_conversations.c.room_id == room).values(values))
