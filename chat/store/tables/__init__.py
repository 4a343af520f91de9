"""The tables, in SQLAlchemy Core. Times are milliseconds since 1970, in UTC. Secrets are kept as SHA-256 only.

A room's row holds the two counters that order everything in it: `seq` numbers its messages, `rev` numbers every change.
Each message carries the `rev` of its last change. Those that were only sent are found by their `seq`; an index of
changes would double what each of them costs, so it holds only those that were changed after they were `born`.
"""

from __future__ import annotations

from chat.store.tables.accounts import password_resets, sessions, tokens, users
from chat.store.tables.base import derived, meta, metadata
from chat.store.tables.emoji import custom_emoji
from chat.store.tables.files import attachments, file_usage, files
from chat.store.tables.help import help_answers, help_conversations, help_sites, help_visitors
from chat.store.tables.messages import mentions, messages, reactions, saved_messages, scheduled_messages
from chat.store.tables.moderation import audit, blocked_networks, reports, sanctions
from chat.store.tables.previews import link_previews, message_previews
from chat.store.tables.push import push_subscriptions
from chat.store.tables.rooms import invites, memberships, rooms
from chat.store.tables.search import search_days, search_heads

__all__ = [
    "attachments",
    "audit",
    "blocked_networks",
    "custom_emoji",
    "derived",
    "file_usage",
    "files",
    "help_answers",
    "help_conversations",
    "help_sites",
    "help_visitors",
    "invites",
    "link_previews",
    "memberships",
    "mentions",
    "message_previews",
    "messages",
    "meta",
    "metadata",
    "password_resets",
    "push_subscriptions",
    "reactions",
    "reports",
    "rooms",
    "sanctions",
    "saved_messages",
    "scheduled_messages",
    "search_days",
    "search_heads",
    "sessions",
    "tokens",
    "users",
]
