"""The head of an HTTP/1.1 request, read strictly. Pure: bytes in, names for the WSGI environment out.

Whatever two programs could read in two ways is refused, so that a proxy in front and we never disagree where a request
ends (request smuggling): lone CR or LF, folded lines, spaces before a colon, control characters, two lengths or hosts.
Source: RFC 9112.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

MOST_BYTES, MOST_LINES = 32_768, 100
# Of the request line, which holds the address.
MOST_LINE_BYTES = 8192

END = b"\r\n\r\n"

_METHOD_AND_TARGET = r"([A-Z]{1,20}) ([\x21-\x7e\x80-\xff]+) HTTP/"
_REQUEST_LINE = re.compile(_METHOD_AND_TARGET + r"1\.([01])\r\n")
_OTHER_VERSION = re.compile(_METHOD_AND_TARGET + r"[0-9]\.[0-9]\r\n")
_LINE = r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)\r\n"
_FIELD, _FIELDS = re.compile(_LINE), re.compile(rf"(?:{_LINE})*\r\n")
_LONE_LF = re.compile(rb"(?<!\r)\n")
_ABSOLUTE = re.compile(r"https?://([^/?#]+)(.*)")
_HOST = re.compile(r"[^\s/?#@\\,]*")
# No body here has a length of more digits.
_LENGTH = re.compile(r"[0-9]{1,18}")

BAD_REQUEST, TOO_LARGE = "400 Bad Request", "431 Request Header Fields Too Large"

# What may be there once only, because readers would choose differently.
_SINGLE = frozenset(("CONTENT_LENGTH", "HTTP_HOST", "HTTP_TRANSFER_ENCODING", "CONTENT_TYPE"))


class BadHead(Exception):
    """A head that is refused; the status belongs into the answer."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class Head(NamedTuple):
    line: str
    """The request line."""
    minor: int
    """The version is 1.0 or 1.1."""
    environ: dict[str, str]
    """The request's own names of the WSGI environment."""


def check_beginning(data: bytes, start: int) -> None:
    """Look at a head that is not whole yet, so that nobody waits for the rest of what is wrong already.

    What is before `start` was looked at before. Raises `BadHead`.
    """
    if not data[:1].isupper() or _LONE_LF.search(data, max(0, start - 1)):
        # TLS for example, which begins with byte 22.
        raise BadHead(BAD_REQUEST)
    if len(data) > MOST_LINE_BYTES and b"\n" not in data[:MOST_LINE_BYTES]:
        raise BadHead("414 URI Too Long")
    if len(data) > MOST_BYTES:
        raise BadHead(TOO_LARGE)


def parse(data: bytes) -> Head:
    """Read a whole head, which ends with an empty line; raises `BadHead`."""
    text = data.decode("latin-1")
    if len(text) > MOST_BYTES:
        raise BadHead(TOO_LARGE)
    found = _REQUEST_LINE.match(text)
    if found is None:
        other = _OTHER_VERSION.match(text)
        raise BadHead("505 HTTP Version Not Supported" if other else BAD_REQUEST)
    start = found.end()
    if start > MOST_LINE_BYTES:
        raise BadHead("414 URI Too Long")
    if _FIELDS.fullmatch(text, start) is None:
        raise BadHead(BAD_REQUEST)
    fields = _FIELD.findall(text, start)
    if len(fields) > MOST_LINES:
        raise BadHead(TOO_LARGE)
    environ = {"REQUEST_METHOD": found[1]}
    for name, text_of_it in fields:
        key, value = _key(name), text_of_it.strip(" \t")
        if key is None:
            continue
        if key not in environ:
            environ[key] = value
        elif key in _SINGLE:
            raise BadHead(BAD_REQUEST)
        else:
            environ[key] += ("; " if key == "HTTP_COOKIE" else ",") + value
    minor = int(found[3])
    _locate(environ, found[2])
    _judge(environ, minor)
    return Head(text[: start - 2], minor, environ)


@lru_cache(maxsize=512)
def _key(name: str) -> str | None:
    """The name in the environment. None for one with an underscore, which could pass for another with a hyphen."""
    if "_" in name:
        return None
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def _locate(environ: dict[str, str], target: str) -> None:
    if target[0] != "/":
        # What a proxy is asked for; the host in it counts, then.
        absolute = _ABSOLUTE.fullmatch(target)
        if absolute is None:
            raise BadHead(BAD_REQUEST)
        environ["HTTP_HOST"], target = absolute[1], absolute[2]
    path, _, environ["QUERY_STRING"] = target.partition("?")
    # "//host" at the beginning would read as another site's address where it is repeated.
    path = "/" + path.lstrip("/")
    environ["PATH_INFO"] = unquote(path, "latin-1") if "%" in path else path


def _judge(environ: dict[str, str], minor: int) -> None:
    host = environ.get("HTTP_HOST")
    if (host is None and minor == 1) or (host and _HOST.fullmatch(host) is None):
        raise BadHead(BAD_REQUEST)
    length, encoding = environ.get("CONTENT_LENGTH"), environ.get("HTTP_TRANSFER_ENCODING")
    if length is not None and _LENGTH.fullmatch(length) is None:
        raise BadHead(BAD_REQUEST)
    if encoding is not None:
        if length is not None or minor == 0:
            raise BadHead(BAD_REQUEST)
        if encoding.lower() != "chunked":
            raise BadHead("501 Not Implemented")
