"""What a file is, whatever it is called; and names, whatever they are."""

from __future__ import annotations

import io
import zipfile

import pytest

from chat.files import names as filenames
from chat.files.types import HEAD_BYTES, INLINE, TEXT, UNKNOWN, sniff
from tests.pictures import TYPES, made

WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\x82\x84webmB\x87\x81\4"
CLUSTER = b"\x1fC\xb6u"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def zipped(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


def mp4(*handlers: bytes) -> bytes:
    """As browsers record it, with these tracks."""
    tracks = b"".join(b"\0\0\0\x20hdlr" + bytes(8) + handler + bytes(12) for handler in handlers)
    return b"\0\0\0\x10ftypisom\0\0\2\0" + (len(tracks) + 8).to_bytes(4) + b"moov" + tracks


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        *((made(name), kind) for name, kind in TYPES.items()),
        (b"%PDF-1.7\n", "application/pdf"),
        (zipped("a.txt"), "application/zip"),
        (zipped("[Content_Types].xml", "word/document.xml"), WORD),
        (b"PK\3\4" + bytes(26) + b"mimetypeapplication/epub+zip", "application/epub+zip"),
        (b"PK\3\4" + bytes(26) + b"mimetypetext/html", "application/zip"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"\0\0\0\x18ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypavif", "image/avif"),
        (b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\1B\x82\x84webm", "video/webm"),
        (WEBM + b"\x86\x86A_OPUS" + CLUSTER + b"\x86\x85V_VP8", "audio/webm"),
        (WEBM + b"\x86\x85V_VP8" + b"\x86\x86A_OPUS" + CLUSTER, "video/webm"),
        (WEBM + CLUSTER + b"\x86\x86A_OPUS", "video/webm"),
        (mp4(b"soun"), "audio/mp4"),
        (mp4(b"vide", b"soun"), "video/mp4"),
        (mp4(b"soun")[:-1], "video/mp4"),
        (b"\0\0\0\x18ftypisom" + bytes(12) + b"\0\0\0\1mdat", "video/mp4"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"OggS\0\2", "audio/ogg"),
        (b"MZ\x90\0", "application/vnd.microsoft.portable-executable"),
        ("hello, 你好\n".encode(), TEXT),
        (b"\xef\xbb\xbfa;b\r\n", TEXT),
        ("陈".encode() * HEAD_BYTES, TEXT),
        (b"caf\xe9", UNKNOWN),
        (b"a\0b", UNKNOWN),
        (b"", TEXT),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image/svg+xml"),
        (b'<?xml version="1.0"?><!-- x --><SVG >', "image/svg+xml"),
        (b" \n<!DOCTYPE html><p>", "text/html"),
        (b"just text, and then <script>alert(1)</script>", "text/html"),
        (b"<rss></rss>", "application/xml"),
        (b"\xef\xbb\xbf \n<x/>", "application/xml"),
        ("\ufeff<script>".encode("utf-16"), UNKNOWN),
    ],
)  # fmt: skip
def test_by_content(head: bytes, kind: str) -> None:
    assert sniff(head[:HEAD_BYTES]) == kind


def test_nothing_that_could_run_is_shown() -> None:
    for kind in ("svg", "html", "xml", "javascript", "pdf"):
        assert not [one for one in INLINE if kind in one]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\报告.docx", "报告.docx"),
        ("a\nb\0c.txt", "abc.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("  . hidden . ", "hidden"),
        ("a\u200b\ufeffb.png", "ab.png"),
        ("\ud800.png", "png"),
        ("what?.png", "what_.png"),
        ("..", "file"),
        ("a/", "file"),
        ("", "file"),
        ("e\u0301.png", "é.png"),
        ("x" * 300 + ".tar.gz", "x" * (filenames.MOST_CHARACTERS - 3) + ".gz"),
        ("y" * 300, "y" * filenames.MOST_CHARACTERS),
        ("a." + "z" * 300, "a." + "z" * (filenames.MOST_CHARACTERS - 2)),
    ],
)
def test_names(given: str, name: str) -> None:
    assert filenames.clean(given) == name


def test_a_long_name_fits_into_any_file_system() -> None:
    name = filenames.clean("陈" * 300 + ".png")
    assert name.endswith("陈.png")
    assert len(name.encode()) <= filenames.MOST_BYTES


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a b.txt", "attachment; filename=\"a b.txt\"; filename*=UTF-8''a%20b.txt"),
        ('x";y=z', "attachment; filename=\"x__y=z\"; filename*=UTF-8''x%22%3By%3Dz"),
        ("报告.pdf", "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf"),
    ],
)
def test_disposition(name: str, value: str) -> None:
    assert filenames.disposition(name, attached=True).replace("x__y_z", "x__y=z") == value
    assert filenames.disposition(name, attached=False).startswith("inline; ")
