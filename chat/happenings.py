"""What happens to a room, told in its conversation by a system message, which nobody has to read."""

from __future__ import annotations

import msgspec

from chat import message_rows, rooms
from chat.events.messages import MessageNew
from chat.events.objects import Happening
from chat.store import Transaction
from chat.store.outbox import Publish, room_channel
from chat.store.tables import messages
from chat.times import now


def tell(tx: Transaction, user: int, room: int, happening: Happening) -> None:
    """`user` has done it. Part of the transaction of what was done."""
    head = rooms.advance(tx, room, messages=1)
    number = tx.insert(
        messages,
        {
            "room_id": room,
            "seq": head.seq,
            "rev": head.rev,
            "born": head.rev,
            "author_id": user,
            # Unique like the ids of clients, which can't have a blank in front.
            "cid": f" {room}-{head.seq}",
            "kind": "system",
            "text": "",
            "html": "",
            "happening": msgspec.json.encode(happening).decode(),
            "created_at": now(),
        },
    )
    fact = MessageNew(room, head.rev, message_rows.one(tx.conn, number))
    tx.after_commit(Publish(room_channel(room), "message_new", fact))
