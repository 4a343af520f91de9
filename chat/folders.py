"""Where things lie: the pages beside the package, the data and the secrets in the data folder."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import time
from pathlib import Path

from chat.config import Settings, SettingsError

_HERE = Path(__file__).parent


def _pages(name: str) -> Path:
    """In a checkout the pages lie at its top; in an installed package, inside it."""
    beside = _HERE.parent / name
    return beside if beside.is_dir() else _HERE / "_files" / name


TEMPLATES = _pages("templates")
STATIC = _pages("static")


def build(static: Path) -> str:
    """A name for the static files as they are now, which changes with any of them."""
    total = hashlib.sha256()
    for path in sorted(p for p in static.rglob("*") if p.is_file()):
        total.update(f"{path.relative_to(static).as_posix()}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:12]


def prepare(settings: Settings) -> str:
    """Make the data folder, readable by nobody else, and the secrets in it; returns the key that signs cookies.

    Raises `SettingsError` where the folder can't be made or written.
    """
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return _secret_key(folder / "secrets.json")
    except OSError as error:
        raise SettingsError(f"CHAT_DATA_DIR is {str(folder)!r}, which can't be used: {error.strerror}") from error


def _secret_key(path: Path) -> str:
    try:
        # O_EXCL: of two processes that start at once, one makes the file and the other reads it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_key(path)
    key = secrets.token_hex(32)
    with os.fdopen(handle, "w") as file:
        file.write(json.dumps({"secret_key": key}))
        file.flush()
        os.fsync(file.fileno())
    return key


def _kept_key(path: Path) -> str:
    text = ""
    for _ in range(20):
        text = path.read_text("utf-8", "replace")
        if text:
            break
        # The other process has made the file and not written it yet.
        time.sleep(0.05)
    try:
        key = json.loads(text)["secret_key"]
    except (ValueError, KeyError, TypeError):
        key = None
    if not isinstance(key, str) or len(key) < 32:
        raise SettingsError(f"{path} is damaged; delete it and a new one is made")
    return key
