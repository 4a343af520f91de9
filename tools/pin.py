"""`python -m tools.pin`: writes constraints.txt from what this virtual environment has.

Packages that only another Python or another machine needs are not here, so their lines stay as they are.
"""

from __future__ import annotations

import re
from importlib.metadata import distributions
from pathlib import Path

CONSTRAINTS = Path(__file__).resolve().parents[1] / "constraints.txt"
NOT_OURS = {"hubbub", "pip", "setuptools", "wheel"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, str]:
    return {canonical(found.metadata["Name"]): found.version for found in distributions()}


def pinned() -> dict[str, str]:
    lines = [line for line in CONSTRAINTS.read_text("utf-8").splitlines() if "==" in line]
    return {canonical(name): version for name, version in (line.split("==") for line in lines)}


def main() -> None:
    head = [line for line in CONSTRAINTS.read_text("utf-8").splitlines() if line.startswith("#")]
    versions = {name: version for name, version in (pinned() | installed()).items() if name not in NOT_OURS}
    lines = [*head, *(f"{name}=={versions[name]}" for name in sorted(versions))]
    CONSTRAINTS.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
