"""Pictures: their pixels stay, what they tell beside goes, and what would do harm is refused before it is decoded."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageChops, ImageOps

from chat import pictures
from chat.pictures import BadPicture, Picture, facts
from chat.pictures.decoding import LONGEST, decoded
from tests.pictures import SECRET, TYPES, chunk, drawn, made, moving, png

KINDS = sorted(TYPES)


def cleaned(kind: str, data: bytes) -> tuple[Picture, bytes]:
    target = io.BytesIO()
    return pictures.clean(TYPES[kind], data, target), target.getvalue()


def small(kind: str, data: bytes) -> bytes | None:
    picture, data = cleaned(kind, data)
    return pictures.thumbnail(io.BytesIO(data), len(data), picture)


def frames(data: bytes) -> list[bytes]:
    found = []
    with Image.open(io.BytesIO(data)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            found.append(image.convert("RGBA").tobytes())
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("moves", [False, True])
def test_pixels_stay_and_all_else_goes(kind: str, moves: bool) -> None:
    data = moving(kind) if moves and kind != "JPEG" else made(kind)
    assert SECRET in data
    # What was hung behind the end may be anything: a program, a film, an archive.
    picture, clean = cleaned(kind, data + b"PK\3\4" + SECRET)
    assert SECRET not in clean
    assert b"PK\3\4" not in clean
    assert frames(clean) == frames(data)
    assert picture == Picture(TYPES[kind], 96, 64, 1, 3 if moves and kind != "JPEG" else 1)
    assert cleaned(kind, clean) == (picture, clean)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [3, 6])
def test_how_it_is_turned_stays(kind: str, orientation: int) -> None:
    picture, clean = cleaned(kind, made(kind, orientation=orientation))
    assert (picture.width, picture.height) == ((96, 64) if orientation == 3 else (64, 96))
    assert SECRET not in clean
    with Image.open(io.BytesIO(clean)) as image:
        assert dict(image.getexif()) == {0x0112: orientation}
        upright = ImageOps.exif_transpose(image).convert("RGB")
    with decoded(io.BytesIO(clean), picture, 10_000) as seen:
        assert not ImageChops.difference(seen.convert("RGB"), upright).getbbox()
        assert seen.size == (picture.width, picture.height)


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_one_has_a_small_one(kind: str) -> None:
    found = small(kind, made(kind, drawn(2000, 1000), orientation=6))
    assert found is not None
    assert SECRET not in found
    with Image.open(io.BytesIO(found)) as image:
        assert (image.format, max(image.size)) == ("WEBP", LONGEST)
        assert image.size == ((LONGEST, LONGEST // 2) if kind == "GIF" else (LONGEST // 2, LONGEST))
    assert small(kind, made(kind)) is None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_other_kinds_of_pixels(mode: str) -> None:
    image = Image.new("I;16", (900, 900), 40_000) if mode == "I;16" else drawn(900, 900, mode)
    if mode in ("LA", "RGBA"):
        image.putalpha(100)
    found = small("PNG", made("PNG", image))
    assert found is not None
    with Image.open(io.BytesIO(found)) as shown:
        assert shown.mode == ("RGBA" if mode in ("LA", "RGBA") else "RGB")


def test_colours_for_print() -> None:
    assert small("JPEG", made("JPEG", drawn(900, 900, "CMYK"))) is not None


def test_what_moves_is_shown_moving() -> None:
    assert small("GIF", made("GIF", drawn(900, 900), save_all=True, append_images=[drawn(900, 900, "L")])) is None


@pytest.mark.parametrize("kind", KINDS)
def test_cut_off_anywhere(kind: str) -> None:
    data = moving(kind, 2) if kind != "JPEG" else made(kind)
    for end in range(12, len(data) - 1, max(1, len(data) // 50)):
        try:
            small(kind, data[:end])
        except BadPicture:
            continue
        # Only what is behind the first frame may lack.
        assert kind in ("GIF", "WEBP"), end


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_changed_in_it(kind: str) -> None:
    chance = random.Random(kind)
    data = made(kind)
    for _ in range(60):
        changed = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            changed[chance.randrange(12, len(changed))] = chance.randrange(256)
        try:
            small(kind, bytes(changed))
        except BadPicture:
            continue


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("PNG", png(50_001, 1)),
        ("PNG", png(20_000, 20_000, chunk(b"IDAT", zlib.compress(bytes(1 << 20))))),
        ("PNG", png(0, 5)),
        ("PNG", png(2**31, 2**31)),
        ("GIF", b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + b";"),
        ("WEBP", b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + b"\xff\xff\xff\xff\xff\xff"),
        ("JPEG", b"\xff\xd8\xff\xc2\0\x11\x08\xff\xff\xff\xff\x03" + bytes(9) + b"\xff\xd9"),
    ],
)
def test_bombs_are_known_by_what_they_say_of_themselves(
    kind: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.pictures.decoding._decode", lambda *_: pytest.fail("decoded"))
    with pytest.raises(BadPicture):
        small(kind, data)


def test_more_scans_than_a_picture_needs() -> None:
    """Each is decoded over the whole picture, however few bytes it has."""
    data = made("JPEG", progressive=True)
    at = data.index(b"\xff\xda")
    with pytest.raises(BadPicture):
        small("JPEG", data[:-2] + data[at:-2] * facts.MOST_SCANS + b"\xff\xd9")


def test_more_frames_than_anybody_shows() -> None:
    frame = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\2\2\x44\1\0"
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    assert cleaned("GIF", head + frame * 10 + b";")[0].frames == 10
    with pytest.raises(BadPicture):
        cleaned("GIF", head + frame * (facts.MOST_FRAMES + 1) + b";")


def test_more_parts_than_a_loop_should_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MOST_PARTS", 50)
    with pytest.raises(BadPicture):
        cleaned("PNG", png(5, 5, *[chunk(b"tEXt", b"")] * 60))
    with pytest.raises(BadPicture):
        cleaned("JPEG", b"\xff\xd8" + b"\xff" * 60)


def test_a_picture_that_is_another_size_than_it_says() -> None:
    picture, data = cleaned("PNG", made("PNG"))
    with pytest.raises(BadPicture):
        pictures.thumbnail(io.BytesIO(data), len(data), picture._replace(width=5))
