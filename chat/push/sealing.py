"""What a push service may not read, and what proves to it who sends: RFC 8291 and RFC 8292.

The arithmetic is `cryptography`'s; here is only what those two documents say about the order of the bytes.
"""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
POINT_BYTES = 65
AUTH_BYTES = 16
# One record holds it all; what a service must take at least is 4,096 bytes.
RECORD = 4096
MOST_PLAIN = 3000
# Tokens may be good for a day at most.
TOKEN_SECONDS = 12 * 3600


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Raises `ValueError` for what is no base64url."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_key() -> str:
    """A private key for VAPID, as it is kept."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return encoded(number.to_bytes(32, "big"))


def private(kept: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decoded(kept), "big"), CURVE)


def public(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public key as a point, which browsers are given."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def token(key: ec.EllipticCurvePrivateKey, audience: str, contact: str, now: int) -> str:
    """The `Authorization` of a push to a service whose origin is `audience`; `now` in seconds since 1970."""
    head = encoded(json.dumps({"typ": "JWT", "alg": "ES256"}).encode())
    claims = encoded(json.dumps({"aud": audience, "exp": now + TOKEN_SECONDS, "sub": contact}).encode())
    signed = f"{head}.{claims}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={encoded(public(key))}"


def require_usable(p256dh: str, auth: str) -> None:
    """Raises `ValueError` for keys that no browser has made."""
    point = decoded(p256dh)
    if len(point) != POINT_BYTES or len(decoded(auth)) != AUTH_BYTES:
        raise ValueError("lengths")
    ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)


def seal(
    plain: bytes,
    p256dh: str,
    auth: str,
    *,
    salt: bytes | None = None,
    sender: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body of a push, for the browser with these keys alone. Salt and sender are new each time, but in tests."""
    if len(plain) > MOST_PLAIN:
        raise ValueError("too long")
    salt = salt or os.urandom(16)
    sender = sender or ec.generate_private_key(CURVE)
    theirs = decoded(p256dh)
    shared = sender.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    ours = public(sender)
    secret = _derived(shared, decoded(auth), b"WebPush: info\0" + theirs + ours, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    # A single byte 2 ends the last record.
    sealed = AESGCM(key).encrypt(nonce, plain + b"\2", None)
    return salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours + sealed


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
