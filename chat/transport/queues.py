"""What waits on its way to a client, with a bound."""

from __future__ import annotations

import threading

from chat.transport import frames


class Outgoing:
    """Engine.IO packets on their way, to one client or to thousands: encoded once, and framed once for all."""

    __slots__ = ("count", "frames", "packets")

    def __init__(self, *packets: bytes) -> None:
        self.packets = packets
        self.count = len(packets)
        if self.count == 1:
            self.frames = frames.encode(frames.TEXT, packets[0])
        else:
            self.frames = b"".join([frames.encode(frames.TEXT, packet) for packet in packets])


class Outbox:
    """Packets for a client that polls."""

    __slots__ = ("_arrived", "_ended", "_packets", "unread_bytes")

    def __init__(self) -> None:
        self._packets: list[bytes] = []
        self.unread_bytes = 0
        self._ended = False
        self._arrived: threading.Event | None = None

    @property
    def unread_packets(self) -> int:
        return len(self._packets)

    def put(self, outgoing: Outgoing, most_packets: int, most_bytes: int) -> bool:
        """Add packets. False, and nothing added, when the client has left too much unread."""
        waiting = len(self._packets)
        size = sum(map(len, outgoing.packets))
        if waiting and (waiting + outgoing.count > most_packets or self.unread_bytes + size > most_bytes):
            return False
        self._packets += outgoing.packets
        self.unread_bytes += size
        self.wake()
        return True

    def end(self, *last: bytes) -> None:
        """Nothing comes after `last`."""
        self._packets += last
        self._ended = True
        self.wake()

    def wake(self) -> None:
        """Let whoever waits go on, even with nothing."""
        if self._arrived is not None:
            self._arrived.set()

    @property
    def is_empty(self) -> bool:
        """Whether there is something to wait for."""
        return not self._packets and not self._ended

    def wait(self) -> None:
        """Wait for packets, for the end, or for `wake`."""
        self._arrived = threading.Event()
        self._arrived.wait()
        self._arrived = None

    def take(self, most: int) -> list[bytes]:
        """What is there now, so many packets at most; all of it where nothing can be taken later."""
        if self._ended or len(self._packets) <= most:
            packets, self._packets, self.unread_bytes = self._packets, [], 0
        else:
            packets, self._packets = self._packets[:most], self._packets[most:]
            self.unread_bytes -= sum(map(len, packets))
        return packets
