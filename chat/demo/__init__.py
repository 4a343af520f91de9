"""`hubbub demo`: plainly made-up rooms, people, messages and pictures, to look around in and to take screenshots of."""

from chat.demo.filling import OWNER, fill
from chat.demo.helping import fill as fill_help

__all__ = ["OWNER", "fill", "fill_help"]
