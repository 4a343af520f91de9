"""JavaScript that tests run inside a page: a function a file."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def script(name: str) -> str:
    return (Path(__file__).parent / f"{name}.js").read_text()
