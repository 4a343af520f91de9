"""What the libraries keep private and we rely on is still what it was when the transport was written."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from chat.transport import private
from chat.transport.private import PRIVATE
from tests.transport.harness import ROOT

# In a process of its own, because eventlet must not be imported beside other tests.
PROBE = """
import json
from chat.transport.patch import quiet_eventlet
quiet_eventlet()
from chat.transport.private import PRIVATE, digest

def found(name):
    try:
        return digest(name)
    except (AttributeError, ImportError):
        return "gone"

print(json.dumps({name: found(name) for name in PRIVATE}))
"""


def test_private_names_are_unchanged() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    found = json.loads(done.stdout)
    changed = [
        f"{name} ({why}): was {digest}, is {found[name]}"
        for name, (digest, why) in PRIVATE.items()
        if found[name] != digest
    ]
    assert not changed, "\n".join(
        [
            "A library changed under chat/transport. Read these again, then put the new digests into private.py:",
            *changed,
        ]
    )


def test_what_the_libraries_log_of_clients_is_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    private.library_log.error("Invalid session %s", "a secret")
    assert caplog.records == []
    try:
        raise KeyError
    except KeyError:
        private.library_log.exception("message %s", "a secret")
    (record,) = caplog.records
    assert record.getMessage() == "the Socket.IO libraries failed"
    assert record.exc_info
