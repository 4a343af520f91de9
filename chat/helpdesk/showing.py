"""What a visitor is told of a conversation: made for it, with nothing in it that is the agents' business alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast, get_args

from sqlalchemy import Connection, Row

from chat import message_rows
from chat.events.help import HelpAgent, HelpChanged, HelpMessage, HelpMessageFact, HelpOwn
from chat.events.messages import MessageChanged, MessageNew
from chat.events.objects import Message
from chat.helpdesk import links
from chat.helpdesk.visitors import NAMELESS, nameless
from chat.markup.plain import unnamed
from chat.store.outbox import Effect, Publish, help_channel

Shown = Literal["text", "system"]
# Notes are among agents.
SHOWN = get_args(Shown)


def message(said: Message, visitor: int, key: bytes) -> HelpMessage | None:
    """As its visitor sees it, if it is for them. The addresses of its files are signed with `key`."""
    if said.kind not in SHOWN:
        return None
    mine = said.author.id == visitor
    return HelpMessage(
        id=said.id,
        seq=said.seq,
        rev=said.rev,
        mine=mine,
        agent=None if mine else HelpAgent(said.author.name, said.author.avatar),
        cid=said.cid if mine else None,
        kind=cast(Shown, said.kind),
        text=said.text,
        html=unnamed(said.html),
        created_at=said.created_at,
        edited_at=said.edited_at,
        deleted=said.deleted,
        files=[links.shown(file, visitor, key) for file in said.files],
        happening=said.happening,
        reply_to=said.reply_to,
    )


def own_message(said: Message, key: bytes) -> HelpMessage:
    """What the visitor has just said."""
    shown = message(said, said.author.id, key)
    if shown is None:
        raise ValueError(f"a visitor's message of kind {said.kind}")
    return shown


def messages(conn: Connection, rows: Sequence[Row[Any]], visitor: int, key: bytes) -> list[HelpMessage]:
    """As many as fit into one answer."""
    found = (message(said, visitor, key) for said in message_rows.views(conn, rows))
    return [shown for shown in found if shown is not None]


def facts(effects: Sequence[Effect], visitors: Mapping[int, int], key: bytes) -> list[Publish]:
    """What visitors are told of these effects. `visitors` has each by the room of their conversation."""
    told: list[Publish] = []
    for effect in effects:
        if not isinstance(effect, Publish) or not isinstance(effect.fact, MessageNew | MessageChanged):
            continue
        said, visitor = effect.fact.message, visitors.get(effect.fact.room)
        shown = None if visitor is None else message(said, visitor, key)
        if shown is None:
            continue
        channel = help_channel(said.room)
        if isinstance(effect.fact, MessageNew):
            told.append(Publish(channel, "help_message", HelpMessageFact(said.rev, shown)))
        else:
            told.append(Publish(channel, "help_changed", HelpChanged(said.rev, shown, None)))
    return told


def own(conversation: Row[Any], rev: int, agent: HelpAgent | None, name: str, email: str) -> HelpOwn:
    named = name not in {nameless(conversation.visitor_id, language) for language in NAMELESS}
    return HelpOwn(conversation.state, rev, agent, name, named, email, conversation.rating)
