"""One link to what its page says of itself: redirects, bounds, the picture. Waits, so it is called on a thread.

To which servers a request may go at all is decided by what makes the requests, for each of them anew
(`transport/outgoing.py`).
"""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol
from urllib.parse import urldefrag, urljoin

from chat import pictures
from chat.files import types as filetypes
from chat.pictures import BadPicture
from chat.pictures.decoding import encoded
from chat.previews import reading
from chat.previews.links import MOST_CHARACTERS
from chat.previews.reading import Said

# For all of it, the picture included.
SECONDS = 5.0
MOST_REDIRECTS = 3
# Of a page, as it comes and unpacked; of a picture.
PAGE_BYTES = 256 << 10
UNPACKED_BYTES = 1 << 20
PICTURE_BYTES = 5 << 20
HTML = ("text/html", "application/xhtml+xml")
_REDIRECTS = (301, 302, 303, 307, 308)
_PACKED = ("gzip", "x-gzip", "deflate")

# What is made of a picture: twice as large as cards show it, and none of what is there only to be counted.
SIDE = 320
LEAST_SIDE = 48
# Strangers' pictures are worth less of a processor than those of people here.
MOST_PIXELS = 25_000_000


class Answer(Protocol):
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...
    @property
    def whole(self) -> bool: ...


class Get(Protocol):
    """Makes one request to an address that is fit for it, and returns the answer; raises OSError."""

    def __call__(
        self, url: str, headers: Mapping[str, str], /, *, seconds: float, most: int, takes: Sequence[str]
    ) -> Answer: ...


class Fetched(NamedTuple):
    """`picture` as it came."""

    said: Said
    picture: bytes | None


def fetch(get: Get, url: str, headers: Mapping[str, str]) -> Fetched | None:
    """What the page says; None for one that says nothing. Raises OSError where there is no answer."""
    deadline = time.monotonic() + SECONDS
    at, answer = _followed(get, url, headers, deadline, most=PAGE_BYTES, takes=HTML)
    if not answer.body:
        return None
    said = reading.read(_unpacked(answer), answer.headers.get("content-type", ""))
    if said is None:
        return None
    return Fetched(said, _picture(get, _joined(at, said.picture), headers, deadline) if said.picture else None)


def small(data: bytes) -> bytes | None:
    """A small WebP of a picture, nothing of which is left but its pixels; None for what is none, or too much of one.

    Takes up to a second or two of a processor.
    """
    kind = filetypes.sniff(data[: filetypes.HEAD_BYTES])
    if kind not in pictures.TYPES:
        return None
    cleaned = io.BytesIO()
    try:
        found = pictures.clean(kind, data, cleaned)
        if min(found.width, found.height) < LEAST_SIDE or found.width * found.height > MOST_PIXELS:
            return None
        cleaned.seek(0)
        with pictures.decoded(cleaned, found, SIDE) as image:
            return encoded(image, SIDE)
    except BadPicture:
        return None


def _picture(get: Get, url: str, headers: Mapping[str, str], deadline: float) -> bytes | None:
    """A page without its picture is better than none."""
    try:
        _, answer = _followed(get, url, headers, deadline, most=PICTURE_BYTES, takes=tuple(pictures.TYPES))
        body = _unpacked(answer) if "content-encoding" in answer.headers else answer.body
    except OSError:
        return None
    return body if body and answer.whole else None


def _followed(
    get: Get, url: str, headers: Mapping[str, str], deadline: float, *, most: int, takes: Sequence[str]
) -> tuple[str, Answer]:
    """Where it led to, and what is there. Raises OSError, also for too many redirects and no time left."""
    for _ in range(MOST_REDIRECTS + 1):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("too slow")
        answer = get(url, headers, seconds=left, most=most, takes=takes)
        target = answer.headers.get("location")
        if answer.status not in _REDIRECTS or not target:
            return url, answer
        url = _joined(url, target)
    raise OSError("too many redirects")


def _joined(base: str, target: str) -> str:
    """Raises OSError for what is no address, or a very long one."""
    try:
        found = urldefrag(urljoin(base, target.strip())).url
    except ValueError as error:
        raise OSError("no address") from error
    if len(found) > MOST_CHARACTERS:
        raise OSError("a very long address")
    return found


def _unpacked(answer: Answer) -> bytes:
    """The body, as far as it may be unpacked. Raises OSError for what is packed in another way."""
    packing = answer.headers.get("content-encoding", "identity").strip().lower()
    if packing in ("", "identity"):
        return answer.body
    if packing not in _PACKED:
        raise OSError("packed in an unknown way")
    try:
        # Either of the two, by its first bytes.
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(answer.body, UNPACKED_BYTES)
    except zlib.error as error:
        raise OSError("damaged") from error
