"""What staff change of the server while it runs: it counts more than what a process was started with."""

from chat.server_settings.keeping import CHANGEABLE, MOST_ANNOUNCED, MOST_BLOCKED_WORDS, Wanted, change, read
from chat.server_settings.known import ServerSettings

__all__ = ["CHANGEABLE", "MOST_ANNOUNCED", "MOST_BLOCKED_WORDS", "ServerSettings", "Wanted", "change", "read"]
