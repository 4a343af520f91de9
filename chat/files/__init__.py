"""Files: whose they are, which messages have them, who may read them; how they come in and how they go."""

from chat.files.keeping import (
    MOST_A_MESSAGE,
    New,
    attach,
    choose,
    detach,
    find,
    is_on,
    keep,
    largest,
    no_such_file,
    of_room,
    require_room,
    take_back,
)

__all__ = [
    "MOST_A_MESSAGE",
    "New",
    "attach",
    "choose",
    "detach",
    "find",
    "is_on",
    "keep",
    "largest",
    "no_such_file",
    "of_room",
    "require_room",
    "take_back",
]
