"""What a text from outside may be: NFC, without NUL, lone surrogates or control characters but newline and tab."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from chat.errors import ChatError, bad_request

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[^\w.-]")
# Line ends of other makers, and orders to write what follows from the other side: in one line, a disguise at best.
_NOT_IN_LINES = re.compile(r"[\n\t\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Letters and marks that show nothing: two names must not differ by them alone.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

# Normalising sorts each run of combining marks by insertion, which is quadratic: a text made of one run of 10,000
# marks would hold up everybody, and shown, it would cover the lines around it. No written language stacks more than a
# few; Unicode's Stream-Safe Text Format (UAX #15, section 13) draws the line at 30.
MOST_MARKS = 30

_BLANK = ("Zs", "Zl", "Zp", "Cc", "Cf", "Mn")


def clean(value: str, field: str, *, most: int, least: int = 0, lines: bool = False) -> str:
    """Return `value` as it may be kept: NFC, line ends as newlines, without outer white space if it is one line.

    `least` and `most` count characters; with `least` a text that shows nothing is refused too. Raises `ChatError`
    (`bad_request` or `too_large`) naming the field.
    """
    _bound(value, most, field)
    if value.isascii() and value.isprintable():
        # Nothing below would find anything to change or to refuse in it.
        kept = value if lines else value.strip()
        if len(kept) >= least and not (least and kept.isspace()):
            return kept
    value = value.replace("\r\n", "\n")
    if _CONTROL.search(value) or (not lines and _NOT_IN_LINES.search(value)):
        raise bad_request("This contains a control character that can't be kept.", field)
    if not value.isascii():
        if _longest_run_of_marks(value) > MOST_MARKS:
            raise bad_request("Too many accents stand on one character.", field)
        value = unicodedata.normalize("NFC", value)
        # A few characters have a longer form only: one may become three.
        _bound(value, most, field)
    if not lines:
        value = value.strip()
    if least and (len(value) < least or is_blank(value)):
        raise bad_request("This can't be empty." if least == 1 else f"At least {least} characters, please.", field)
    return value


def tidied(value: str, most: int) -> str:
    """`value` as one line of at most so many characters that can be kept: for what nobody here has written. What can't
    be mended is left out, all of it if need be.
    """
    # Cut twice, so that a megabyte of it is not gone through.
    line = " ".join(_CONTROL.sub(" ", _NOT_IN_LINES.sub(" ", value[: 4 * most])).split())
    line = line if len(line) <= most else line[: most - 1].rstrip() + "…"
    try:
        kept = clean(line, "text", most=most)
    except ChatError:
        return ""
    return "" if is_blank(kept) else kept


def is_blank(value: str) -> bool:
    """Whether nothing of it would be seen: only spaces, marks and formatting characters.

    What this Python's Unicode does not know yet may be seen all the same: a new emoji is a message.
    """
    return all(unicodedata.category(c) in _BLANK for c in _UNSEEN.sub("", value))


def fold(value: str) -> str:
    """The form under which names are unique: alike in case, width and Unicode form (nearly NFKC_Casefold)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())


def room_name(value: str, field: str = "name") -> str:
    """A room's name as shown: letters, digits, `-`, `_` and `.`, in any script. A leading `#` is dropped."""
    return _name(value.removeprefix("#"), field, 80)


def username(value: str, field: str = "username") -> str:
    """An account's name as shown and typed at sign-in. A leading `@` is dropped."""
    return _name(value.removeprefix("@"), field, 40)


def _name(value: str, field: str, most: int) -> str:
    value = clean(_UNSEEN.sub("", value), field, least=1, most=most)
    if _NOT_IN_NAMES.search(_without_marks(value)):
        raise bad_request("Only letters, digits, “-”, “_” and “.” can be used.", field)
    if not any(c.isalnum() for c in value):
        raise bad_request("A name needs a letter or a digit.", field)
    return value


def _bound(value: str, most: int, field: str) -> None:
    if len(value) > most:
        raise ChatError("too_large", f"This may be at most {most:,} characters long.", field)


def _without_marks(value: str) -> str:
    """Vowel signs of many scripts are marks, which `\\w` does not count as letters."""
    return "".join(c for c in value if not unicodedata.category(c).startswith("M"))


def _longest_run_of_marks(value: str) -> int:
    # By category, since some marks that are made of others have no class of their own.
    found = {c for c in set(value) if unicodedata.category(c)[0] == "M"}
    if not found:
        return 0
    runs = groupby(value, key=found.__contains__)
    return max((sum(1 for _ in run) for marks, run in runs if marks), default=0)
