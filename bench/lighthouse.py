"""What Lighthouse says of signing in and of a conversation: performance, accessibility, best practices.

Lighthouse is large, so it is in a folder of its own (bench/lighthouse/) and is installed when it is asked for first.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench import page, report
from bench.dialects import Seat
from bench.servers import HUBBUB_ITSELF

FOLDER = Path(__file__).parent / "lighthouse"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Lowest scores of a hundred.
WANTED = {"performance": 95, "accessibility": 100, "best-practices": 100}
PEOPLE, ROOMS, MESSAGES = 60, 20, 400
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
PATIENCE = 180


def lighthouse(rounds: int, say: Callable[[str], None]) -> tuple[bool, str]:
    """Whether all is as good as wanted, by the medians, and a page."""
    command = _command(say)
    filled: dict[str, str] = {}

    def prepare(folder: Path, seats: Sequence[Seat]) -> None:
        filled["session"] = page.fill(folder, seats, MESSAGES)

    scores: dict[str, dict[str, list[float]]] = {}
    missed: dict[str, set[str]] = {}
    with HUBBUB_ITSELF.run(page.plan(PEOPLE, ROOMS), prepare=prepare) as running:
        url = f"http://127.0.0.1:{running.port}"
        member = {"Cookie": f"hubbub_session={filled['session']}"}
        for name, path, headers in (("sign-in", "/signin", {}), ("conversation", "/", member)):
            for _ in range(rounds):
                found = _look(command, f"{url}{path}", headers)
                for category in WANTED:
                    score = round(found["categories"][category]["score"] * 100)
                    scores.setdefault(name, {}).setdefault(category, []).append(score)
                missed.setdefault(name, set()).update(_missed(found))
            say(f"  {name}: {scores[name]}")
    good = all(median(of[category]) >= least for of in scores.values() for category, least in WANTED.items())
    return good, "\n".join(_told(scores, missed, rounds))


def _command(say: Callable[[str], None]) -> list[str]:
    if not (FOLDER / "node_modules" / ".package-lock.json").exists():
        say("  installing Lighthouse")
        subprocess.run(["npm", "ci", "--silent"], cwd=FOLDER, check=True)
    return ["node", str(FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js")]


def _look(command: list[str], url: str, headers: dict[str, str]) -> dict[str, Any]:
    """One report. Raises CalledProcessError with what Lighthouse said."""
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")
    words = [
        *command,
        url,
        "--preset=desktop",
        "--output=json",
        "--quiet",
        f"--only-categories={','.join(WANTED)}",
        f"--extra-headers={json.dumps(headers)}",
        f"--chrome-flags={FLAGS}",
    ]
    environ = {**os.environ, "CHROME_PATH": browser}
    done = subprocess.run(words, env=environ, check=True, capture_output=True, text=True, timeout=PATIENCE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _missed(found: dict[str, Any]) -> set[str]:
    """The audits that cost something."""
    audits = found["audits"]
    counted = [ref["id"] for name in WANTED for ref in found["categories"][name]["auditRefs"] if ref["weight"]]
    return {
        audits[name]["title"]
        for name in counted
        if (audits[name]["score"] or 0) < 0.9 and audits[name]["score"] is not None
    }


def _told(scores: dict[str, dict[str, list[float]]], missed: dict[str, set[str]], rounds: int) -> list[str]:
    lines = ["# Lighthouse", "", *report.machine(pinned=False), ""]
    lines += [f"Medians of {rounds}, of a hundred, on a desktop; in brackets the lowest.", ""]
    lines += [f"| | {' | '.join(WANTED)} |", f"|---|{'---:|' * len(WANTED)}"]
    for name, of in scores.items():
        cells = (f"{median(of[category]):.0f} ({min(of[category]):.0f})" for category in WANTED)
        lines += [f"| {name} | {' | '.join(cells)} |"]
    for name, titles in missed.items():
        lines += ["", f"What {name} could do better: {', '.join(sorted(titles)) or 'nothing that counts'}."]
    return [*lines, ""]
