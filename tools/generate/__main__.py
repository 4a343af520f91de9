"""`python -m tools.generate [--check]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from tools.generate import asyncapi, commands_md, events_js, events_md, metrics_md, settings_md

ROOT = Path(__file__).resolve().parents[2]

WRITERS: dict[str, Callable[[], str]] = {
    "static/js/events.js": events_js.write,
    "docs/events.md": events_md.write,
    "docs/asyncapi.json": asyncapi.write,
    "docs/settings.md": settings_md.write,
    "docs/commands.md": commands_md.write,
    "docs/metrics.md": metrics_md.write,
}


def outdated(root: Path = ROOT) -> list[str]:
    """The generated files that differ from what their source would give now."""
    return [name for name, write in WRITERS.items() if _read(root / name) != write()]


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.generate", description="Write the generated files.")
    parser.add_argument("--check", action="store_true", help="only compare; fail where a file differs")
    check = parser.parse_args().check
    names = outdated()
    for name in names:
        if check:
            print(f"{name} is not what its source gives; run: make generate", file=sys.stderr)
        else:
            path = ROOT / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(WRITERS[name](), "utf-8")
            print(f"wrote {name}")
    return 1 if check and names else 0


if __name__ == "__main__":
    sys.exit(main())
