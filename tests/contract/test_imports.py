"""Who may import whom, as pyproject.toml says; and importing does nothing."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import chat
from tools.generate.__main__ import ROOT

# In a fresh interpreter: import every module and report whatever that does to the world. The libraries come first,
# since what they do is theirs.
PROBE = """
import importlib, sys
import alembic, flask_babel, flask_socketio, flask_wtf

ACTS = {"socket.bind", "socket.connect", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen", "os.mkdir"}
seen = []

def watch(event, args):
    acts = event in ACTS or (event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"))
    if acts:
        seen.append(f"{name}: {event} {args}")

sys.addaudithook(watch)
for name in sys.argv[1:]:
    importlib.import_module(name)
sys.exit("\\n".join(seen) or 0)
"""


def _modules() -> list[str]:
    found = [module.name for module in pkgutil.walk_packages(chat.__path__, "chat.")]
    # These are programs: they run when they are imported.
    return [name for name in found if name != "chat.__main__" and ".migrations" not in name]


def test_contracts_are_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_importing_does_nothing() -> None:
    # -B: what Python keeps of what it has compiled is its own doing, and would be seen as a file that is written.
    done = subprocess.run(
        [sys.executable, "-B", "-c", PROBE, *_modules()], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
