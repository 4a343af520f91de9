"""`hubbub demo`: plainly made-up rooms, people, messages and pictures, to look around in and to take screenshots of."""

from chat.demo.filling import OWNER, fill

__all__ = ["OWNER", "fill"]
