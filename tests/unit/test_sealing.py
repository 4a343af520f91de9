"""What is pushed, byte for byte as RFC 8291 has it in its appendix, and the token of RFC 8292."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from chat.push import sealing

RECEIVER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"


def test_a_body_is_that_of_the_standards_example() -> None:
    sealed = sealing.seal(
        b"When I grow up, I want to be a watermelon",
        RECEIVER,
        AUTH,
        salt=sealing.decoded("DGv6ra1nlYgDCS1FRnbzlw"),
        sender=sealing.private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    assert sealing.encoded(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_no_two_bodies_are_alike_and_none_is_too_long() -> None:
    assert sealing.seal(b"a", RECEIVER, AUTH) != sealing.seal(b"a", RECEIVER, AUTH)
    assert len(sealing.seal(b"a" * sealing.MOST_PLAIN, RECEIVER, AUTH)) < sealing.RECORD
    with pytest.raises(ValueError):
        sealing.seal(b"a" * (sealing.MOST_PLAIN + 1), RECEIVER, AUTH)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [("", AUTH), ("BA", AUTH), (RECEIVER, "BTBZ"), ("A" * 87, AUTH), (RECEIVER[:-1] + "A", AUTH), ("é", AUTH)],
)
def test_keys_that_no_browser_has_made(p256dh: str, auth: str) -> None:
    with pytest.raises(ValueError):
        sealing.require_usable(p256dh, auth)


def test_a_token_says_who_sends_to_whom_and_until_when() -> None:
    key = sealing.private(sealing.new_key())
    scheme, _, rest = sealing.token(key, "https://push.example", "mailto:a@b.example", 1000).partition(" ")
    token, _, public = rest.removeprefix("t=").partition(", k=")
    head, claims, signature = token.split(".")
    assert scheme == "vapid"
    assert json.loads(sealing.decoded(head)) == {"typ": "JWT", "alg": "ES256"}
    said = json.loads(sealing.decoded(claims))
    assert said == {"aud": "https://push.example", "exp": 1000 + 12 * 3600, "sub": "mailto:a@b.example"}
    point = ec.EllipticCurvePublicKey.from_encoded_point(sealing.CURVE, sealing.decoded(public))
    raw = sealing.decoded(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
