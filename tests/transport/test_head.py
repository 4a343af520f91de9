"""Heads of requests, literally: what is read, and what is refused because it could be read in two ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.transport.http import head

START = b"GET / HTTP/1.1\r\nHost: a\r\n"


def _status(data: bytes) -> str:
    with pytest.raises(head.BadHead) as caught:
        head.parse(data)
    return caught.value.status.partition(" ")[0]


def test_a_request() -> None:
    read = head.parse(
        b"POST /a%20b//c?d=%20&e HTTP/1.1\r\nhost:localhost:5000\r\nContent-Type: text/plain \r\nContent-Length:\t5\r\n"
        b"X-Two: 1\r\nx-two: 2\r\nCookie: a=1\r\nCookie: b=2\r\nX_Two: 3\r\nX-Latin: \xe9\r\nX-Empty:\r\n\r\n"
    )
    assert (read.line, read.minor) == ("POST /a%20b//c?d=%20&e HTTP/1.1", 1)
    assert read.environ == {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/a b//c",
        "QUERY_STRING": "d=%20&e",
        "HTTP_HOST": "localhost:5000",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "5",
        "HTTP_X_TWO": "1,2",
        "HTTP_COOKIE": "a=1; b=2",
        "HTTP_X_LATIN": "\xe9",
        "HTTP_X_EMPTY": "",
    }


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/\xc3\xa9", "/\xc3\xa9"),
        (b"/%C3%A9", "/\xc3\xa9"),
        (b"//elsewhere/x", "/elsewhere/x"),
        (b"http://elsewhere:80/x?y", "/x"),
        (b"http://elsewhere", "/"),
    ],
)
def test_paths(target: bytes, path: str) -> None:
    read = head.parse(b"GET " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n").environ
    assert read["PATH_INFO"] == path
    assert read["HTTP_HOST"] == ("elsewhere:80" if b":80" in target else "elsewhere" if b"http" in target else "a")


def test_version_1_0_needs_no_host() -> None:
    assert head.parse(b"GET / HTTP/1.0\r\n\r\n").minor == 0


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "400"),
        (START + b"Host: a\r\n\r\n", "400"),
        (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400"),
        (b"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", "400"),
        (b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        (b" GET / HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        (b"get / HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        (b"GET * HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        (b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        (b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505"),
        (b"GET /\r\n\r\n", "400"),
        (START + b"X : y\r\n\r\n", "400"),
        (START + b": y\r\n\r\n", "400"),
        (START + b"X\r\n\r\n", "400"),
        (START + b"X: y\r\n z\r\n\r\n", "400"),
        (START + b"X: y\rz\r\n\r\n", "400"),
        (START + b"X: y\nZ: z\r\n\r\n", "400"),
        (START + b"X: \x7f\r\n\r\n", "400"),
        (START + b"\xe9: y\r\n\r\n", "400"),
        (START + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\n", "400"),
        (START + b"Content-Length: 1, 1\r\n\r\n", "400"),
        (START + b"Content-Length: +1\r\n\r\n", "400"),
        (START + b"Content-Length: \xb2\r\n\r\n", "400"),
        (START + b"Content-Length:\r\n\r\n", "400"),
        (START + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
        (START + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
        (START + b"Transfer-Encoding: identity\r\n\r\n", "501"),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", "414"),
        (START + b"X: " + b"y" * 40_000 + b"\r\n\r\n", "431"),
        (START + b"X: y\r\n" * 100 + b"\r\n", "431"),
    ],
)
def test_what_is_refused(data: bytes, status: str) -> None:
    assert _status(data) == status


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01", "400"),
        (b"\r\n", "400"),
        (b"GET / HTTP/1.1\nHost", "400"),
        (b"GET /" + b"x" * 9000, "414"),
        (START + b"X: " + b"y" * 40_000, "431"),
    ],
)
def test_what_need_not_be_waited_for(data: bytes, status: str) -> None:
    with pytest.raises(head.BadHead) as caught:
        head.check_beginning(data, 0)
    assert caught.value.status.startswith(status)
    head.check_beginning(START + b"X: y\r", 0)


@given(
    st.lists(st.sampled_from([START, b"\r\n", b"\n", b"\r", b" ", b":", b"X: y", b"Content-Length: 5", b"\0", b"\xff"]))
)
def test_nothing_else_is_raised(parts: list[bytes]) -> None:
    data = b"".join(parts)
    try:
        read = head.parse(data)
    except head.BadHead:
        return
    assert data.endswith(head.END)
    assert not {"\r", "\n", "\0"} & set("".join(read.environ.values()))
