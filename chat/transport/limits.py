"""Every bound of the transport on one page."""

from __future__ import annotations

from dataclasses import dataclass

from chat.config import Settings


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Seconds, bytes and counts that one client may use up. `create_socketio` takes any of them as an override."""

    packet_bytes: int
    ping_interval: float
    ping_timeout: float

    connect_seconds: float = 10.0
    """For how long a connection may stay without a namespace."""
    upgrade_seconds: float = 5.0
    """For how long an upgrade may take before the client is back on polling."""
    upgrade_poll_seconds: float = 0.1
    """How long a poll waits while an upgrade is under way: it can't be answered with packets, nor at once, or a
    client that stalls would spin."""
    poll_gather_seconds: float = 0.01
    """How long a poll that had to wait gathers what follows its first packet."""
    poll_packets: int = 16
    """Packets in the answer to one poll: python-engineio's client gives the connection up over more."""
    close_seconds: float = 2.0
    """How long a closing WebSocket waits for the client's close frame."""
    queue_packets: int = 1000
    queue_bytes: int = 1_000_000
    """What may wait for a client that does not read. Beyond it the client is dropped and syncs when it returns."""
    inbox_packets: int = 64
    """Commands that may wait behind the one being carried out; beyond it the client is not read."""
    post_packets: int = 1000
    """Packets in one polling POST. Clients put all that they have into one, and who has been away may ask for as many
    rooms as a person can be in. The commands wait for their turn there too."""

    @classmethod
    def of(cls, settings: Settings, **overrides: float) -> Limits:
        values = {
            "packet_bytes": settings.packet_bytes,
            "ping_interval": settings.ping_interval,
            "ping_timeout": settings.ping_timeout,
        }
        return cls(**{**values, **overrides})  # type: ignore[arg-type]
