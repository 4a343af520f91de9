"""What every message and every connection asks for, kept in memory by each process, and told by effects."""

from __future__ import annotations

from sqlalchemy import Connection

from chat import server_settings, words
from chat.helpdesk.conversations import AGAIN
from chat.helpdesk.known import Conversations, recent
from chat.sanctions import blocks, mutes
from chat.sanctions.known import Blocks, Mutes
from chat.server_settings import ServerSettings
from chat.store import Store
from chat.store.outbox import (
    Effect,
    HelpBegun,
    Muted,
    NetworksBlocked,
    NetworksFreed,
    SettingsChosen,
    Unmuted,
    WordsChosen,
)
from chat.words import Words


class Known:
    def __init__(self, store: Store) -> None:
        self.words = Words(store.offload)
        self.mutes = Mutes()
        self.blocks = Blocks()
        self.settings = ServerSettings(store)
        self.help = Conversations()
        self.link_key = store.link_key

    def hear(self, effect: Effect) -> None:
        """An effect that concerns none of this is none of its business."""
        match effect:
            case WordsChosen():
                self.words.hear(effect)
            case Muted() | Unmuted():
                self.mutes.hear(effect)
            case NetworksBlocked() | NetworksFreed():
                self.blocks.hear(effect)
            case SettingsChosen():
                self.settings.hear(effect)
            case HelpBegun():
                self.help.hear(effect)

    def read(self, conn: Connection) -> None:
        """All of it, as the database has it."""
        self.words.hear_all(words.all_chosen(conn))
        self.mutes.hear_all(*mutes.all_in_force(conn))
        self.blocks.hear_all(*blocks.all_in_force(conn))
        self.settings.hear(server_settings.read(conn))
        self.help.hear_all(recent(conn, AGAIN))
