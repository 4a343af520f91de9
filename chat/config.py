"""Every setting: name, type, default and one line of help. `CHAT_*` in the environment or in a `.env` file.

The table is the class itself: `docs/settings.md` is generated from it. An unknown `CHAT_*` name or a wrong value raises
`SettingsError`, whose text says what is right.
"""

from __future__ import annotations

import dataclasses
import difflib
import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream

PREFIX = "CHAT_"
# A name, or an address of IPv4 or IPv6.
_HOST = re.compile(r"[a-z0-9_][a-z0-9._-]*|[0-9a-f:.]+")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# What RFC 8292 lets a server say of whom to write to; an address of nowhere is refused by some services.
_CONTACT = re.compile(r"mailto:[^\s@:,]+@[^\s@:,]+\.[^\s@:,.]+|https://[^\s/@]+(?:/\S*)?")


class SettingsError(ValueError):
    """A setting that is unknown or wrong; the text is one line for the person who starts the server."""


def setting(
    default: Any, text: str, *, low: float | None = None, high: float | None = None, secret: bool = False
) -> Any:
    return field(default=default, metadata={"help": text, "low": low, "high": high, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one process, checked."""

    host: str = setting("127.0.0.1", "Address to listen on; 0.0.0.0 lets other machines connect.")
    port: int = setting(5000, "Port to listen on; 0 takes a free one.", low=0, high=65535)
    data_dir: Path = setting(Path("data"), "Folder for the database, the secrets and the uploaded files.")
    database_url: str = setting(
        "", "SQLAlchemy URL of a PostgreSQL database; empty means SQLite in the data folder.", secret=True
    )
    redis_url: str = setting(
        "", "URL of a Redis that joins several processes of this server: redis://, rediss:// or unix://.", secret=True
    )
    public_url: str = setting(
        "",
        "The address that people type, such as https://chat.example.org; sets links, cookies and the allowed origin.",
    )
    allowed_origins: tuple[str, ...] = setting((), "Further web origins, separated by commas, whose pages may connect.")
    trusted_proxies: int = setting(
        0, "How many proxies in front add X-Forwarded-* headers; 0 ignores these headers.", low=0, high=10
    )
    transport: Literal["own", "stock"] = setting(
        "own", "Socket transport; stock is the libraries' own, slower and less protected: to compare, or if all fails."
    )
    rate_limits: Literal["on", "off"] = setting(
        "on", "Token buckets for commands, sign-in and connecting; off is for benchmarks."
    )
    page_files: Literal["joined", "single"] = setting(
        "joined",
        "How the conversation's scripts and styles reach a browser: joined is quicker, single is for work on them.",
    )
    registration: Literal["closed", "open"] = setting(
        "closed", "open lets anyone who reaches the page make an account."
    )
    guests: Literal["off", "on"] = setting(
        "off", "on lets people look in and talk under a nickname, without an account."
    )
    invites: Literal["staff", "members"] = setting(
        "staff", "Whose invite links let newcomers make an account: of owners and admins only, or of all members."
    )
    help_open: int = setting(
        500, "Help conversations that may be open at once; who comes then is asked to come back.", low=1, high=100_000
    )
    help_new_per_hour: int = setting(
        10, "Help conversations that visitors from one address may begin in an hour.", low=1, high=10_000
    )
    help_files: Literal["on", "off"] = setting(
        "on", "off takes no files from visitors of help windows; those who answer may send some all the same."
    )
    help_file_mb: int = setting(
        10, "Largest file that a visitor may send, in MiB; never more than CHAT_FILES_LARGEST_MB.", low=1, high=100_000
    )
    help_visitor_mb: int = setting(50, "MiB that one visitor's files may take together.", low=1, high=1_000_000)
    help_visitors_mb: int = setting(2048, "MiB that all visitors' files may take together.", low=1, high=1_000_000_000)
    help_messages_per_minute: int = setting(30, "Messages that one visitor may send in a minute.", low=1, high=10_000)
    help_messages_per_second: int = setting(
        50, "Messages that all visitors together may send to one process in a second.", low=1, high=10_000
    )
    help_windows: int = setting(
        1000, "Help windows that one process lets web sites' visitors have open at once.", low=1, high=100_000
    )
    help_windows_per_address: int = setting(
        100, "Help windows that visitors from one address may have open at once.", low=1, high=100_000
    )
    push_text: Literal["on", "off"] = setting(
        "on", "What is pushed to devices says what was written, for their browser alone to read; off leaves that out."
    )
    push_contact: str = setting(
        "", "Whom push services may write to about our pushes: mailto: or https://; empty is CHAT_PUBLIC_URL."
    )
    push_local: Literal["off", "on"] = setting(
        "off", "on lets pushes go to private addresses and without TLS, for tests of a push service of one's own."
    )
    link_previews: Literal["on", "off"] = setting(
        "on", "The server fetches pages that messages link to, and shows their titles; off asks nobody."
    )
    link_previews_local: Literal["off", "on"] = setting(
        "off", "on lets it fetch from private addresses and all ports too, for tests and trusted members alone."
    )
    language: Literal["en", "zh-Hans"] = setting(
        "en", "Language for people whose browser asks for neither English nor Chinese."
    )
    accent_hue: int = setting(195, "Hue of the accent colour in degrees (OKLCH).", low=0, high=360)
    edit_minutes: int = setting(
        0, "Minutes for which people may edit what they said; 0 means for ever.", low=0, high=525_600
    )
    retention_days: int = setting(
        0, "Days after which messages and their files are deleted; 0 keeps them for ever.", low=0, high=36_500
    )
    files: Literal["on", "off"] = setting("on", "off takes no uploads; what is there already can still be read.")
    files_largest_mb: int = setting(100, "Largest file that can be uploaded, in MiB.", low=1, high=100_000)
    files_account_mb: int = setting(
        2048, "MiB that one account's files may take together; 0 means no limit.", low=0, high=1_000_000_000
    )
    files_total_mb: int = setting(
        0, "MiB that all files may take together; 0 means what the disk has.", low=0, high=1_000_000_000
    )
    files_s3_bucket: str = setting("", "Bucket for the files, in place of the data folder; needs hubbub[s3].")
    files_s3_endpoint: str = setting("", "Address of the bucket's server; empty means Amazon's.")
    files_s3_region: str = setting("us-east-1", "Region of the bucket.")
    files_s3_key: str = setting("", "Access key of the bucket; empty takes what the machine has.", secret=True)
    files_s3_secret: str = setting("", "Secret of that access key.", secret=True)
    session_days: int = setting(30, "Days without a visit after which a browser is signed out.", low=1, high=3650)
    connections_per_user: int = setting(20, "Connections that one account may hold at once.", low=1, high=10_000)
    rooms_per_user: int = setting(1000, "Rooms that one account may be in.", low=1, high=100_000)
    packet_bytes: int = setting(65_536, "Largest packet that a client may send.", low=1024, high=10_000_000)
    ping_interval: float = setting(25.0, "Seconds between heartbeats.", low=0.1, high=300)
    ping_timeout: float = setting(
        20.0, "Seconds without an answer to a heartbeat after which a connection is closed.", low=0.1, high=300
    )
    header_timeout: float = setting(
        10.0, "Seconds in which a client must have sent the head of an HTTP request.", low=0.1, high=300
    )
    idle_timeout: float = setting(75.0, "Seconds for which an unused HTTP connection is kept.", low=0.1, high=3600)
    drain_seconds: float = setting(
        10.0, "Seconds that a stopping server takes to close its connections.", low=0, high=300
    )
    metrics_token: str = setting(
        "",
        "At least 16 characters that open /metrics from elsewhere, as Authorization: Bearer; empty means from this"
        " machine only.",
        secret=True,
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting("info", "Least severe log line to write.")
    log_format: Literal["console", "json"] = setting("console", "Log lines for people or for programs.")

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'hubbub.db'}"

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
        """Read the environment over the `.env` file.

        Raises `SettingsError` for an unknown name or a wrong value.
        """
        values = {} if env_file is None else _of_file(env_file)
        values.update(os.environ if environ is None else environ)
        return cls.parse({k: v for k, v in values.items() if k.startswith(PREFIX)})

    def with_values(self, values: Mapping[str, str]) -> Settings:
        """These settings but for some, by the names of the fields and as texts. Raises `SettingsError`."""
        hints = get_type_hints(type(self))
        fields = {field.name: field for field in dataclasses.fields(self)}
        if unknown := values.keys() - fields.keys():
            raise SettingsError(f"{min(unknown)} is not a setting")
        parsed = {
            name: _value(PREFIX + name.upper(), text.strip(), hints[name], fields[name].metadata)
            for name, text in values.items()
        }
        return dataclasses.replace(self, **parsed)

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> Settings:
        hints = get_type_hints(cls)
        fields = {PREFIX + f.name.upper(): f for f in dataclasses.fields(cls)}
        parsed: dict[str, Any] = {}
        for name, text in values.items():
            spec = fields.get(name)
            if spec is None:
                close = difflib.get_close_matches(name, fields, 1)
                hint = f"; did you mean {close[0]}?" if close else "; docs/settings.md lists them"
                raise SettingsError(f"{name} is not a setting{hint}")
            parsed[spec.name] = _value(name, text.strip(), hints[spec.name], spec.metadata)
        return cls(**parsed)


def bounds(name: str) -> tuple[float, float]:
    """The least and the most that a number can be, by the name of its field."""
    found = next(one for one in dataclasses.fields(Settings) if one.name == name).metadata
    return found["low"], found["high"]


def _of_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeError) as error:
        why = "it is not in UTF-8" if isinstance(error, UnicodeError) else error.strerror
        raise SettingsError(f"{path} can't be read: {why}") from error
    for line in parse_stream(io.StringIO(text)):
        # The file may be shared with other programs, whose lines are theirs.
        if line.error and PREFIX in line.original.string:
            raise SettingsError(f"{path} has a line {line.original.line} that is not like NAME=value")
    return {name: value or "" for name, value in dotenv_values(stream=io.StringIO(text)).items()}


def _value(name: str, text: str, kind: Any, metadata: Mapping[str, Any]) -> Any:
    if get_origin(kind) is Literal:
        choices = get_args(kind)
        if text not in choices:
            raise SettingsError(f"{name} is {text!r}, but must be one of: {', '.join(choices)}")
        return text
    if kind in (int, float):
        return _number(name, text, kind, metadata)
    if kind is Path:
        if not text:
            raise SettingsError(f"{name} is empty, but must be a folder")
        return Path(text).expanduser()
    return _tuple_or_text(name, text)


def _tuple_or_text(name: str, text: str) -> Any:
    if name == "CHAT_HOST" and not text:
        raise SettingsError(f"{name} is empty, but must be an address; 0.0.0.0 is all that this machine has")
    if name in ("CHAT_PUBLIC_URL", "CHAT_ALLOWED_ORIGINS"):
        origins = tuple(_origin(name, part.strip()) for part in text.split(",") if part.strip())
        if name == "CHAT_ALLOWED_ORIGINS":
            return origins
        if len(origins) > 1:
            raise SettingsError(f"{name} must be one address")
        return origins[0] if origins else ""
    if (
        name == "CHAT_DATABASE_URL"
        and text
        and not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg2://"))
    ):
        raise SettingsError(f"{name} must begin with postgresql:// or sqlite:///")
    if name == "CHAT_REDIS_URL" and text and not text.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError(f"{name} must begin with redis://, rediss:// or unix://")
    if name.startswith("CHAT_FILES_S3_") and text:
        return _of_bucket(name, text)
    if name == "CHAT_PUSH_CONTACT" and text and not _CONTACT.fullmatch(text):
        raise SettingsError(f"{name} must be like mailto:you@example.org or https://example.org/contact")
    return _token(name, text) if name == "CHAT_METRICS_TOKEN" else text


def _of_bucket(name: str, text: str) -> str:
    if name == "CHAT_FILES_S3_ENDPOINT":
        return _origin(name, text)
    if name == "CHAT_FILES_S3_BUCKET" and not _BUCKET.fullmatch(text):
        raise SettingsError(f"{name} must be the name of a bucket: 3 to 63 small letters, digits, points and dashes")
    return text


def _token(name: str, text: str) -> str:
    if text and not re.fullmatch(r"[\x21-\x7e]{16,200}", text):
        raise SettingsError(f"{name} must have 16 to 200 letters, digits or signs, and no spaces")
    return text


def _number(name: str, text: str, kind: type[int] | type[float], metadata: Mapping[str, Any]) -> float:
    low, high = metadata["low"], metadata["high"]
    try:
        number = kind(text)
    except ValueError:
        number = None
    # `not (low <= number)` also refuses NaN.
    if number is None or not (low <= number <= high):
        what = "a whole number" if kind is int else "a number"
        raise SettingsError(f"{name} is {text!r}, but must be {what} from {low} to {high}")
    return number


def _origin(name: str, text: str) -> str:
    """`scheme://host[:port]` as browsers write it in `Origin`: lower case, punycode, default ports left out."""
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        raise _no_origin(name, text) from None
    beyond = parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or beyond or not _HOST.fullmatch(host):
        raise _no_origin(name, text)
    shown = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{shown}" + (f":{port}" if port and port != default else "")


def _no_origin(name: str, text: str) -> SettingsError:
    return SettingsError(f"{name} is {text!r}, but must be like https://chat.example.org")
