"""Where things lie: the pages beside the package, the data and the secrets in the data folder."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from chat.config import Settings, SettingsError

_HERE = Path(__file__).parent


def _pages(name: str) -> Path:
    """In a checkout the pages lie at its top; in an installed package, inside it."""
    beside = _HERE.parent / name
    return beside if beside.is_dir() else _HERE / "_files" / name


TEMPLATES = _pages("templates")
STATIC = _pages("static")


def prepare(settings: Settings) -> str:
    """Make the data folder, readable by nobody else, and the secrets in it; returns the key that signs cookies.

    Raises `SettingsError` where the folder can't be made or written.
    """
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _secret_key(folder / "secrets.json")
    except OSError as error:
        raise SettingsError(f"CHAT_DATA_DIR is {str(folder)!r}, which can't be used: {error.strerror}") from error


def _secret_key(path: Path) -> str:
    try:
        # O_EXCL: of two processes that start at once, one makes the file and the other reads it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key: str = json.loads(path.read_text())["secret_key"]
        return key
    key = secrets.token_hex(32)
    with os.fdopen(handle, "w") as file:
        file.write(json.dumps({"secret_key": key}))
        file.flush()
        os.fsync(file.fileno())
    return key
