"""`hubbub doctor`: what on this machine would keep the server from running well, and what to do about it."""

from __future__ import annotations

import resource
import shutil
import socket
import sqlite3
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from typing import Literal, NamedTuple

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from chat import folders
from chat.config import Settings, SettingsError
from chat.storage import StorageError, open_backend
from chat.store.dialects import open_engine
from chat.store.schema import HEAD
from chat.store.schema import version as schema_version

PACKAGES = ("flask", "flask-socketio", "python-socketio", "python-engineio", "eventlet", "sqlalchemy", "msgspec")
FILES_WANTED = 10_000
DISK_WANTED = 500 << 20
CLOCK_FROM = 1_760_000_000  # a clock before this software was written is wrong


class Finding(NamedTuple):
    """`wrong` must be mended, `watch` may matter, `good` is as it should be."""

    level: Literal["good", "watch", "wrong"]
    subject: str
    text: str


def examine(settings: Settings) -> list[Finding]:
    """All checks; none of them changes anything but the data folder, which is made where it is missing."""
    return [
        _python(),
        *_packages(),
        _folder(settings),
        _disk(settings),
        _storage(settings),
        _database(settings),
        _port(settings),
        _files(),
        _clock(),
        _pages(),
        _reach(settings),
    ]


def _python() -> Finding:
    return Finding("good", "Python", ".".join(map(str, sys.version_info[:3])))


def _packages() -> list[Finding]:
    found = []
    for name in PACKAGES:
        try:
            found.append(Finding("good", name, version(name)))
        except PackageNotFoundError:
            found.append(Finding("wrong", name, "not installed; run `make run`, or `pip install .`"))
    if sqlite3.sqlite_version_info < (3, 35):
        found.append(Finding("wrong", "SQLite", f"{sqlite3.sqlite_version}; 3.35 or newer is needed."))
    return found


def _folder(settings: Settings) -> Finding:
    try:
        folders.prepare(settings)
    except SettingsError as error:
        return Finding("wrong", "data folder", f"{error}. Choose another, or change its owner.")
    if (settings.data_dir / "secrets.json").stat().st_mode & 0o077:
        return Finding("wrong", "secrets", f"others can read them: chmod 600 {settings.data_dir}/secrets.json")
    return Finding("good", "data folder", str(settings.data_dir.absolute()))


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data_dir if settings.data_dir.is_dir() else ".").free
    shown = f"{free >> 20:,} MiB free"
    return Finding(
        "good" if free > DISK_WANTED else "watch", "disk", shown if free > DISK_WANTED else f"{shown}; make room."
    )


def _storage(settings: Settings) -> Finding:
    try:
        return Finding("good", "files", f"in {open_backend(settings).check()}")
    except SettingsError as error:
        return Finding("wrong", "files", f"{error}.")
    except StorageError as error:
        what = "check CHAT_FILES_S3_*" if settings.files_s3_bucket else "look at the folder"
        return Finding("wrong", "files", f"they can't be kept ({error}); {what}.")


def _database(settings: Settings) -> Finding:
    kind = "PostgreSQL" if settings.database_url.startswith("postgresql") else "SQLite"
    try:
        engine = open_engine(settings.database, writer=False)
        with engine.connect() as conn:
            conn.execute(text("SELECT 1"))
            at = schema_version(conn)
        engine.dispose()
    except SettingsError as error:
        return Finding("wrong", "database", f"{error}.")
    except SQLAlchemyError as error:
        what = "check CHAT_DATABASE_URL" if settings.database_url else "look at the data folder"
        return Finding("wrong", "database", f"{kind} does not answer ({type(error).__name__}); {what}.")
    if at is None:
        return Finding("good", "database", f"{kind}, still empty; the first start fills it.")
    if at > HEAD:
        return Finding("wrong", "database", f"{kind} was written by a newer Hubbub; update this one.")
    return Finding(
        "good", "database", f"{kind}, {'up to date' if at == HEAD else 'will be migrated at the next start'}."
    )


def _port(settings: Settings) -> Finding:
    subject = f"port {settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            return Finding("watch", subject, f"{error.strerror}. Hubbub may be running; else set CHAT_PORT.")
    return Finding("good", subject, f"free on {settings.host}")


def _files() -> Finding:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES_WANTED:
        return Finding(
            "watch", "open files", f"at most {hard:,}, so fewer people can connect; raise it with `ulimit -Hn`."
        )
    return Finding("good", "open files", "no limit" if hard == resource.RLIM_INFINITY else f"up to {hard:,}")


def _clock() -> Finding:
    if time.time() < CLOCK_FROM:
        return Finding("wrong", "clock", f"it says {time.strftime('%Y-%m-%d')}; set it, or messages are dated wrongly.")
    return Finding("good", "clock", time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()))


def _pages() -> Finding:
    if not (folders.STATIC / "vendor" / "icons.svg").is_file():
        return Finding("wrong", "pages", "the browser's packages are missing; run `make run` once, with a network.")
    return Finding("good", "pages", "complete")


def _reach(settings: Settings) -> Finding:
    exposed = settings.host not in ("127.0.0.1", "::1", "localhost")
    if exposed and not settings.https:
        return Finding(
            "watch", "encryption", "others reach this without https; put a proxy in front, set CHAT_PUBLIC_URL."
        )
    if settings.rate_limits == "off":
        return Finding("watch", "rate limits", "they are off, which is for benchmarks only.")
    return Finding("good", "reach", settings.public_url or f"this machine only, at {settings.host}")
