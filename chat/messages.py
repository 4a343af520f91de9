"""Saying something, saying it in other words, and taking it back.

`seq` numbers a room's messages and `rev` every change in it; both come from the room's row in the same transaction, so
their order is the order of commits, without holes.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any, Literal

from msgspec import structs
from sqlalchemy import Connection, Row, delete, select, update

from chat import audit, changes, files, mentions, message_rows, permissions, previews, rooms, saved, search
from chat.actor import Actor
from chat.changes import Found
from chat.errors import ChatError, bad_request, conflict, forbidden, not_found
from chat.events.messages import ChangedResult, MessageDelete, MessageEdit, MessageNew, MessageResult, MessageSend
from chat.events.objects import Message
from chat.markup import Rendered
from chat.mentions import CalledBy, IsHere, Said, nobodys_words
from chat.store import Store, Transaction
from chat.store.hot import New, Place, Sent
from chat.store.outbox import Publish, room_channel
from chat.store.tables import memberships, messages, reactions
from chat.text import clean, is_blank
from chat.times import now, stamp

MOST_CHARACTERS = 10_000
# What a deleted message has no more, beside its text.
_OF_ITS_TEXT = ("reply_to", "reply_author_id", "pinned_at", "files", "previews", "mentioned", "call")


def send(
    store: Store,
    actor: Actor,
    command: MessageSend,
    is_here: IsHere = lambda user: False,
    called_by: CalledBy = nobodys_words,
    beside: Callable[[Transaction, int], None] | None = None,
    kind: Literal["text", "note"] = "text",
    place: Callable[[Transaction], int] | None = None,
) -> MessageResult:
    """`message_send`: keeps the message and tells the room. Returns after the commit. `beside` is done in the same
    transaction, with the room; so is `place`, which makes the room that a first message goes to.

    A `cid` that the author has used before answers with the stored message and `duplicate`; raises `ChatError`
    (`conflict`) where the text or the room differs.
    """
    cid = clean(command.cid, "cid", least=1, most=64)
    if cid != command.cid:
        raise bad_request("This id is not usable.", "cid")
    text = _text(command.text, may_be_empty=bool(command.files))
    rendered = mentions.rendered(store, actor, command.room, text)
    objection = store.objection(rendered.html)
    worded = mentions.worded(store, command.room, actor.user, called_by(rendered.html))
    calls = bool(rendered.mentions or rendered.call or worded)
    # Never another one: so it can be found out before, and an answer goes with all that is sent at that time.
    answered = None if command.reply_to is None else _author_of(store, command.room, command.reply_to)

    def work(tx: Transaction) -> MessageResult:
        try:
            store.require_voice(actor.user, command.room)
            if objection is not None:
                raise objection
            wanted = command if place is None else structs.replace(command, room=place(tx))
            message = _add(tx, actor, wanted, text, rendered, answered)
        except (ChatError, _Taken):
            # What was kept before is found again, also by one who may not speak here any more.
            stored = _stored(tx.conn, actor, cid)
            if stored is None:
                raise
            return _duplicate(tx.conn, stored, command, text)
        if kind != "text":
            tx.conn.execute(update(messages).where(messages.c.id == message.id).values(kind=kind))
            message = structs.replace(message, kind=kind)
        if calls:
            _keep_calls(tx, message, is_here, worded)
        fact = MessageNew(message.room, message.rev, message)
        tx.after_commit(Publish(room_channel(message.room), "message_new", fact))
        if beside is not None:
            beside(tx, message.room)
        return MessageResult(message, duplicate=False)

    # A message that calls somebody, or has files, is more than what goes together with others.
    plain = not (calls or command.files or beside or kind != "text")
    return store.write(work, room=command.room, sends=Sent(actor.user, cid) if plain else None)


def edit(
    store: Store,
    actor: Actor,
    command: MessageEdit,
    is_here: IsHere = lambda user: False,
    called_by: CalledBy = nobodys_words,
) -> ChangedResult:
    """`message_edit`: the actor's own message, within `edit_minutes`. The same text again is no change."""
    text = _text(command.text, may_be_empty=True)
    with store.read() as conn:
        room_id = changes.room_of(conn, actor, command.message)
    rendered = mentions.rendered(store, actor, room_id, text)
    objection = store.objection(rendered.html)
    worded = mentions.worded(store, room_id, actor.user, called_by(rendered.html))

    def work(tx: Transaction, found: Found) -> ChangedResult:
        message, room = found
        changes.require_own(actor, found)
        store.require_voice(actor.user, room.id)
        if objection is not None:
            raise objection
        moment = now()
        if 0 < store.settings.edit_minutes * 60_000 < moment - message.created_at:
            raise forbidden("The time in which this message could be edited is over.", "message")
        if not text and message.files is None:
            raise bad_request("This can't be empty.", "text")
        if message.text == text:
            return ChangedResult(message_rows.one(tx.conn, message.id))
        call = rendered.call if permissions.can(actor, "room_call", room.role) else None
        before = mentions.forget_words(tx, room.id, message.seq)
        # Who was here when it was sent stays called; who is no longer named does not.
        if call is None or call != message.call:
            mentions.forget(tx, room.id, message.seq)
        new_call = call if call != message.call else None
        said = Said(room.id, message.seq, message.id)
        after = mentions.keep(tx, said, actor.user, rendered.mentions, new_call, is_here, worded)
        mentions.tell(tx, said, room.rev + 1, after - before, on=True)
        mentions.tell(tx, said, room.rev + 1, before - after, on=False)
        kept: dict[str, Any] = {"mentioned": mentions.as_kept(rendered.mentions), "call": call}
        kept |= previews.edited(tx, message, room.id, rendered.html)
        edited = changes.settle(tx, message.id, room.id, text=text, html=rendered.html, edited_at=moment, **kept)
        search.changed(tx, room.id, message.seq, message.id)
        return ChangedResult(edited)

    return changes.carry_out(store, actor, command.message, "message_edit", work)


def remove(store: Store, actor: Actor, command: MessageDelete) -> ChangedResult:
    """`message_delete`: the actor's own message, or as who leads the room, anybody's.

    Nothing of it is kept but its place; its `cid` stays used.
    """

    def work(tx: Transaction, found: Found) -> ChangedResult:
        message, room = found
        changes.require_own_or_led(actor, found)
        tombstone = erase(tx, message)
        if message.author_id != actor.user:
            audit.note(tx, actor, "message_delete", user=message.author_id, room=room.id, message=message.id)
        return ChangedResult(tombstone)

    return changes.carry_out(store, actor, command.message, "message_delete", work, archived=True)


def erase(tx: Transaction, message: Row[Any]) -> Message:
    """Part of another transaction, which has seen to it that the message was not deleted yet; `message` is its row."""
    tx.conn.execute(delete(reactions).where(reactions.c.message_id == message.id))
    mentions.forget(tx, message.room_id, message.seq)
    saved.forget(tx, message.id)
    if message.files is not None:
        files.detach(tx, message.id)
    if message.previews is not None:
        previews.detach(tx, message.id)
    gone: dict[str, Any] = dict.fromkeys(_OF_ITS_TEXT)
    tombstone = changes.settle(tx, message.id, message.room_id, deleted_at=now(), text="", html="", **gone)
    search.changed(tx, message.room_id, message.seq, message.id)
    return tombstone


class _Taken(Exception):
    """The author has used this cid before."""


def _text(value: str, *, may_be_empty: bool) -> str:
    if may_be_empty and is_blank(value):
        return ""
    return clean(value, "text", least=1, most=MOST_CHARACTERS, lines=True)


def _add(
    tx: Transaction, actor: Actor, command: MessageSend, text: str, rendered: Rendered, answered: int | None
) -> Message:
    """The new message. `answered` wrote what it answers. Raises `ChatError` or `_Taken`, with nothing changed."""
    place = tx.hot.place(command.room, actor.user)
    if place is None:
        raise rooms.no_such_room()
    permissions.require(actor, "message_send", place.role)
    if place.archived_at is not None:
        raise rooms.archived()
    if command.reply_to is not None and answered is None:
        raise not_found("The message that this answers is not in this room.", "reply_to")
    reply_author = None if answered == actor.user else answered
    moment = now()
    slowed = place.slow_mode > 0 and not permissions.can(actor, "room_lead", place.role)
    if slowed:
        _require_patience(tx.conn, command.room, actor, place, moment)
    chosen = files.choose(tx.conn, actor, command.files) if command.files else []
    said = (command.cid, text, rendered.html, command.reply_to, moment, reply_author)
    number = tx.hot.add(place, New(command.room, actor.user, *said))
    if number is None:
        raise _Taken
    shown = files.attach(tx.conn, chosen, number, command.room) if chosen else []
    if slowed:
        tx.conn.execute(update(memberships).where(_mine(command.room, actor)).values(spoke_at=moment))
    return Message(
        id=number,
        room=command.room,
        seq=place.seq + 1,
        rev=place.rev + 1,
        author=actor.author,
        cid=command.cid,
        kind="text",
        text=text,
        html=rendered.html,
        created_at=stamp(moment),
        reply_to=command.reply_to,
        files=shown,
        mentions=list(rendered.mentions),
        call=rendered.call if permissions.can(actor, "room_call", place.role) else None,
        reply_author=reply_author,
    )


def _keep_calls(tx: Transaction, message: Message, is_here: IsHere, worded: Set[int]) -> None:
    if message.mentions or message.call:
        kept = {"mentioned": mentions.as_kept(message.mentions), "call": message.call}
        tx.conn.execute(update(messages).where(messages.c.id == message.id).values(**kept))
    said = Said(message.room, message.seq, message.id)
    by_word = mentions.keep(tx, said, message.author.id, message.mentions, message.call, is_here, worded)
    mentions.tell(tx, said, message.rev, by_word, on=True)


def _require_patience(conn: Connection, room: int, actor: Actor, place: Place, moment: int) -> None:
    spoke_at = conn.scalar(select(memberships.c.spoke_at).where(_mine(room, actor)))
    left = 0 if spoke_at is None else spoke_at + place.slow_mode * 1000 - moment
    if left > 0:
        said = "This room is in slow mode: please wait before your next message."
        raise ChatError("rate_limited", said, "room", retry_after=left / 1000, retryable=True)


def _mine(room: int, actor: Actor) -> Any:
    return (memberships.c.room_id == room) & (memberships.c.user_id == actor.user)


def _stored(conn: Connection, actor: Actor, cid: str) -> Row[Any] | None:
    return conn.execute(message_rows.query().where(messages.c.author_id == actor.user, messages.c.cid == cid)).first()


def _duplicate(conn: Connection, stored: Row[Any], command: MessageSend, text: str) -> MessageResult:
    others = [file.id for file in message_rows.files_of(stored.files)] != list(dict.fromkeys(command.files))
    differs = others or (stored.edited_at is None and stored.text != text)
    if stored.room_id != command.room or (stored.deleted_at is None and differs):
        raise conflict("This id belongs to another message of yours.", "cid")
    return MessageResult(message_rows.views(conn, [stored])[0], duplicate=True)


def _author_of(store: Store, room: int, message: int) -> int | None:
    """Who wrote a message of the room, if there is such a message."""
    with store.read() as conn:
        return conn.scalar(select(messages.c.author_id).where(messages.c.id == message, messages.c.room_id == room))
