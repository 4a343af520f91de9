"""The benchmark of pictures, with a small one."""

from __future__ import annotations

from dataclasses import replace

from bench.pictures import LOADS, pictures


def test_what_is_uploaded_is_taken_and_told() -> None:
    said: list[str] = []
    page = pictures(said.append, [replace(LOADS[-1], megapixels=1)])
    assert page.splitlines()[-1] == said[0]
    assert said[0].startswith("| a WebP, as large as it may be | 1 |")
