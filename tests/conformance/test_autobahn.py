"""RFC 6455: the cases of the Autobahn test suite against `echo.py`, run by kosoku.

All but those of compression (12 and 13), which is declined. The suite tells three kinds of success apart: as required,
"non-strict" where the RFC leaves a choice that the suite would make otherwise (6.4: bad UTF-8 is refused with its
message, not with its fragment), and informational where the RFC demands nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.processes import Process

KOSOKU = Path(sys.executable).with_name("kosoku")
# The largest message of 9.1 to 9.8 has 16 MB.
LIMIT = 17 << 20
# Far beyond what it takes.
SECONDS = 100

MESSAGES = {"OK", "NON-STRICT", "INFORMATIONAL"}
CLOSINGS = {"OK", "INFORMATIONAL"}

# How many cases each group has: fewer would mean that kosoku found less to do than we believe.
GROUPS = {
    "1: whole messages": 16,
    "2: pings and pongs": 11,
    "3: reserved bits": 7,
    "4: reserved opcodes": 10,
    "5: fragments, and control frames between them": 20,
    "6: UTF-8": 145,
    "7: closing": 37,
    "9: large messages and many of them": 54,
    "10: automatic fragmentation": 1,
}


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process.echo(tmp_path_factory.mktemp("echo"), LIMIT)
    yield process
    process.end()
    assert process.errors == ""


@pytest.mark.parametrize("group", GROUPS)
def test_cases(echo: Process, tmp_path: Path, group: str) -> None:
    cases = f"{group.partition(':')[0]}.*"
    options = ["--include", cases, "--parallelism", "4", "--outdir", str(tmp_path)]
    command = [str(KOSOKU), *options, f"127.0.0.1:{echo.port}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    report = tmp_path / "index.json"
    assert report.exists(), done.stderr
    (results,) = json.loads(report.read_text()).values()
    failed = {
        number: (case["behavior"], case["behaviorClose"])
        for number, case in results.items()
        if case["behavior"] not in MESSAGES or case["behaviorClose"] not in CLOSINGS
    }
    assert not failed, done.stderr
    assert done.returncode == 0, done.stderr
    assert len(results) >= GROUPS[group]
