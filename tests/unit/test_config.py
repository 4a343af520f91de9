"""Every setting: what it may be, what is said when it is something else, and where it comes from."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from chat.config import PREFIX, Settings, SettingsError

FIELDS = {PREFIX + field.name.upper(): field for field in dataclasses.fields(Settings)}
HINTS = {PREFIX + name.upper(): hint for name, hint in get_type_hints(Settings).items()}
NUMBERS = [name for name, hint in HINTS.items() if hint in (int, float)]
CHOICES = [name for name, hint in HINTS.items() if get_origin(hint) is Literal]


def value(name: str, text: str) -> Any:
    return getattr(Settings.parse({name: text}), FIELDS[name].name)


def refused(values: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.parse(values)
    text = str(caught.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize("text", ["short", "x" * 15, "x" * 201, "sixteen letters !", "schlüsselschlüssel"])
def test_a_token_is_long_and_plain(text: str) -> None:
    said = refused({"CHAT_METRICS_TOKEN": text})
    assert said.startswith("CHAT_METRICS_TOKEN must have 16 to 200")
    assert text not in said


def test_nothing_is_needed() -> None:
    assert Settings.parse({}) == Settings()
    assert (Settings().host, Settings().port, Settings().rate_limits) == ("127.0.0.1", 5000, "on")


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers(name: str) -> None:
    kind, bounds = HINTS[name], FIELDS[name].metadata
    for number in (bounds["low"], bounds["high"]):
        assert value(name, f" {number} ") == number
        assert isinstance(value(name, str(kind(number))), kind)
    wrong = [
        "",
        "x",
        "nan",
        "inf",
        "-inf",
        "1e999",
        "0x10",
        "1,000",
        "--1",
        str(bounds["low"] - 1),
        str(bounds["high"] + 1),
    ]
    for text in [*wrong, *(["1.5", "1e3"] if kind is int else [])]:
        said = refused({name: text})
        assert said.startswith(f"{name} is {text!r}, but must be")
        assert f"from {bounds['low']} to {bounds['high']}" in said


@pytest.mark.parametrize("name", CHOICES)
def test_choices(name: str) -> None:
    choices = get_args(HINTS[name])
    for choice in choices:
        assert value(name, f" {choice}\n") == choice
    for text in ("", "nothing", choices[0].upper(), f"{choices[0]},"):
        said = refused({name: text})
        assert all(choice in said for choice in choices)


def test_every_setting_has_a_line_of_help() -> None:
    for name, field in FIELDS.items():
        assert field.metadata["help"].endswith("."), name


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CHAT_PROT", "CHAT_PORT"),
        ("CHAT_DATABASE", "CHAT_DATA_DIR"),
        ("CHAT_DATABASEURL", "CHAT_DATABASE_URL"),
        ("CHAT_GUEST", "CHAT_GUESTS"),
        ("CHAT_ALLOWED_ORIGIN", "CHAT_ALLOWED_ORIGINS"),
        ("CHAT_RATE_LIMIT", "CHAT_RATE_LIMITS"),
    ],
)
def test_an_unknown_name_gets_a_suggestion(name: str, meant: str) -> None:
    said = refused({name: "1"})
    assert said.startswith(f"{name} is not a setting; did you mean ")
    assert meant in said or said.endswith("?")


def test_a_name_like_no_other_is_sent_to_the_list() -> None:
    assert refused({"CHAT_XYZZY_QWERTY": "1"}) == "CHAT_XYZZY_QWERTY is not a setting; docs/settings.md lists them"


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("", ""),
        ("https://chat.example.org", "https://chat.example.org"),
        ("https://chat.example.org/", "https://chat.example.org"),
        ("HTTPS://Chat.Example.ORG:443", "https://chat.example.org"),
        ("http://chat.example.org:80", "http://chat.example.org"),
        ("https://chat.example.org:8443", "https://chat.example.org:8443"),
        ("http://192.0.2.1:5000", "http://192.0.2.1:5000"),
        ("http://[2001:DB8::1]:5000", "http://[2001:db8::1]:5000"),
        ("http://localhost:5000", "http://localhost:5000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://聊天.example", "https://xn--rss932g.example"),
    ],
)
def test_addresses_are_as_browsers_write_them(text: str, origin: str) -> None:
    assert value("CHAT_PUBLIC_URL", text) == origin
    assert value("CHAT_ALLOWED_ORIGINS", f" {text} , https://other.example") == tuple(
        filter(None, (origin, "https://other.example"))
    )


@pytest.mark.parametrize(
    "text",
    [
        "chat.example.org",
        "//chat.example.org",
        "ftp://chat.example.org",
        "https://",
        "https:///x",
        "https://chat.example.org/chat",
        "https://chat.example.org?x",
        "https://chat.example.org#x",
        "https://chat.example.org:99999",
        "https://chat.example.org:port",
        "https://name:secret@chat.example.org",
        "https://[::1",
        "https://[nothing]",
        "https://a b",
        "https://*.example.org",
        "https://a..b",
        "https://" + "a" * 70 + ".example",
        "null",
        "*",
    ],
)
@pytest.mark.parametrize("name", ["CHAT_PUBLIC_URL", "CHAT_ALLOWED_ORIGINS"])
def test_what_is_no_address(name: str, text: str) -> None:
    assert refused({name: text}) == f"{name} is {text!r}, but must be like https://chat.example.org"


def test_one_public_address() -> None:
    assert refused({"CHAT_PUBLIC_URL": "https://a.example,https://b.example"}) == "CHAT_PUBLIC_URL must be one address"
    assert Settings(public_url="https://a.example").https
    assert not Settings(public_url="http://a.example").https
    assert not Settings().https


@pytest.mark.parametrize(
    "text", ["", "mailto:ada@example.org", "https://example.org", "https://example.org/contact?us"]
)
def test_whom_push_services_may_write_to(text: str) -> None:
    assert value("CHAT_PUSH_CONTACT", text) == text


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org",
        "mailto:",
        "mailto:ada",
        "mailto:ada@localhost",
        "mailto:a@b.example,c@d.example",
        "mailto:ada @example.org",
        "http://example.org",
        "https://",
        "https:///contact",
        "https://ada@example.org",
        "tel:1",
    ],
)
def test_whom_nobody_can_write_to(text: str) -> None:
    assert refused({"CHAT_PUSH_CONTACT": text}).startswith("CHAT_PUSH_CONTACT must be like mailto:")


def test_many_origins() -> None:
    assert value("CHAT_ALLOWED_ORIGINS", "https://a.example, ,https://b.example,") == (
        "https://a.example",
        "https://b.example",
    )
    assert value("CHAT_ALLOWED_ORIGINS", "") == ()


def test_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert value("CHAT_DATA_DIR", "~/chat") == Path("/home/ada/chat")
    assert refused({"CHAT_DATA_DIR": " "}) == "CHAT_DATA_DIR is empty, but must be a folder"


def test_an_empty_host_would_be_all_addresses() -> None:
    assert refused({"CHAT_HOST": " "}).startswith("CHAT_HOST is empty")
    assert value("CHAT_HOST", "0.0.0.0") == "0.0.0.0"


@pytest.mark.parametrize("url", ["sqlite:////tmp/x.db", "postgresql://a:b@c/d", "postgresql+psycopg2://c/d", ""])
def test_databases(url: str) -> None:
    assert value("CHAT_DATABASE_URL", url) == url


@pytest.mark.parametrize("url", ["mysql://secret@x/y", "postgres://secret@x/y", "sqlite://", "hubbub.db", "secret"])
def test_other_databases(url: str) -> None:
    said = refused({"CHAT_DATABASE_URL": url})
    assert said == "CHAT_DATABASE_URL must begin with postgresql:// or sqlite:///"


@pytest.mark.parametrize("url", ["redis://localhost", "rediss://a:b@c:6380/1", "unix:///run/redis.sock?db=1", ""])
def test_redis(url: str) -> None:
    assert value("CHAT_REDIS_URL", url) == url


@pytest.mark.parametrize("url", ["localhost:6379", "http://:secret@x", "secret"])
def test_what_is_no_redis(url: str) -> None:
    assert refused({"CHAT_REDIS_URL": url}) == "CHAT_REDIS_URL must begin with redis://, rediss:// or unix://"


def test_the_database_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings().database == f"sqlite:///{tmp_path}/data/hubbub.db"
    assert Settings(database_url="postgresql://x/y").database == "postgresql://x/y"


class TestTheFile:
    def load(self, tmp_path: Path, text: str | bytes, **environ: str) -> Settings:
        path = tmp_path / ".env"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return Settings.load(environ, path)

    def test_the_environment_goes_first(self, tmp_path: Path) -> None:
        found = self.load(tmp_path, "CHAT_PORT=1\nCHAT_HOST=192.0.2.1\n", CHAT_PORT="2")
        assert (found.port, found.host) == (2, "192.0.2.1")

    def test_an_empty_variable_goes_first_too(self, tmp_path: Path) -> None:
        assert self.load(tmp_path, "CHAT_PUBLIC_URL=https://a.example", CHAT_PUBLIC_URL="").public_url == ""

    @pytest.mark.parametrize(
        ("line", "port"),
        [
            ("CHAT_PORT=7", 7),
            ("export CHAT_PORT=7", 7),
            ("CHAT_PORT = '7'", 7),
            ('CHAT_PORT="7" # seven', 7),
            ("#CHAT_PORT=7", 5000),
            ("\ufeffCHAT_PORT=7", 7),
            ("OTHER=1\r\nCHAT_PORT=7\r\n", 7),
            ("this line is another program's\nCHAT_PORT=7", 7),
            ("", 5000),
        ],
    )
    def test_lines(self, tmp_path: Path, line: str, port: int) -> None:
        assert self.load(tmp_path, line).port == port

    def test_names_of_others_are_left_alone(self, tmp_path: Path) -> None:
        found = self.load(tmp_path, "PORT=1\nchat_port=2\n", PATH="/bin", CHATTY="yes")
        assert found == Settings()

    def test_an_unknown_name_in_it(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="CHAT_PROT is not a setting; did you mean CHAT_PORT"):
            self.load(tmp_path, "CHAT_PROT=7")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("A=1\nCHAT_PORT 7\n", "has a line 2 that is not like NAME=value"),
            ("CHAT_PORT", "CHAT_PORT is '', but must be a whole number"),
            (b"CHAT_HOST=\xff\xfe", "can't be read: it is not in UTF-8"),
        ],
    )
    def test_what_cannot_be_read_is_not_passed_over(self, tmp_path: Path, text: str | bytes, said: str) -> None:
        with pytest.raises(SettingsError) as caught:
            self.load(tmp_path, text)
        assert said in str(caught.value)
        assert "\n" not in str(caught.value)

    def test_no_file_is_fine(self, tmp_path: Path) -> None:
        assert Settings.load({}, tmp_path / ".env") == Settings()
        (tmp_path / ".env").mkdir()
        assert Settings.load({}, tmp_path / ".env") == Settings()
        assert Settings.load({}, None) == Settings()

    def test_the_process_itself(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        for name in FIELDS:
            monkeypatch.delenv(name, raising=False)
        (tmp_path / ".env").write_text("CHAT_PORT=7\n")
        monkeypatch.setenv("CHAT_HOST", "192.0.2.1")
        assert (Settings.load().port, Settings.load().host) == (7, "192.0.2.1")
