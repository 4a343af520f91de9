"""How much has gone over a socket, as the system counts it: for each delivery to count its bytes would cost something.

Linux alone says it.
"""

from __future__ import annotations

import socket
import struct
import sys
from typing import Any

# In `struct tcp_info`, which only ever grows: bytes that the other side has acknowledged, and those that it has sent.
_AT = 120
_BYTES = struct.Struct("=QQ")
_TCP_INFO = getattr(socket, "TCP_INFO", 11)


def of(sock: Any) -> tuple[int, int] | None:
    """Bytes sent and received."""
    if sys.platform != "linux":
        return None
    try:
        told = sock.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _AT + _BYTES.size)
    except (OSError, AttributeError):
        # It is closed, or no TCP.
        return None
    if len(told) < _AT + _BYTES.size:
        return None
    sent, received = _BYTES.unpack_from(told, _AT)
    return sent, received
