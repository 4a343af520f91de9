"""Who uses a data folder: servers and commands share it, a restore must have it alone.

The lock is the system's own, on the folder itself: it ends with the process, however that ends, and leaves no file
behind that somebody could delete at the wrong time.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from chat.errors import Refusal


class InUse(Refusal):
    """Somebody else uses the data folder in a way that can't go together with this."""


class Claim:
    """A hold on a data folder until `release`. Raises `InUse` at once instead of waiting.

    A folder that is not there, and a file system that knows no such locks, can't be held; whoever uses them goes on.
    """

    def __init__(self, folder: Path, *, alone: bool = False) -> None:
        self._handle: int | None = None
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            return
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            text = "is in use; stop the server and whatever else uses it" if alone else "is just being restored; wait"
            raise InUse(f"{folder} {text}, then try again") from None
        except OSError:
            os.close(handle)
        else:
            self._handle = handle

    def release(self) -> None:
        """May be called again."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)
