"""Sentences of the nouns, in the reader's language: their English is the key in the catalogue."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from babel.dates import format_timedelta
from flask_babel import format_datetime, get_locale, gettext, lazy_gettext

from chat import times

_NUMBER = re.compile(r"\d[\d,]*")

# Sentences that the nouns fill with a number; the others are found where they are raised.
WITH_NUMBERS = (
    lazy_gettext("At least %(number)s characters, please."),
    lazy_gettext("This may be at most %(number)s characters long."),
    lazy_gettext("There are %(number)s tokens already; revoke one first."),
    lazy_gettext("At most %(number)s words, please."),
    lazy_gettext("A file may have at most %(number)s MB."),
    lazy_gettext("Too many attempts. Please try again in %(number)s minute."),
    lazy_gettext("Too many attempts. Please try again in %(number)s minutes."),
)


def translated(message: str) -> str:
    """A `ChatError`'s sentence in the reader's language; as it is where the catalogue does not know it."""
    found = str(gettext(message))
    numbers = _NUMBER.findall(message)
    if found != message or len(numbers) != 1:
        return found
    # Filled in by hand: a sentence that the catalogue does not know may hold any "%".
    return str(gettext(_NUMBER.sub("%(number)s", message))).replace("%(number)s", numbers[0])


def ago(milliseconds: int) -> str:
    """ "3 hours ago", from now."""
    seconds = (milliseconds - times.now()) // 1000
    if seconds > -60:
        return str(gettext("just now"))
    return str(format_timedelta(seconds, granularity="minute", add_direction=True, locale=get_locale()))


def until(milliseconds: int) -> str:
    """ "in 3 days", from now."""
    seconds = max(0, milliseconds - times.now()) // 1000
    return str(format_timedelta(seconds, granularity="minute", add_direction=True, locale=get_locale()))


def moment(milliseconds: int) -> str:
    """Date and time in UTC, written out."""
    when = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{format_datetime(when, 'long', rebase=False)}"
