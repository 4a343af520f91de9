"""Log lines: one line each, nothing that acts on a terminal, and no word of what people write."""

from __future__ import annotations

import json
import logging
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from chat import logs
from chat.config import Settings

HOSTILE = "a\nb\r\x1b[2Jc\x9bd\u2028e\u202ef\x00g\ud800h\u0085"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, before = root.handlers, root.level, structlog.get_config()
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**before)


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """Write something with these settings; returns the lines that came of it."""

    def write(act: Callable[[Any], object], **settings: Any) -> list[str]:
        logs.configure(Settings(data_dir=Path("none"), **settings))
        act(structlog.get_logger("test"))
        # Not `splitlines`: only a line feed ends a line.
        return capsys.readouterr().err.rstrip("\n").split("\n")

    return write


def fail() -> None:
    try:
        raise KeyError("a secret thing")
    except KeyError as error:
        raise RuntimeError("the secret thing is missing") from error


def report(log: Any) -> None:
    try:
        fail()
    except RuntimeError:
        log.exception("it failed")


@pytest.mark.parametrize("form", ["console", "json"])
def test_hostile_values_stay_in_their_line(lines: Callable[..., list[str]], form: str) -> None:
    found = lines(
        lambda log: log.info(HOSTILE, value=HOSTILE, deep={HOSTILE: [HOSTILE]}, other=Path(HOSTILE)), log_format=form
    )
    assert len(found) == 1
    assert found[0].isprintable()
    # What they were can still be told.
    assert "x1b[2Jc" in found[0]


@pytest.mark.parametrize("form", ["console", "json"])
def test_libraries_write_the_same_lines(lines: Callable[..., list[str]], form: str) -> None:
    # Python's own handlers, which see the text too, take no lone surrogates.
    hostile = HOSTILE.replace("\ud800", "")
    found = lines(lambda _: logging.getLogger("library").warning("%s", hostile), log_format=form)
    assert len(found) == 1
    assert found[0].isprintable()
    assert "library" in found[0]


def test_json_is_one_object_a_line_with_tracebacks_too(lines: Callable[..., list[str]]) -> None:
    def act(log: Any) -> None:
        report(log)
        report(logging.getLogger("library"))
        log.warning("again", count=3)

    ours, library, again = map(json.loads, lines(act, log_format="json"))
    for line in (ours, library):
        assert line["event"] == "it failed"
        assert line["level"] == "error"
        assert line["timestamp"].endswith("Z")
        assert "\n" in line["exception"]
    assert library["logger"] == "library"
    assert again["count"] == 3


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_traceback_tells_the_place_and_the_kind_alone(lines: Callable[..., list[str]], form: str) -> None:
    text = "\n".join(lines(report, log_format=form))
    assert text.index("KeyError") < text.index("which led to") < text.index("RuntimeError")
    assert "test_logs.py" in text
    assert "in fail" in text
    # The line of the program stands there, its value does not.
    assert "KeyError: " not in text
    assert "RuntimeError: " not in text


def test_what_is_about_the_program_is_said(lines: Callable[..., list[str]]) -> None:
    def act(log: Any) -> None:
        for wrong in (lambda: object().colour, lambda: Path("/none/at/all").read_text()):  # type: ignore[attr-defined]
            try:
                wrong()
            except Exception:
                log.exception("it failed")

    text = "\n".join(lines(act))
    assert "'object' object has no attribute 'colour'" in text
    assert "FileNotFoundError: No such file or directory" in text


def test_groups_and_circles_of_errors_come_to_an_end(lines: Callable[..., list[str]]) -> None:
    first, second = ValueError("secret"), OSError("secret")
    first.__cause__, second.__cause__ = second, first
    found = lines(lambda log: log.error("both", exc_info=ExceptionGroup("secret", [first, second])), log_format="json")
    text = json.loads(found[0])["exception"]
    assert "ExceptionGroup" in text
    assert "ValueError" in text
    assert "OSError" in text
    assert "secret" not in text


@pytest.mark.parametrize(("level", "count"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_the_level(lines: Callable[..., list[str]], level: str, count: int) -> None:
    def act(log: Any) -> None:
        for one in ("debug", "info", "warning", "error"):
            getattr(log, one)("a word")

    assert len(lines(act, log_level=level)) == count


def test_libraries_are_never_as_talkative_as_we(lines: Callable[..., list[str]]) -> None:
    """At lower levels they repeat packets, statements and their values."""

    def act(_: Any) -> None:
        for name in ("sqlalchemy.engine.Engine", "engineio.server", "socketio.server", "werkzeug"):
            logging.getLogger(name).info("a secret")
            logging.getLogger(name).debug("a secret")

    assert lines(act, log_level="debug") == [""]


def test_configuring_twice_writes_once(lines: Callable[..., list[str]]) -> None:
    lines(lambda _: None)
    assert len(lines(lambda _: logging.getLogger("library").error("once"))) == 1


@pytest.mark.filterwarnings("default")
def test_what_python_writes_by_itself_has_the_same_form(
    lines: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr(threading, "excepthook", None)

    def act(_: Any) -> None:
        logs.catch_rest()
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()

    try:
        with warnings.catch_warnings():
            found = [json.loads(line) for line in lines(act, log_format="json")]
    finally:
        logging.captureWarnings(False)
    assert [line["level"] for line in found] == ["warning", "error"]
    assert "secret" not in found[1]["exception"].replace('KeyError("a secret', "").replace('"the secret', "")
