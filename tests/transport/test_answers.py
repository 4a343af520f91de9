"""Answers of the socket endpoint: what is compressed, and for whom."""

from __future__ import annotations

import gzip

import pytest

from chat.transport.answers import Answer


def _sent(body: bytes, accepted: str) -> tuple[dict[str, str], bytes]:
    said: list[list[tuple[str, str]]] = []
    parts = Answer("200 OK", body).send({"HTTP_ACCEPT_ENCODING": accepted}, lambda _, headers: said.append(headers))
    return dict(said[0]), b"".join(parts)


@pytest.mark.parametrize("size", [1024, 20_000, 50_000, 1_000_000])
def test_bodies_of_every_size_are_compressed(size: int) -> None:
    body = b'42/chat,["message_new"]\x1e' * (size // 24) + b"x" * (size % 24)
    headers, sent = _sent(body, "gzip, deflate, br")
    assert (headers["Content-Encoding"], headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert len(sent) < size / 5
    assert gzip.decompress(sent) == body


@pytest.mark.parametrize(
    ("size", "accepted"), [(1023, "gzip"), (5000, ""), (5000, "br"), (5000, "gzip;q=0"), (5000, "gzip; q=0, br")]
)
def test_what_goes_as_it_is(size: int, accepted: str) -> None:
    headers, sent = _sent(b"x" * size, accepted)
    assert "Content-Encoding" not in headers
    assert sent == b"x" * size
