"""What somebody says in a room, which may be a conversation with a visitor: then it is an answer.

Whoever lets people say something by another way than the socket (notifications, scheduled messages) goes through here.
"""

from __future__ import annotations

from sqlalchemy import select

from chat import messages
from chat.actor import Actor
from chat.events.messages import MessageResult, MessageSend
from chat.helpdesk import desk
from chat.mentions import CalledBy, IsHere, nobodys_words
from chat.store import Store
from chat.store.tables import help_conversations as table


def send(
    store: Store,
    actor: Actor,
    command: MessageSend,
    is_here: IsHere = lambda user: False,
    called_by: CalledBy = nobodys_words,
) -> MessageResult:
    """`message_send`, asking the database which it is. Raises as `messages.send` and `desk.answer` do."""
    with store.read() as conn:
        is_conversation = conn.scalar(select(table.c.room_id).where(table.c.room_id == command.room)) is not None
    if is_conversation:
        return desk.answer(store, actor, command, is_here=is_here, called_by=called_by)
    return messages.send(store, actor, command, is_here, called_by)
