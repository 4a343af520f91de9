"""What of a message gets a preview, what a page says of itself, and how it is fetched."""

from __future__ import annotations

import gzip
import io
import time
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from PIL import Image

from chat.markup import render
from chat.previews import fetching, links, reading
from chat.previews.reading import Said
from tests.pictures import SECRET, drawn, made, png

HTML = "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nothing", ()),
        ("https://a.example/x?a=1&b=2 and", ("https://a.example/x?a=1&b=2",)),
        ("[words](http://a.example) ![words](https://b.example/cat)", ("http://a.example", "https://b.example/cat")),
        ("https://a.example#one https://a.example#two https://b.example", ("https://a.example", "https://b.example")),
        ("https://a.example https://b.example https://c.example", ("https://a.example", "https://b.example")),
        ("> https://a.example\n\n- https://b.example", ("https://a.example", "https://b.example")),
        ("<https://a.example> https://b.example", ("https://b.example",)),
        ("||https://a.example|| https://b.example", ("https://b.example",)),
        ("||see https://a.example and @ada|| ||**https://b.example**|| https://c.example", ("https://c.example",)),
        ("`https://a.example`\n```\nhttps://b.example\n```", ()),
        ("mailto:ada@a.example ada@a.example tel:123", ()),
        ("https://a.example/" + "x" * 2000, ()),
    ],
)
def test_links_that_stand_in_the_open(text: str, found: tuple[str, ...]) -> None:
    assert links.of(render(text).html) == found


def page(*head: str, title: str = "") -> bytes:
    return f"<!doctype html><html><head><title>{title}</title>{''.join(head)}</head><body>".encode()


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        (page(title=" Only &amp; a\n title "), HTML, Said("Only & a title", "", "", "")),
        (
            page(
                meta("og:title", "The &quot;title&quot;"),
                meta("og:description", "What it is"),
                meta("og:site_name", "Site"),
                meta("og:image", "/cat.png"),
                title="Another",
            ),
            HTML,
            Said('The "title"', "What it is", "Site", "/cat.png"),
        ),
        (
            page(
                "<META NAME=description CONTENT='It is'>",
                "<meta content=Bird name=twitter:title><meta name='twitter:image' content='//a.example/b.png'/>",
            ),
            HTML,
            Said("Bird", "It is", "", "//a.example/b.png"),
        ),
        # The first one counts, and an empty one does not.
        (page(meta("og:title", " "), title="Title"), HTML, Said("Title", "", "", "")),
        (page(meta("og:title", "One"), meta("og:title", "Two")), HTML, Said("One", "", "", "")),
        (page(meta("og:description", "Same"), title="Same"), HTML, Said("Same", "", "", "")),
        # What stands in scripts, comments, pictures and the body is nothing that the page says of itself.
        (
            page(
                "<script>'<meta name=\"og:title\" content=no>'</script>",
                "<!-- <title>no</title> --><svg><title>no</title></svg>",
            )
            + meta("og:title", "no").encode(),
            HTML,
            None,
        ),
        (b"<title></title>", HTML, None),
        (b"<title>unclosed", HTML, None),
        (b"", HTML, None),
        (b'<meta property="og:title" content="cut off', HTML, None),
        ("<title>标题</title>".encode(), "text/html", Said("标题", "", "", "")),
        ("<title>标题</title>".encode("gbk"), "text/html; charset=GBK", Said("标题", "", "", "")),
        ("<meta charset='big5'><title>標題</title>".encode("big5"), "text/html", Said("標題", "", "", "")),
        (
            "<meta http-equiv=Content-Type content='text/html;charset=sjis'><title>題名</title>".encode("shift_jis"),
            "text/html",
            Said("題名", "", "", ""),
        ),
        ("<title>Größe</title>".encode("latin-1"), "text/html; charset=ISO-8859-1", Said("Größe", "", "", "")),
        ("\ufeff<title>题</title>".encode("utf-16-le"), "text/html", Said("题", "", "", "")),
        # Encodings that are none of the web's.
        *((b"<title>plain</title>", f"text/html; charset={name}", Said("plain", "", "", ""))
          for name in ("zip", "hex", "rot13", "idna", "utf-7", "unicode_escape", "punycode", "nonsense", "..")),
        # Disguises and what can't be kept.
        (page(title="safe\u202egnp.exe\u2066\x00\x1b[31m"), HTML, Said("safe gnp.exe [31m", "", "", "")),
        (page(title="&#x202e;evil&#0;"), HTML, Said("evil\ufffd", "", "", "")),
        (page(title="a" + "\u0301" * 100), HTML, None),
        (page(title="\u2800\u3164"), HTML, None),
        (page(title="long " * 100), HTML, Said(("long " * 40)[:199] + "…", "", "", "")),
        (page(title="&#" + "1" * 5000 + ";"), HTML, Said("\ufffd", "", "", "")),
    ],
)  # fmt: skip
def test_what_a_page_says_of_itself(given: bytes, kind: str, said: Said | None) -> None:
    assert reading.read(given, kind) == said


@pytest.mark.parametrize(
    "piece",
    [b"<meta ", b"<!--", b"<!---->", b"<title>", b"<title></title>", b"<script>", b'="', b"<meta a='",
     b"<meta a" + b" a" * 4000, b"<meta  " + b" " * 8000, b"<meta " + b"'" * 8000, b"&", b"&#1", b"<", b"a" * 1000],
)  # fmt: skip
def test_a_megabyte_of_anything_takes_no_time(piece: bytes) -> None:
    """Ten times as much as the slowest takes; what goes back over what it has read would take minutes."""
    began = time.thread_time()
    reading.read(b"<head><meta " + piece * ((1 << 20) // len(piece)), HTML)
    assert time.thread_time() - began < 2


class Answer:
    def __init__(self, body: bytes = b"", status: int = 200, *, whole: bool = True, **headers: str) -> None:
        self.status = status
        self.body = body
        self.whole = whole
        self.headers = {"content-type": HTML, **{name.replace("_", "-"): value for name, value in headers.items()}}


class Web:
    """Answers by address; everything else is not there."""

    def __init__(self, **pages: Answer) -> None:
        self.pages = pages
        self.came: list[str] = []

    def get(self, url: str, headers: Mapping[str, str], /, *, seconds: float, most: int, takes: Sequence[str]) -> Any:
        assert 0 < seconds <= fetching.SECONDS
        self.came.append(url)
        if url not in self.pages:
            raise OSError("nobody is there")
        return self.pages[url]


def fetch(web: Web, url: str = "https://a.example/") -> fetching.Fetched | None:
    return fetching.fetch(web.get, url, {})


def test_redirects_are_followed_three_times_and_each_is_asked_for_anew() -> None:
    steps = ["https://a.example/", "https://a.example/two", "http://b.example/three", "http://c.example/four"]
    hops = ["two#fragment", "http://b.example/three", "//c.example/four"]
    web = Web(**{step: Answer(status=302, location=to) for step, to in zip(steps, hops, strict=False)})
    web.pages[steps[3]] = Answer(page(meta("og:image", "cat.png"), title="Here"))
    found = fetch(web)
    assert found is not None
    assert found.said.title == "Here"
    # The picture stands beside the page that was found; it is not there, which is no reason to go without the rest.
    assert found.picture is None
    assert web.came == [*steps, "http://c.example/cat.png"]
    web.pages[steps[3]] = Answer(status=308, location="five")
    with pytest.raises(OSError, match="too many"):
        fetch(web)


@pytest.mark.parametrize("to", ["http://[::1", "https://a.example/" + "x" * 3000])
def test_a_redirect_to_nothing_that_is_an_address(to: str) -> None:
    with pytest.raises(OSError, match="address"):
        fetch(Web(**{"https://a.example/": Answer(status=302, location=to)}))


def test_a_redirect_without_a_target_and_a_page_without_a_title() -> None:
    assert fetch(Web(**{"https://a.example/": Answer(status=302)})) is None
    assert fetch(Web(**{"https://a.example/": Answer(page())})) is None


@pytest.mark.parametrize("packing", ["gzip", "deflate", "GZIP"])
def test_pages_are_unpacked_so_far(packing: str) -> None:
    pack = gzip.compress if packing.lower() == "gzip" else zlib.compress
    bomb = pack(page(title="Bomb") + b" " * (50 << 20))
    began = time.thread_time()
    found = fetch(Web(**{"https://a.example/": Answer(bomb[:200_000], content_encoding=packing)}))
    assert found is not None
    assert found.said.title == "Bomb"
    assert time.thread_time() - began < 2


@pytest.mark.parametrize(("packing", "body"), [("br", b"x"), ("gzip, gzip", b"x"), ("gzip", b"no gzip")])
def test_what_is_packed_otherwise_is_left(packing: str, body: bytes) -> None:
    with pytest.raises(OSError, match=r"packed|damaged"):
        fetch(Web(**{"https://a.example/": Answer(body, content_encoding=packing)}))


def test_a_picture_comes_whole_or_not_at_all() -> None:
    web = Web(**{"https://a.example/": Answer(page(meta("og:image", "b.png"), title="Here"))})
    for answer, picture in ((Answer(b"png"), b"png"), (Answer(b"pn", whole=False), None), (Answer(status=404), None)):
        web.pages["https://a.example/b.png"] = answer
        found = fetch(web)
        assert found is not None
        assert found.picture == picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_pictures_are_made_small_and_tell_nothing(kind: str) -> None:
    small = fetching.small(made(kind, drawn(900, 600)))
    assert small is not None
    with Image.open(io.BytesIO(small)) as image:
        assert (image.format, image.size) == ("WEBP", (320, 213))
    assert SECRET not in small


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\nbroken", made("PNG", drawn(600, 20)),
     png(6000, 6000), png(30_000, 30_000), made("JPEG")[:300]],
)  # fmt: skip
def test_what_is_no_picture_for_a_card(data: bytes) -> None:
    assert fetching.small(data) is None
