"""Web Push: telling somebody's devices while no page is open there (RFC 8030, 8291, 8292)."""

from chat.push.pusher import Pusher

__all__ = ["Pusher"]
