"""A push service that stands on this machine, and browsers that take what comes by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chat.push import sealing
from tests.answering import answering


@dataclass
class Device:
    """A browser's side of a subscription: it alone can open what is sealed for it."""

    endpoint: str
    _key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(sealing.CURVE))
    _auth: bytes = b"sixteen bytes..."

    @property
    def subscription(self) -> dict[str, Any]:
        keys = {"p256dh": sealing.encoded(sealing.public(self._key)), "auth": sealing.encoded(self._auth)}
        return {"endpoint": self.endpoint, "keys": keys}

    def open(self, body: bytes) -> dict[str, Any]:
        """As RFC 8291 says it of the receiver."""
        salt, length, rest = body[:16], body[20], body[21:]
        theirs, sealed = rest[:length], rest[length:]
        shared = self._key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(sealing.CURVE, theirs))
        info = b"WebPush: info\0" + sealing.public(self._key) + theirs
        secret = sealing._derived(shared, self._auth, info, 32)
        key = sealing._derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = sealing._derived(secret, salt, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        assert plain[-1:] == b"\2"
        found: dict[str, Any] = json.loads(plain[:-1])
        return found


@dataclass
class Came:
    path: str
    headers: dict[str, str]
    body: bytes


class PushService:
    """`answers` are given in turn, as (status, headers); then 201 to everything."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.came: list[Came] = []
        self.answers: list[tuple[int, dict[str, str]]] = []

    def device(self, name: str) -> Device:
        return Device(f"{self.url}/push/{name}")

    def to(self, device: Device) -> list[dict[str, Any]]:
        """What this device has got, opened."""
        return [device.open(one.body) for one in self.came if device.endpoint.endswith(one.path)]


@contextmanager
def push_service() -> Iterator[PushService]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers = service.answers.pop(0) if service.answers else (201, {})
            service.came.append(Came(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Nobody reads it."""

    with answering(Handler) as url:
        service = PushService(url)
        yield service
