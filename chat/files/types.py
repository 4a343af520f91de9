"""What a file is, by its content: nobody's word is taken for it.

Only what browsers show without running anything is shown in place (`INLINE`). Markup is named for what it is and never
shown, and whatever is not known here is bytes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# As much of a file as is looked at.
HEAD_BYTES = 65_536

TEXT = "text/plain"
UNKNOWN = "application/octet-stream"

INLINE = frozenset(
    (
        *("image/jpeg", "image/png", "image/gif", "image/webp"),
        *("video/mp4", "video/webm", "video/ogg"),
        *("audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/flac", "audio/webm"),
        TEXT,
    )
)


class _Magic(NamedTuple):
    at: int
    bytes: bytes
    type: str


_TABLE = (
    _Magic(0, b"\xff\xd8\xff", "image/jpeg"),
    _Magic(0, b"\x89PNG\r\n\x1a\n", "image/png"),
    _Magic(0, b"GIF87a", "image/gif"),
    _Magic(0, b"GIF89a", "image/gif"),
    _Magic(0, b"II*\0", "image/tiff"),
    _Magic(0, b"MM\0*", "image/tiff"),
    _Magic(0, b"\0\0\1\0", "image/x-icon"),
    _Magic(0, b"8BPS", "image/vnd.adobe.photoshop"),
    _Magic(0, b"%PDF-", "application/pdf"),
    _Magic(0, b"%!PS", "application/postscript"),
    _Magic(0, b"{\\rtf", "application/rtf"),
    _Magic(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    _Magic(0, b"\x1f\x8b", "application/gzip"),
    _Magic(0, b"BZh", "application/x-bzip2"),
    _Magic(0, b"\xfd7zXZ\0", "application/x-xz"),
    _Magic(0, b"(\xb5/\xfd", "application/zstd"),
    _Magic(0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    _Magic(0, b"Rar!\x1a\x07", "application/vnd.rar"),
    _Magic(257, b"ustar", "application/x-tar"),
    _Magic(0, b"ID3", "audio/mpeg"),
    _Magic(0, b"\xff\xfb", "audio/mpeg"),
    _Magic(0, b"\xff\xf3", "audio/mpeg"),
    _Magic(0, b"\xff\xf2", "audio/mpeg"),
    _Magic(0, b"\xff\xf1", "audio/aac"),
    _Magic(0, b"\xff\xf9", "audio/aac"),
    _Magic(0, b"fLaC", "audio/flac"),
    _Magic(0, b"MThd", "audio/midi"),
    _Magic(0, b"MZ", "application/vnd.microsoft.portable-executable"),
    _Magic(0, b"\x7fELF", "application/x-executable"),
    _Magic(0, b"SQLite format 3\0", "application/vnd.sqlite3"),
    _Magic(0, b"wOF2", "font/woff2"),
    _Magic(0, b"wOFF", "font/woff"),
    _Magic(0, b"\0asm", "application/wasm"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
# The brand of an MP4 file and its relatives, by its beginning.
_BRANDS = (
    (b"avif", "image/avif"),
    (b"avis", "image/avif"),
    (b"hei", "image/heic"),
    (b"hev", "image/heic"),
    (b"mif1", "image/heic"),
    (b"M4A", "audio/mp4"),
    (b"M4B", "audio/mp4"),
    (b"qt  ", "video/quicktime"),
    (b"3g", "video/3gpp"),
)
# What a track of a WebM file is written in, picture or sound; behind the first cluster begins what they have.
_CODEC = re.compile(rb"\x86[\x82-\xa0](V|A)_[A-Z]")
_CLUSTER = b"\x1f\x43\xb6\x75"
# What a track of an MP4 file is handled by.
_HANDLER = re.compile(rb"hdlr\0{8}(vide|soun)")
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
# A ZIP file that begins with an entry `mimetype`, stored as it is, says itself what it is.
_SAYS = re.compile(rb"mimetype(application/(?:epub\+zip|vnd\.oasis\.opendocument\.[a-z-]{1,40}))", re.ASCII)
_ZIPS = (b"PK\3\4", b"PK\5\6")
_BLANK = b" \t\r\n\f\v"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe|meta|link|style)\b", re.IGNORECASE)


def sniff(head: bytes) -> str:
    """The MIME type of a file that begins with `head`: `HEAD_BYTES` of it, or all."""
    for magic in _TABLE:
        if head.startswith(magic.bytes, magic.at):
            return magic.type
    return _container(head) or _text(head) or UNKNOWN


def _container(head: bytes) -> str | None:
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return next((kind for start, kind in _BRANDS if brand.startswith(start)), None) or _film(
            "mp4", _mp4_tracks(head)
        )
    if head[:4] == b"OggS":
        return "video/ogg" if b"theora" in head[:512] else "audio/ogg"
    if head[:4] == b"\x1aE\xdf\xa3":
        tracks = set(_CODEC.findall(head.partition(_CLUSTER)[0]))
        return _film("webm", tracks) if b"webm" in head[:128] else "video/x-matroska"
    if head[:2] == b"BM" and len(head) >= 14 and head[6:10] == b"\0\0\0\0":
        return "image/bmp"
    return _zip(head) if head.startswith(_ZIPS) else None


def _film(kind: str, tracks: set[bytes]) -> str:
    """What has sound alone, as far as is known, is no film; what a browser has recorded is told so by nothing else."""
    return f"audio/{kind}" if tracks in ({b"A"}, {b"soun"}) else f"video/{kind}"


def _mp4_tracks(head: bytes) -> set[bytes]:
    """Of a file that tells of its tracks before it has them, and of all of them in its head."""
    at = 0
    while at + 8 <= len(head):
        size = int.from_bytes(head[at : at + 4])
        if head[at + 4 : at + 8] == b"moov" and at + size <= len(head):
            return set(_HANDLER.findall(head[at : at + size]))
        if size < 8:
            break
        at += size
    return set()


def _zip(head: bytes) -> str:
    says = _SAYS.match(head, 30)
    if says is not None:
        return says[1].decode()
    if b"[Content_Types].xml" in head[:4096]:
        for folder, kind in _OFFICE:
            if folder in head:
                return kind
    return "application/zip"


def _text(head: bytes) -> str | None:
    """Text in UTF-8. Whatever may be markup to somebody is called so."""
    if _CONTROL.search(head):
        return None
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # The last character may have been cut.
        if len(head) < HEAD_BYTES or error.end < len(head) or error.start < len(head) - 3:
            return None
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANK)
    if _SVG.search(head):
        return "image/svg+xml"
    if _HTML.search(head):
        return "text/html"
    return "application/xml" if start.startswith(b"<") else TEXT
