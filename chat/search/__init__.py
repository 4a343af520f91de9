"""Searching what was said: tokens, queries, the index of both databases, and the task that keeps it current."""

from chat.search.finding import find
from chat.search.following import Follower, changed

__all__ = ["Follower", "changed", "find"]
